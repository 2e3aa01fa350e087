package io.prokura.jose;

import static io.prokura.jose.Keys.READER;
import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.part;
import static io.prokura.jose.Keys.refusal;
import static io.prokura.jose.Keys.signingKey;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import org.junit.jupiter.api.Test;

/// What was once found right lends nothing to what was not.
final class KnownSignaturesTest {
  private static final ExpectedType TYPE = ExpectedType.of("at+jwt");

  private final SigningKey key = signingKey(Keys.FASTEST, Algorithm.ES256);
  private final KnownSignatures known = new KnownSignatures();
  private final String token =
      JwtWriter.mint(key, "at+jwt", Json.object().put("sub", "agt_1").build());

  @Test
  void findsTheSameTokenRightAgain() {
    for (int i = 0; i < 3; i++) {
      assertThat(value(verify(token, key)).claims().text("sub")).contains("agt_1");
    }
  }

  @Test
  void refusesOtherClaimsUnderTheSameSignature() {
    value(verify(token, key));
    var parts = token.split("\\.", -1);
    var forged = parts[0] + "." + part("{\"sub\":\"agt_2\"}") + "." + parts[2];
    for (int i = 0; i < 2; i++) {
      assertThat(refusal(verify(forged, key))).isEqualTo("the token's signature is wrong");
    }
  }

  @Test
  void refusesAnotherSignatureOfTheSameClaimsEachTime() {
    value(verify(token, key));
    var parts = token.split("\\.", -1);
    var other = JwtWriter.mint(key, "at+jwt", Json.object().put("sub", "agt_2").build());
    var forged = parts[0] + "." + parts[1] + "." + other.split("\\.", -1)[2];
    for (int i = 0; i < 2; i++) {
      assertThat(refusal(verify(forged, key))).isEqualTo("the token's signature is wrong");
    }
  }

  @Test
  void refusesWhatAnotherKeyHasNotSigned() {
    value(verify(token, key));
    assertThat(
            refusal(
                verify(token, SigningKey.generate(Keys.FASTEST, Keys.world(8), Algorithm.ES256))))
        .isEqualTo("the token's signature is wrong");
  }

  @Test
  void refusesAnotherTypeOfATokenThatIsKnown() {
    value(verify(token, key));
    var read = value(READER.read(token, REASON));
    var type = ExpectedType.of("hand-over+jwt");
    assertThat(refusal(known.verify(read, key.verificationKey(), type, REASON)))
        .isEqualTo("the token is of another typ");
  }

  private Result<Jwt> verify(String compact, SigningKey by) {
    return known.verify(value(READER.read(compact, REASON)), by.verificationKey(), TYPE, REASON);
  }
}
