package io.prokura.clients;

import io.prokura.jose.Algorithm;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.TestDatabases;
import java.nio.charset.StandardCharsets;

/// What the check of client assertions promises for any input: an answer.
public final class ClientsFuzz {
  private static final Authenticating HERE = new Authenticating(TestDatabases.sqlite());
  private static final Holder HOLDER = HERE.agent();
  private static final SigningKey KEY = HERE.key(HOLDER, Algorithm.ES256);

  private ClientsFuzz() {}

  /// Claims that a registered key has signed, `CLIENT` standing for its owner, `NOW` and `SOON` for
  /// times; and the same bytes as a compact token that nobody has.
  public static void assertion(byte[] input) {
    var text = new String(input, StandardCharsets.UTF_8);
    if (HERE.present(text) instanceof Ok) {
      throw new AssertionError("not signed and taken: " + text);
    }
    long now = HERE.agents.all.world.now().getEpochSecond();
    var claims =
        text.replace("CLIENT", HOLDER.id().text())
            .replace("NOW", Long.toString(now))
            .replace("SOON", Long.toString(now + 60));
    HERE.present(
        JwtWriter.mint(KEY, "client-authentication+jwt", claims.getBytes(StandardCharsets.UTF_8)));
  }
}
