package io.prokura.authorize;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Delegation;
import io.prokura.delegation.Delegations;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Turns a request that is agreed to into a grant, together with whatever the person has just
/// allowed and with whatever is to come of the grant, in one transaction.
public final class Answering {
  /// How long consent lasts at most.
  private static final Duration CONSENT_MAX = Duration.ofDays(90);

  /// How long a grant lasts that nobody was asked about.
  private static final Duration UNASKED = Duration.ofDays(90);

  private final World world;
  private final Limits limits;
  private final Database database;
  private final Consents consents;
  private final Delegations delegations;
  private final Grants grants;

  public Answering(
      World world,
      Limits limits,
      Database database,
      Consents consents,
      Delegations delegations,
      Grants grants) {
    this.world = world;
    this.limits = limits;
    this.database = database;
    this.consents = consents;
    this.delegations = delegations;
    this.grants = grants;
  }

  /// What a person chose to allow of what they were asked.
  ///
  /// @param depth how many agents in a row may act by it
  record Choice(Scopes scopes, Duration lasts, int depth) {
    /// A choice within what was asked; refuses `FIELD_INVALID` for more than that, and for nothing.
    static Result<Choice> of(ConsentQuestion question, Scopes scopes, Duration lasts, int depth) {
      if (scopes.isEmpty() || !scopes.within(question.offered())) {
        return refused(FIELD_INVALID, "more was allowed than was asked for, or nothing at all");
      }
      var within = lasts.compareTo(CONSENT_MAX) > 0 ? CONSENT_MAX : lasts;
      return ok(new Choice(scopes, within, depth));
    }
  }

  /// What comes of a grant in the transaction that starts it; a refusal undoes both.
  @FunctionalInterface
  interface Outcome<T> {
    Result<T> of(Tx tx, Grant grant);
  }

  /// A grant where nobody is asked, or by what the person allowed before.
  <T> Result<T> grant(
      ConsentQuestion question, Session session, Optional<Consent> consent, Outcome<T> outcome) {
    return grant(question, session, consent, tx -> tx, outcome);
  }

  /// A grant by what the person allows now.
  <T> Result<T> grant(
      ConsentQuestion question, Session session, Choice choice, Outcome<T> outcome) {
    var consent = consent(question, choice);
    return grant(
        question,
        session,
        Optional.of(consent),
        tx -> {
          if (consent.actor().isPresent()) {
            var delegation = delegation(question, consent, choice.depth());
            delegations.give(tx, consent.user(), delegation);
          }
          consents.give(tx, consent);
          return tx;
        },
        outcome);
  }

  /// What comes on record together with a grant.
  @FunctionalInterface
  private interface Besides {
    Tx record(Tx tx);
  }

  private <T> Result<T> grant(
      ConsentQuestion question,
      Session session,
      Optional<Consent> consent,
      Besides besides,
      Outcome<T> outcome) {
    var grant = of(question, session, consent);
    return database.inTransaction(
        tx -> {
          grants.start(besides.record(tx), grant);
          return outcome.of(tx, grant);
        });
  }

  private Grant of(ConsentQuestion question, Session session, Optional<Consent> consent) {
    var asked = question.asked();
    var now = world.now();
    var end = consent.map(Consent::expiresAt).orElse(now.plus(UNASKED));
    var allowed = consent.map(Consent::scopes).orElse(question.offered());
    return new Grant(
        Id.Grant.next(world),
        asked.client().id(),
        session.user(),
        consent.map(Consent::id),
        session.id(),
        asked.isOffline(),
        session.account(),
        question.actor().map(actor -> actor.agent().id()),
        consent.flatMap(Consent::actor).map(Consent.Acting::delegation),
        question.resource().identifier(),
        question.granted(allowed),
        question.identityWithin(allowed),
        session.acr(),
        session.amr(),
        session.startedAt(),
        session.checked(),
        now,
        asked.isOffline() ? end : earlier(end, session.endsAt()),
        Optional.empty(),
        question.toldOf(allowed));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private Consent consent(ConsentQuestion question, Choice choice) {
    var now = world.now();
    var asked = question.asked();
    return new Consent(
        Id.Consent.random(world),
        question.user(),
        asked.client().id(),
        question
            .actor()
            .map(
                actor ->
                    new Consent.Acting(
                        actor.agent().id(), actor.purpose().id(), Id.Delegation.random(world))),
        question.resource().identifier(),
        choice.scopes(),
        question.identity(),
        question.registeredRedirect(),
        now,
        now.plus(choice.lasts()),
        false);
  }

  private Delegation delegation(ConsentQuestion question, Consent consent, int depth) {
    var acting = consent.actor().orElseThrow();
    return new Delegation(
        acting.delegation(),
        List.of(),
        consent.user(),
        acting.agent(),
        acting.purpose(),
        Map.of(question.resource().id(), consent.scopes()),
        Math.clamp(depth, 1, limits.chainDepthMax()),
        new Delegation.Given(consent.user(), Delegation.How.CONSENT, consent.givenAt()),
        consent.expiresAt(),
        false);
  }
}
