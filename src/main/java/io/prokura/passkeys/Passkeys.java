package io.prokura.passkeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.directory.User;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.passkeys.Ceremony.Verdict;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// People's passkeys, and who somebody is that proves to hold one.
///
/// A challenge is good for five minutes, in the browser that got it, and for one answer that is
/// right. The browser holds it sealed; only answered ones are stored, so that nobody fills the
/// database by asking for them. Passkeys say whose they are by a random handle that is not the
/// user's id and tells nobody else anything.
public final class Passkeys {
  /// How many passkeys one person may have.
  public static final int PER_USER_MAX = 20;

  /// Characters that the name of a passkey may have.
  public static final int NAME_MAX = 60;

  /// How long a challenge can be answered.
  public static final Duration OFFERED = Duration.ofMinutes(5);

  private static final int CHALLENGE_BYTES = 32;
  private static final int HANDLE_BYTES = 32;
  private static final String TO_ADD = "passkey to add";
  private static final String TO_SIGN_IN = "passkey to sign in";

  private final World world;
  private final AuditLog audit;
  private final Seal seal;
  private final Ceremony ceremony;

  /// `issuer` names the host and the origin at which passkeys are good; `seal` encrypts what
  /// browsers carry between the steps.
  public Passkeys(World world, String issuer, AuditLog audit, Seal seal) {
    this.world = world;
    this.audit = audit;
    this.seal = seal;
    ceremony = new Ceremony(issuer);
  }

  /// What was offered to a browser; `user` and `handle` are empty where anybody may answer.
  private record Offered(String challenge, Instant until, String user, String handle) {}

  /// A challenge for a new passkey of `user`. Devices that hold one of theirs decline.
  public Offer beginRegistration(Tx tx, User user) {
    var handle =
        PasskeyStore.handle(tx, user.id())
            .orElseGet(() -> Ceremony.text(world.bytes(HANDLE_BYTES)));
    var offered = offered(user.id().text(), handle);
    var options =
        Json.object()
            .put("challenge", offered.challenge())
            .put(
                "rp", Json.object().put("id", ceremony.host()).put("name", ceremony.host()).build())
            .put(
                "user",
                Json.object()
                    .put("id", handle)
                    .put("name", user.userName())
                    .put("displayName", user.displayName())
                    .build())
            .put(
                "pubKeyCredParams",
                Json.array(
                    Ceremony.ALGORITHMS.stream()
                        .map(one -> Json.object().put("type", "public-key").put("alg", one).build())
                        .toList()))
            .put(
                "excludeCredentials",
                Json.array(
                    PasskeyStore.credentials(tx, user.id()).stream()
                        .map(one -> Json.object().put("type", "public-key").put("id", one).build())
                        .toList()))
            .put(
                "authenticatorSelection",
                Json.object()
                    .put("residentKey", "required")
                    .put("requireResidentKey", true)
                    .put("userVerification", "required")
                    .build())
            .put("attestation", "none")
            .put("timeout", OFFERED.toMillis())
            .build();
    return new Offer(options, sealed(TO_ADD, offered));
  }

  /// Adds the passkey that answers what was offered to `user`, called `name`. Nothing when the
  /// answer is not right, too late or used already, when somebody has the passkey, or when `user`
  /// has [#PER_USER_MAX].
  public Optional<Passkey> finishRegistration(
      Tx tx, Id.User user, Optional<String> sealed, Attestation said, String name) {
    var offered = sealed.flatMap(text -> opened(TO_ADD, text));
    if (offered.filter(one -> one.user().equals(user.text())).isEmpty()
        || !isName(name)
        || PasskeyStore.credentials(tx, user).size() >= PER_USER_MAX) {
      return Optional.empty();
    }
    var registered = ceremony.registered(offered.get().challenge(), said);
    if (registered.isEmpty()
        || !isFirstUse(tx, offered.get())
        || !PasskeyStore.isHandle(tx, user, offered.get().handle())) {
      return Optional.empty();
    }
    var passkey =
        new Passkey(Id.Credential.random(world), name.strip(), world.now(), Optional.empty());
    var found = registered.get();
    if (!PasskeyStore.insert(
        tx,
        user,
        passkey,
        found.credential,
        found.attested,
        found.signCount,
        found.backupEligible)) {
      return Optional.empty();
    }
    audit.append(
        tx,
        Event.about("passkey.added", passkey.id())
            .by(user)
            .flag("backupEligible", found.backupEligible)
            .free("name", passkey.name())
            .build());
    return Optional.of(passkey);
  }

