package io.prokura.authorize;

import static io.prokura.kernel.Refusal.REQUEST_URI_INVALID;
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

/// Turns a request that is agreed to into a grant and its code, together with whatever the person
/// has just allowed, in one transaction.
final class Answering {
  /// How long a grant lasts that nobody was asked about.
  private static final Duration UNASKED = Duration.ofDays(90);

  private final World world;
  private final Limits limits;
  private final Database database;
  private final WaitingRequests waiting;
  private final Consents consents;
  private final Delegations delegations;
  private final Grants grants;
  private final Codes codes;

  Answering(
      World world,
      Limits limits,
      Database database,
      WaitingRequests waiting,
      Consents consents,
      Delegations delegations,
      Grants grants,
      Codes codes) {
    this.world = world;
    this.limits = limits;
    this.database = database;
    this.waiting = waiting;
    this.consents = consents;
    this.delegations = delegations;
    this.grants = grants;
    this.codes = codes;
  }

  /// What a person chose to allow of what they were asked.
  ///
  /// @param depth how many agents in a row may act by it
  record Choice(Scopes scopes, Duration lasts, int depth) {}

  /// A code where nobody is asked, or by what the person allowed before.
  Result<String> code(
      CurrentRequest current,
      ConsentQuestion question,
      Session session,
      Optional<Consent> consent) {
    return code(current, question, session, consent, tx -> tx);
  }

  /// A code by what the person allows now.
  Result<String> code(
      CurrentRequest current, ConsentQuestion question, Session session, Choice choice) {
    var consent = consent(question, choice);
    return code(
        current,
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
        });
  }

  /// What comes on record together with a grant.
  @FunctionalInterface
  private interface Besides {
    Tx record(Tx tx);
  }

  private Result<String> code(
      CurrentRequest current,
      ConsentQuestion question,
      Session session,
      Optional<Consent> consent,
      Besides besides) {
    var grant = grant(question, session, consent);
    return database.inTransaction(
        tx -> {
          if (current.waiting().isPresent() && !waiting.spend(tx, current.waiting().get())) {
            return refused(REQUEST_URI_INVALID, "the request was answered already");
          }
          grants.start(besides.record(tx), grant);
          return ok(codes.issue(tx, grant.id(), current.request()));
        });
  }

  private Grant grant(ConsentQuestion question, Session session, Optional<Consent> consent) {
    var request = question.request();
    var now = world.now();
    var end = consent.map(Consent::expiresAt).orElse(now.plus(UNASKED));
    return new Grant(
        Id.Grant.next(world),
        request.client().id().text(),
        session.user(),
        consent.map(Consent::id),
        session.id(),
        request.isOffline(),
        question.actor().map(actor -> actor.agent().id()),
        consent.flatMap(Consent::actor).map(Consent.Acting::delegation),
        question.resource().identifier(),
        question.granted(consent.map(Consent::scopes).orElse(question.offered())),
        request.identity(),
        session.acr(),
        session.amr(),
        session.startedAt(),
        session.checked(),
        now,
        request.isOffline() ? end : earlier(end, session.endsAt()),
        Optional.empty());
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private Consent consent(ConsentQuestion question, Choice choice) {
    var now = world.now();
    var request = question.request();
    return new Consent(
        Id.Consent.random(world),
        question.user(),
        request.client().id().text(),
        question
            .actor()
            .map(
                actor ->
                    new Consent.Acting(
                        actor.agent().id(), actor.purpose().id(), Id.Delegation.random(world))),
        question.resource().identifier(),
        choice.scopes(),
        request.identity(),
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
