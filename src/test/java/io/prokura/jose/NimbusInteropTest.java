package io.prokura.jose;

import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.prokura.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Another implementation of JOSE and this one understand each other. Its Ed25519 needs a library
/// that is not here, so there both providers check each other instead.
final class NimbusInteropTest {
  private static final Json.Obj CLAIMS =
      Json.object().put("iss", "https://as.example").put("exp", 2_000_000_000L).build();

  static Stream<Arguments> everyAlgorithmOfNimbus() {
    return Keys.everyAlgorithmAndCode().filter(arguments -> arguments.get()[1] != Algorithm.EDDSA);
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithmOfNimbus")
  void nimbusVerifiesOurTokens(Crypto crypto, Algorithm algorithm) throws Exception {
    var key = signingKey(crypto, algorithm);
    var token = SignedJWT.parse(JwtWriter.mint(key, "at+jwt", CLAIMS));
    assertThat(token.verify(verifier(key))).isTrue();
    assertThat(token.getHeader().getKeyID()).isEqualTo(key.kid());
    assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo(algorithm.label());
    assertThat(token.getHeader().getType()).isEqualTo(new JOSEObjectType("at+jwt"));
    assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("https://as.example");
  }

  @ParameterizedTest
  @MethodSource("everyAlgorithmOfNimbus")
  void weVerifyTokensOfNimbus(Crypto crypto, Algorithm algorithm) throws Exception {
    var key = signingKey(crypto, algorithm);
    var header =
        new JWSHeader.Builder(JWSAlgorithm.parse(algorithm.label()))
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.kid())
            .build();
    var token = new JWSObject(header, new Payload(CLAIMS.toText()));
    token.sign(signer(key));
    var read = value(Keys.READER.read(token.serialize(), REASON));
    var set = new JwkSet(List.of(key.verificationKey()));
    var verified = value(read.verify(set::find, ExpectedType.of("at+jwt"), REASON));
    assertThat(verified.claims()).isEqualTo(CLAIMS);
    assertThat(verified.key()).isEqualTo(key.verificationKey());
  }

  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyAlgorithmAndCode")
  void theProvidersVerifyEachOther(Crypto crypto, Algorithm algorithm) {
    var data = Keys.utf8("data");
    var signature = signingKey(crypto, algorithm).sign(data);
    for (var other : List.of(Keys.FASTEST, Keys.JDK)) {
      var key = signingKey(other, algorithm).verificationKey();
      assertThat(key.verifies(algorithm, data, signature)).isTrue();
      assertThat(key.verifies(algorithm, Keys.utf8("other"), signature)).isFalse();
    }
  }

  @Test
  void nimbusReadsOurKeySetAndWeReadIts() throws Exception {
    var keys =
        Arrays.stream(Algorithm.values())
            .map(algorithm -> signingKey(Keys.FASTEST, algorithm).verificationKey())
            .toList();
    var ours = new JwkSet(keys);
    var theirs = JWKSet.parse(ours.toJson().toText());
    assertThat(theirs.getKeys()).hasSize(Algorithm.values().length);
    for (int i = 0; i < keys.size(); i++) {
      var jwk = theirs.getKeys().get(i);
      assertThat(jwk.computeThumbprint().toString()).isEqualTo(keys.get(i).thumbprint());
      assertThat(jwk.getKeyID()).isEqualTo(keys.get(i).thumbprint());
    }
    var back = Keys.object(theirs.toString(true));
    assertThat(value(JwkSet.parse(Keys.FASTEST, back, REASON))).isEqualTo(ours);
  }

  private static JWSVerifier verifier(SigningKey key) throws Exception {
    var jwk = JWK.parse(key.verificationKey().toJwk().toText());
    return switch (key.algorithm()) {
      case ES256 -> new ECDSAVerifier(jwk.toECKey());
      case RS256, PS256 -> new RSASSAVerifier(jwk.toRSAKey());
      case EDDSA -> throw new AssertionError();
    };
  }

  private static JWSSigner signer(SigningKey key) throws Exception {
    var jwk = JWK.parse(new Payload(key.secret()).toString());
    return switch (key.algorithm()) {
      case ES256 -> new ECDSASigner(jwk.toECKey());
      case RS256, PS256 -> new RSASSASigner(jwk.toRSAKey());
      case EDDSA -> throw new AssertionError();
    };
  }
}