  /// Whether a passkey can be called `name`: 1 to [#NAME_MAX] characters, no control characters.
  public static boolean isName(String name) {
    return !name.isBlank()
        && name.strip().length() <= NAME_MAX
        && name.chars().noneMatch(Character::isISOControl);
  }

  /// A challenge for whoever holds a passkey of this server; it says nothing about who that is.
  public Offer beginSignIn() {
    var offered = offered("", "");
    var options =
        Json.object()
            .put("challenge", offered.challenge())
            .put("rpId", ceremony.host())
            .put("userVerification", "required")
            .put("timeout", OFFERED.toMillis())
            .build();
    return new Offer(options, sealed(TO_SIGN_IN, offered));
  }

  /// What came of an answer to a challenge.
  public sealed interface Outcome {
    /// The answer is right, and whose passkey it is.
    record Proven(Id.User user) implements Outcome {}

    /// It is not right, and nothing says what about it.
    record Wrong() implements Outcome {}

    /// The challenge is too old, used, or not of this browser.
    record Expired() implements Outcome {}
  }

  /// Whose passkey answers what was offered to this browser. A passkey whose count of signatures
  /// went back is refused, and that is put on record; so the transaction is to be committed
  /// whatever the outcome. Whether the user may sign in is not asked.
  public Outcome finishSignIn(Tx tx, Optional<String> sealed, Assertion said) {
    var offered = sealed.flatMap(text -> opened(TO_SIGN_IN, text));
    if (offered.isEmpty()) {
      return new Outcome.Expired();
    }
    var found = PasskeyStore.find(tx, said.credential());
    if (found.isEmpty() || !found.get().handle.equals(said.userHandle())) {
      return new Outcome.Wrong();
    }
    var stored = found.get();
    return switch (ceremony.verdict(offered.get().challenge(), said, stored)) {
      case Verdict.Wrong _ -> new Outcome.Wrong();
      case Verdict.CountWentBack _ -> {
        if (isFirstUse(tx, offered.get())) {
          audit.append(
              tx,
              Event.about("passkey.refused", stored.id)
                  .reference("user", stored.user)
                  .word("reason", "count-went-back")
                  .build());
        }
        yield new Outcome.Wrong();
      }
      case Verdict.Right(var signCount) ->
          isFirstUse(tx, offered.get()) && PasskeyStore.use(tx, stored, signCount, world.now())
              ? new Outcome.Proven(stored.user)
              : new Outcome.Expired();
    };
  }

  /// A user's passkeys, in the order of their ids.
  public List<Passkey> of(Tx tx, Id.User user) {
    return PasskeyStore.of(tx, user);
  }

  /// Removes a passkey of the user's own; false when there is no such one.
  public boolean remove(Tx tx, Id.User user, Id.Credential id) {
    if (!PasskeyStore.delete(tx, user, id)) {
      return false;
    }
    audit.append(tx, Event.about("passkey.removed", id).by(user).build());
    return true;
  }

  /// Removes all passkeys of a user, who sets up anew how they sign in.
  public void removeAll(Tx tx, Id.User user) {
    of(tx, user).forEach(one -> remove(tx, user, one.id()));
  }

  private boolean isFirstUse(Tx tx, Offered offered) {
    return PasskeyStore.useChallenge(tx, offered.challenge(), offered.until(), world.now());
  }

  private Offered offered(String user, String handle) {
    var challenge = Ceremony.text(world.bytes(CHALLENGE_BYTES));
    return new Offered(challenge, world.now().plus(OFFERED), user, handle);
  }

  private String sealed(String kind, Offered offered) {
    var text =
        String.join(
            " ",
            offered.challenge(),
            String.valueOf(offered.until().toEpochMilli()),
            offered.user(),
            offered.handle());
    return seal.wrapToText(text.getBytes(UTF_8), kind.getBytes(UTF_8));
  }

  private Optional<Offered> opened(String kind, String sealed) {
    return seal.unwrapText(sealed, kind.getBytes(UTF_8))
        .map(bytes -> offered(new String(bytes, UTF_8).split(" ", -1)))
        .filter(offered -> offered.until().isAfter(world.now()));
  }

  private static Offered offered(String[] part) {
    var until = Instant.ofEpochMilli(Long.parseLong(part[1]));
    return new Offered(part[0], until, part[2], part[3]);
  }
}
