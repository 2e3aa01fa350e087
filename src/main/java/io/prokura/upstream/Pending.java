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

/// What a browser carries, sealed, between going to an issuer and coming back: which issuer it went
/// to, what for, and what has to come back.
record Pending(
    Id.Issuer issuer,
    long checked,
    String state,
    String nonce,
    String verifier,
    Instant since,
    Purpose purpose) {
  static final Duration TIME = Duration.ofMinutes(10);
  private static final byte[] KIND = "upstream".getBytes(UTF_8);
  private static final String SIGN_IN = "sign-in ";
  private static final String LINKING = "linking ";
  private static final int BYTES = 32;

  /// What for. It is sealed with the rest, so that no answer to one is taken as an answer to the
  /// other.
  sealed interface Purpose {
    /// To sign in, and to go on to a path of this server then.
    record SignIn(String returnTo) implements Purpose {}

    /// To link who the issuer names to the person of this session, in this session.
    record Linking(Id.Session session) implements Purpose {}
  }

  static Pending of(World world, Id.Issuer issuer, long checked, Purpose purpose) {
    return new Pending(
        issuer, checked, drawn(world), drawn(world), drawn(world), world.now(), purpose);
  }

  private static String drawn(World world) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(BYTES));
  }

  Instant until() {
    return since.plus(TIME);
  }

  String wrapped(Seal seal) {
    var text =
        String.join(
            " ",
            issuer.text(),
            String.valueOf(checked),
            state,
            nonce,
            verifier,
            String.valueOf(since.toEpochMilli()),
            switch (purpose) {
              case Purpose.SignIn(var returnTo) -> SIGN_IN + returnTo;
              case Purpose.Linking(var session) -> LINKING + session.text();
            });
    return seal.wrapToText(text.getBytes(UTF_8), KIND);
  }

  static Optional<Pending> read(Seal seal, String wrapped) {
    return seal.unwrapText(wrapped, KIND).map(bytes -> of(new String(bytes, UTF_8)));
  }

  private static Pending of(String text) {
    var part = List.of(text.split(" ", 7));
    return new Pending(
        new Id.Issuer(part.get(0)),
        Long.parseLong(part.get(1)),
        part.get(2),
        part.get(3),
        part.get(4),
        Instant.ofEpochMilli(Long.parseLong(part.get(5))),
        purpose(part.get(6)));
  }

  private static Purpose purpose(String text) {
    return text.startsWith(LINKING)
        ? new Purpose.Linking(new Id.Session(text.substring(LINKING.length())))
        : new Purpose.SignIn(text.substring(SIGN_IN.length()));
  }
}
