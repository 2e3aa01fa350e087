package io.prokura.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// An account that an issuer has proven to be that of whoever sits in a session, as the form
/// carries it, sealed, until they say that it is to be linked.
record Offered(Id.Session session, Id.Issuer issuer, Instant since, String nonce, String sub) {
  private static final Duration TIME = Duration.ofMinutes(5);
  private static final byte[] KIND = "linking".getBytes(UTF_8);
  private static final int BYTES = 16;

  static Offered of(World world, Id.Session session, Id.Issuer issuer, String sub) {
    var nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(BYTES));
    return new Offered(session, issuer, world.now(), nonce, sub);
  }

  Instant until() {
    return since.plus(TIME);
  }

  String wrapped(Seal seal) {
    var at = String.valueOf(since.toEpochMilli());
    var text = String.join(" ", session.text(), issuer.text(), at, nonce, sub);
    return seal.wrapToText(text.getBytes(UTF_8), KIND);
  }

  static Optional<Offered> read(Seal seal, String wrapped) {
    return seal.unwrapText(wrapped, KIND).map(bytes -> of(new String(bytes, UTF_8)));
  }

  private static Offered of(String text) {
    var part = List.of(text.split(" ", 5));
    return new Offered(
        new Id.Session(part.get(0)),
        new Id.Issuer(part.get(1)),
        Instant.ofEpochMilli(Long.parseLong(part.get(2))),
        part.get(3),
        part.get(4));
  }
}
