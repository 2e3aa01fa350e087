package io.prokura.authenticators;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authenticators.PasswordHashing.Verdict;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Sets up and checks what people sign in with: a password, and beside it one-time codes of an app
/// or, without the app, ten recovery codes. Secrets of apps are sealed, all else is hashed.
public final class Authenticators {
  /// How long a one-time link is good.
  public static final Duration INVITED = Duration.ofDays(3);

  /// Recovery codes that somebody gets at a time.
  public static final int RECOVERY_CODES = 10;

  private static final String NOBODY = "";
  private static final int LINK_BYTES = 32;
  private static final int RECOVERY_BYTES = 10;
  private static final int GROUP = 4;

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Seal seal;
  private final PasswordHashing hashing;

  public Authenticators(
      World world, Database database, AuditLog audit, Seal seal, PasswordHashing hashing) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.seal = seal;
    this.hashing = hashing;
  }

  /// Makes the code of a one-time link by which `user` can set up how to sign in. It takes the
  /// place of an earlier one; what the user signs in with now stays good until the link is used.
  public String invite(Tx tx, Id.Principal by, Id.User user, String reason) {
    var expires = world.now().plus(INVITED);
    audit.append(
        tx,
        Event.about("user.invited", user)
            .by(by)
            .number("expiresAt", expires.toEpochMilli())
            .free("reason", reason)
            .build());
    var code = randomText();
    AuthenticatorStore.putInvitation(tx, user.text(), digest(code), expires);
    return code;
  }

  /// Makes the code of the one-time link for the first administrator, in the place of an earlier
  /// one; nothing when somebody can sign in already.
  public Optional<String> inviteFirst(Tx tx, Id.Principal by) {
    if (AuthenticatorStore.anyPassword(tx)) {
      return Optional.empty();
    }
    var expires = world.now().plus(INVITED);
    audit.append(
        tx,
        Event.about("administrator.invited", by)
            .by(by)
            .number("expiresAt", expires.toEpochMilli())
            .build());
    var code = randomText();
    AuthenticatorStore.putInvitation(tx, NOBODY, digest(code), expires);
    return Optional.of(code);
  }

  /// What the code of a one-time link is for; nothing when it is unknown, used or expired, or when
  /// it is the first administrator's and somebody can sign in already.
  public Optional<Invitation> invitation(Tx tx, String code) {
    var invited = AuthenticatorStore.invited(tx, digest(code), world.now());
    if (invited.isEmpty() || (invited.get().equals(NOBODY) && AuthenticatorStore.anyPassword(tx))) {
      return Optional.empty();
    }
    return Optional.of(new Invitation(Id.User.parse(invited.get())));
  }

  /// A new secret for one-time codes, for who came by the link with `code`.
  public Enrolment enrolment(String code) {
    var secret = world.bytes(Totp.SECRET_BYTES);
    return new Enrolment(Base32.encode(secret), seal.wrapToText(secret, enrolled(code)));
  }

  /// What `sealed` holds, where it is an enrolment of who came by the link with `code`.
  public Optional<Enrolment> enrolment(String code, String sealed) {
    return secret(code, sealed).map(secret -> new Enrolment(Base32.encode(secret), sealed));
  }

  /// A password and a secret that are about to become somebody's. Comes of [#prepare] only.
  public static final class Prepared {
    private final String link;
    private final PasswordHash password;
    private final byte[] secret;
    private final long step;

    private Prepared(String link, PasswordHash password, byte[] secret, long step) {
      this.link = link;
      this.password = password;
      this.secret = secret.clone();
      this.step = step;
    }
  }

  /// Whether `shown` is a code of the app that has the enrolment's secret.
  public boolean isProven(String code, String sealed, String shown) {
    return step(code, sealed, shown).isPresent();
  }

  /// Hashes `password` for who came by the link with `code`, outside of a transaction; empty when
  /// too many passwords are being hashed. To be called once the code that the app shows is proven.
  public Optional<Prepared> prepare(String code, String password, String sealed, String shown) {
    var secret = secret(code, sealed);
    var step = step(code, sealed, shown);
    if (secret.isEmpty() || step.isEmpty()) {
      throw new IllegalArgumentException("the enrolment is not proven");
    }
    return hashing
        .hash(password)
        .map(hash -> new Prepared(digest(code), hash, secret.get(), step.getAsLong()));
  }

  /// Gives `user` what was prepared, in the place of what they signed in with before, and uses the
  /// link up. Returns the recovery codes, which nobody can show again; nothing when the link is
  /// gone.
  public Optional<List<String>> setUp(Tx tx, Id.User user, Prepared prepared) {
    if (!AuthenticatorStore.removeInvitation(tx, prepared.link)) {
      return Optional.empty();
    }
    AuthenticatorStore.putPassword(tx, user, prepared.password, world.now());
    AuthenticatorStore.putSecret(
        tx, user, seal.wrap(prepared.secret, user.text().getBytes(UTF_8)), prepared.step);
    var codes = putRecoveryCodes(tx, user);
    audit.append(tx, Event.about("authenticators.set-up", user).by(user).build());
    return Optional.of(codes);
  }

  private List<String> putRecoveryCodes(Tx tx, Id.User user) {
    var codes = recoveryCodes();
    AuthenticatorStore.putRecoveryCodes(
        tx, user, codes.stream().map(code -> recoveryDigest(user, code)).toList());
    return codes;
  }

  /// Whether the user has a password, and with it an app and recovery codes.
  public boolean isSetUp(Tx tx, Id.User user) {
    return AuthenticatorStore.password(tx, user).isPresent();
  }

  /// A password that is about to take the place of somebody's. Comes of [#newPassword] only.
  public static final class NewPassword {
    private final PasswordHash hash;

    private NewPassword(PasswordHash hash) {
      this.hash = hash;
    }
  }

  /// Hashes `password`, outside of a transaction; empty when too many passwords are being hashed.
  public Optional<NewPassword> newPassword(String password) {
    return hashing.hash(password).map(NewPassword::new);
  }

  /// Puts a password in the place of the user's; false when they have none.
  public boolean replacePassword(Tx tx, Id.User user, NewPassword password) {
    if (!isSetUp(tx, user)) {
      return false;
    }
    AuthenticatorStore.putPassword(tx, user, password.hash, world.now());
    audit.append(tx, Event.about("password.changed", user).by(user).build());
    return true;
  }

  /// Puts recovery codes in the place of the user's, of which none is good any more. Returns them;
  /// nobody can show them again.
  public List<String> replaceRecoveryCodes(Tx tx, Id.User user) {
    var codes = putRecoveryCodes(tx, user);
    audit.append(tx, Event.about("recovery-codes.replaced", user).by(user).build());
    return codes;
  }

  /// Puts the secret of an enrolment made for `code` in the place of the user's, where `shown` is a
  /// code of the app that has it; false when it is not, and when the user has that secret already,
  /// whose used codes would be good again.
  public boolean replaceApp(Tx tx, Id.User user, String code, String sealed, String shown) {
    var secret = secret(code, sealed);
    var step = step(code, sealed, shown);
    var known = AuthenticatorStore.secret(tx, user);
    if (step.isEmpty() || known.isEmpty()) {
      return false;
    }
    var binding = user.text().getBytes(UTF_8);
    if (MessageDigest.isEqual(seal.unwrap(known.get().sealed, binding), secret.orElseThrow())) {
      return false;
    }
    AuthenticatorStore.putSecret(tx, user, seal.wrap(secret.get(), binding), step.getAsLong());
    audit.append(tx, Event.about("authenticator-app.replaced", user).by(user).build());
    return true;
  }

  /// Whether so many passwords are being checked that one that comes now would not be looked at.
  public boolean isBusy() {
    return hashing.isFull();
  }

  /// Whether `password` is the user's. Takes as long for nobody, or for somebody without one. A
  /// hash made at another cost than new ones is made anew.
  public Verdict password(Optional<Id.User> user, String password) {
    Optional<PasswordHash> known =
        user.flatMap(
            id -> database.<Optional<PasswordHash>>read(tx -> AuthenticatorStore.password(tx, id)));
    var verdict =
        password.length() > 2 * PasswordRules.LENGTH_MAX
            ? Verdict.WRONG
            : hashing.verdict(known, password);
    if (verdict == Verdict.RIGHT && hashing.isOutdated(known.orElseThrow())) {
      hashing.hash(password).ifPresent(hash -> rehash(user.orElseThrow(), known.get(), hash));
    }
    return verdict;
  }

  private void rehash(Id.User user, PasswordHash old, PasswordHash hash) {
    database.inTransaction(
        tx -> {
          if (AuthenticatorStore.rehash(tx, user, old.salt(), hash)) {
            audit.append(tx, Event.about("password.rehashed", user).by(user).build());
          }
          return tx;
        });
  }

  /// Uses a code of the user's app up; false when it is wrong or was used before.
  public boolean useOneTimeCode(Tx tx, Id.User user, String code) {
    var known = AuthenticatorStore.secret(tx, user);
    if (known.isEmpty()) {
      return false;
    }
    var secret = seal.unwrap(known.get().sealed, user.text().getBytes(UTF_8));
    var step = Totp.accepts(secret, plain(code), world.now(), known.get().used);
    return step.isPresent() && AuthenticatorStore.useStep(tx, user, step.getAsLong());
  }

  /// Uses a recovery code of the user's up; false when it is none or was used before.
  public boolean useRecoveryCode(Tx tx, Id.User user, String code) {
    var digest = recoveryDigest(user, code);
    if (!AuthenticatorStore.useRecoveryCode(tx, user, digest, world.now())) {
      return false;
    }
    audit.append(
        tx,
        Event.about("recovery-code.used", user)
            .by(user)
            .number("left", AuthenticatorStore.recoveryCodesLeft(tx, user))
            .build());
    return true;
  }

  public int recoveryCodesLeft(Tx tx, Id.User user) {
    return AuthenticatorStore.recoveryCodesLeft(tx, user);
  }

  /// The stored secrets, to be wrapped again under a newer master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(""), (tx, after) -> AuthenticatorStore.rewrap(tx, seal, after));
  }

  private OptionalLong step(String code, String sealed, String shown) {
    return secret(code, sealed)
        .map(secret -> Totp.accepts(secret, plain(shown), world.now(), 0))
        .orElse(OptionalLong.empty());
  }

  private Optional<byte[]> secret(String code, String sealed) {
    return seal.unwrapText(sealed, enrolled(code));
  }

  private static byte[] enrolled(String code) {
    return ("enrolment " + digest(code)).getBytes(UTF_8);
  }

  private List<String> recoveryCodes() {
    var codes = new ArrayList<String>();
    for (int i = 0; i < RECOVERY_CODES; i++) {
      var text = Base32.encode(world.bytes(RECOVERY_BYTES)).toLowerCase(Locale.ROOT);
      codes.add(text.replaceAll("(?<=\\G.{" + GROUP + "})(?=.)", "-"));
    }
    return codes;
  }

  /// Eighty random bits need no slow hash; the user's id keeps equal codes apart.
  private static String recoveryDigest(Id.User user, String code) {
    return digest(user.text() + " " + plain(code).toLowerCase(Locale.ROOT));
  }

  /// What was typed without the spaces and hyphens that make codes readable.
  private static String plain(String code) {
    return code.replaceAll("[\\s-]", "");
  }

  private String randomText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(world.bytes(LINK_BYTES));
  }

  private static String digest(String text) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
