package io.prokura.app;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/// Somebody with a key who writes DPoP proofs by another library than the server's.
public final class Prover {
  private static final String TOKEN = "http://localhost:8420/oauth2/token";

  private final ECKey key = generate();
  private final Instant now;

  public Prover(Instant now) {
    this.now = now;
  }

  public ECKey key() {
    return key;
  }

  public String jkt() {
    try {
      return key.computeThumbprint().toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The claims of a good proof for the token endpoint.
  public JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .jwtID(UUID.randomUUID().toString())
        .claim("htm", "POST")
        .claim("htu", TOKEN)
        .issueTime(Date.from(now));
  }

  public String proof() {
    return proof(claims().build());
  }

  public String proof(JWTClaimsSet claims) {
    return proof(header().jwk(key.toPublicJWK()).build(), claims);
  }

  public static JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).type(new JOSEObjectType("dpop+jwt"));
  }

  /// A proof signed with this key, whatever its header says.
  public String proof(JWSHeader header, JWTClaimsSet claims) {
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new ECDSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey generate() {
    try {
      return new ECKeyGenerator(Curve.P_256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
