package io.prokura.passkeys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.directory.User;
import io.prokura.jose.Crypto;
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

/// People's passkeys, who somebody is that proves to hold one, and what they sign with it.
///
/// A challenge is good for five minutes, in the browser that got it, and for one answer that is
/// right. The browser holds it sealed; only answered ones are stored, so that nobody fills the
/// database by asking for them. Passkeys say whose they are by a random handle that is not the
/// user's id and tells nobody else anything.
public final class Passkeys {
  /// How many passkeys one person may have.
  public static final int PER_USER_MAX = 20;

  /// How somebody proves who they are who unlocks a device of theirs with a passkey in it (RFC 8176
  /// §2): two factors.
  public static final List<String> AMR = List.of("pop", "user", "mfa");

  /// Characters that the name of a passkey may have.
  public static final int NAME_MAX = 60;

  /// How long a challenge can be answered.
  public static final Duration OFFERED = Duration.ofMinutes(5);

  private static final int CHALLENGE_BYTES = 32;
  private static final int HANDLE_BYTES = 32;
  private static final String TO_ADD = "passkey to add";
  private static final String TO_SIGN_IN = "passkey to sign in";
  private static final String TO_SIGN = "passkey to sign";

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

  /// What was offered to a browser.
  ///
  /// @param challenge of 256 bits of chance, once; to sign something, the nonce in it
  /// @param user who may answer; empty for anybody
  /// @param bound the handle that a new passkey is to have, or the digest of what is to be signed
  private record Offered(String challenge, Instant until, String user, String bound) {}

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
        || !PasskeyStore.isHandle(tx, user, offered.get().bound())) {
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
    return outcome(tx, offered.get(), offered.get().challenge(), said, found.get());
  }

  private Outcome outcome(
      Tx tx, Offered offered, String challenge, Assertion said, PasskeyStore.Stored stored) {
    return switch (ceremony.verdict(challenge, said, stored)) {
      case Verdict.Wrong _ -> new Outcome.Wrong();
      case Verdict.CountWentBack _ -> {
        if (isFirstUse(tx, offered)) {
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
          isFirstUse(tx, offered) && PasskeyStore.use(tx, stored, signCount, world.now())
              ? new Outcome.Proven(stored.user)
              : new Outcome.Expired();
    };
  }

  /// Whether a user has a passkey, so that they can be asked to sign with it.
  public boolean has(Tx tx, Id.User user) {
    return !PasskeyStore.credentials(tx, user).isEmpty();
  }

  /// Offers `user` to sign `shown` together with what they choose of it in the browser. The page
  /// gets the digest of `shown` and a nonce; the browser signs what [#challenge] makes of that.
  public Offer beginSigning(Tx tx, Id.User user, Json.Obj shown) {
    var blank = offered(user.text(), "");
    var digest = digest(shown, blank.challenge());
    var options =
        Json.object()
            .put("shown", digest)
            .put("rpId", ceremony.host())
            .put(
                "allowCredentials",
                Json.array(
                    PasskeyStore.credentials(tx, user).stream()
                        .map(one -> Json.object().put("type", "public-key").put("id", one).build())
                        .toList()))
            .put("userVerification", "required")
            .put("timeout", OFFERED.toMillis())
            .build();
    var offered = new Offered(blank.challenge(), blank.until(), blank.user(), digest);
    return new Offer(options, sealed(TO_SIGN, offered));
  }

  /// What came of somebody's signing: whether `sealed` is an offer of `user`'s, `shown` what they
  /// were shown then, and `said` the word of a passkey of theirs on that and on `chosen`. A device
  /// may name no handle where it was told which passkeys are meant (WebAuthn §7.2); one that it
  /// does name has to be the user's. As with [#finishSignIn], the transaction is to be committed
  /// whatever the outcome.
  public Signing finishSigning(
      Tx tx, Id.User user, String sealed, Json.Obj shown, Json.Obj chosen, Assertion said) {
    var known = opened(TO_SIGN, sealed).filter(one -> one.user().equals(user.text()));
    if (known.isEmpty()) {
      return new Signing.Expired();
    }
    var offered = known.get();
    if (!digest(shown, offered.challenge()).equals(offered.bound())) {
      return new Signing.Changed();
    }
    var found =
        PasskeyStore.find(tx, said.credential())
            .filter(one -> one.user.equals(user))
            .filter(one -> said.userHandle().isEmpty() || said.userHandle().equals(one.handle));
    if (found.isEmpty()) {
      return new Signing.Wrong();
    }
    var challenge = challenge(offered.bound(), chosen);
    return switch (outcome(tx, offered, challenge, said, found.get())) {
      case Outcome.Proven _ ->
          new Signing.Signed(
              found.get().id, challenge, text(nonced(shown, offered.challenge())), text(chosen));
      case Outcome.Wrong _ -> new Signing.Wrong();
      case Outcome.Expired _ -> new Signing.Expired();
    };
  }

  /// The challenge for what was shown and what is chosen of it: SHA-256 of the canonical JSON (RFC
  /// 8785) with the members `chosen` and `shown`, the digest of what was shown. The script of the
  /// pages makes the same.
  static String challenge(String shown, Json.Obj chosen) {
    var signed = Json.object().put("chosen", chosen).put("shown", shown).build();
    return Ceremony.text(Crypto.sha256(signed.canonical()));
  }

  private static String digest(Json.Obj shown, String nonce) {
    return Ceremony.text(Crypto.sha256(nonced(shown, nonce).canonical()));
  }

  private static Json.Obj nonced(Json.Obj shown, String nonce) {
    return Json.object().putAll(shown.members()).put("nonce", nonce).build();
  }

  private static String text(Json.Obj object) {
    return new String(object.canonical(), UTF_8);
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

  private Offered offered(String user, String bound) {
    return new Offered(
        Ceremony.text(world.bytes(CHALLENGE_BYTES)), world.now().plus(OFFERED), user, bound);
  }

  private String sealed(String kind, Offered offered) {
    var text =
        String.join(
            " ",
            offered.challenge(),
            String.valueOf(offered.until().toEpochMilli()),
            offered.user(),
            offered.bound());
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
