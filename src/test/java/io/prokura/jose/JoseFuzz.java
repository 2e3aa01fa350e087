package io.prokura.jose;

import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;

/// What the readers of tokens and keys promise for any input: an answer, and the refusal asked for.
public final class JoseFuzz {
  private static final JsonReader JSON = new JsonReader(Limits.standard());
  private static final JwtReader JWTS = new JwtReader(JSON);
  private static final Crypto CRYPTO = Crypto.jdk();
  private static final ExpectedType TYPE = ExpectedType.of("at+jwt").orAbsent();
  private static final VerificationKey KEY =
      SigningKey.generate(
              CRYPTO, new World(InstantSource.system(), new SecureRandom()), Algorithm.ES256)
          .verificationKey();

  private JoseFuzz() {}

  /// A compact token, taken apart and held against a key that has not signed it.
  public static void jwt(byte[] input) {
    var text = new String(input, StandardCharsets.ISO_8859_1);
    if (JWTS.read(text, Refusal.TOKEN_INVALID) instanceof Ok(var token)) {
      token.kid();
      token.typ();
      if (token.verify(KEY, TYPE, Refusal.TOKEN_INVALID) instanceof Ok) {
        throw new AssertionError("verified with a foreign key: " + text);
      }
    }
  }

  /// A key set: read, written and read again it has the same keys.
  public static void jwkSet(byte[] input) {
    if (JSON.readObject(input) instanceof Ok(var json)
        && JwkSet.parse(CRYPTO, json, Refusal.FIELD_INVALID) instanceof Ok(var keys)) {
      if (!(JwkSet.parse(CRYPTO, keys.toJson(), Refusal.FIELD_INVALID) instanceof Ok(var again))
          || again.keys().size() != keys.keys().size()) {
        throw new AssertionError(keys.toJson());
      }
    }
  }
}
