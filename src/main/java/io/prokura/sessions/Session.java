package io.prokura.sessions;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A person's session with one browser.
///
/// @param checked the newest cut-off that was known when it was last found alive
/// @param amr how the person proved who they are (RFC 8176 §2)
/// @param acr how much that is worth: [#TWO_FACTORS] or [#UPSTREAM]
/// @param account the account elsewhere by which they did, if it was one
/// @param startedAt when they proved it: `auth_time`
/// @param seenAt when the browser was last here, give or take a minute
/// @param endsAt when it ends however much it is used
public record Session(
    Id.Session id,
    Id.User user,
    long checked,
    List<String> amr,
    String acr,
    Optional<LinkedAccount> account,
    Instant startedAt,
    Instant seenAt,
    Instant endsAt) {

  /// The `acr` of a password together with a one-time or recovery code.
  public static final String TWO_FACTORS = "urn:prokura:acr:two-factors";

  /// The `acr` of the word of a trusted issuer that does not tell of several factors.
  public static final String UPSTREAM = "urn:prokura:acr:upstream";

  /// What a sign-in can be worth here.
  public static final List<String> LEVELS = List.of(TWO_FACTORS, UPSTREAM);

  public Session {
    amr = List.copyOf(amr);
  }

  /// The same, found alive after the cut-off `number` had been applied.
  Session foundAlive(long number) {
    return new Session(id, user, number, amr, acr, account, startedAt, seenAt, endsAt);
  }

  /// The session as it counts for what its person has just proven anew at `at`, with two factors
  /// that are `amr`. It is the same session, and on record as before.
  public Session provenAnew(List<String> amr, Instant at) {
    return new Session(id, user, checked, amr, TWO_FACTORS, account, at, seenAt, endsAt);
  }

  /// What ends whatever rests on this session: the session itself, the person, the account
  /// elsewhere and the issuer of that, and this server, which is known as `own`.
  public Lineage lineage(String own) {
    return LinkedAccount.rest(Lineage.of(id, user), account).withWord(own);
  }
}
