package io.prokura.grants;

import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_DECLARED;
import static io.prokura.kernel.Refusal.PURPOSE_REQUIRED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.OneTime;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Asserted;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.issuers.AgentAssertion;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.upstream.ForeignAgents;
import java.util.List;
import java.util.Optional;

/// An agent gets a token of its own by the word of its platform
/// (draft-carleton-workload-authz-grant, RFC 7523 §2.1). The word says which agent it is and which
/// properties it has; what follows from those was registered with the platform. The token lets it
/// do what it holds through the roles that follow, for a purpose that follows, and rests on the
/// issuer and on the link of the agent's name. An assertion is used once, and there is no refresh
/// token.
public final class ForeignAgentGrant {
  private static final String WORD = "workload";

  private final Limits limits;
  private final Agents agents;
  private final Catalogue catalogue;
  private final OneTime oneTime;
  private final AuditLog audit;
  private final Presenters presenters;
  private final Authorities authorities;
  private final PermittedTokens tokens;

  public ForeignAgentGrant(
      Limits limits,
      Agents agents,
      Catalogue catalogue,
      OneTime oneTime,
      AuditLog audit,
      Presenters presenters,
      Authorities authorities,
      Pdp pdp,
      Issuance issuance) {
    this.limits = limits;
    this.agents = agents;
    this.catalogue = catalogue;
    this.oneTime = oneTime;
    this.audit = audit;
    this.presenters = presenters;
    this.authorities = authorities;
    tokens = new PermittedTokens(pdp, issuance);
  }

  /// A token for `known`, whom `assertion` is about and who sent `form` as `client`.
  Result<Issued> issue(
      AuthenticatedClient client,
      AgentAssertion assertion,
      ForeignAgents.Known known,
      Form form,
      String peer) {
    if (!AssertedBounds.isConfirmed(assertion.claims(), client.confirmation())) {
      return refused(ASSERTION_INVALID, "the assertion is bound to a key that was not proven");
    }
    var aim = AssertedBounds.aim(assertion.claims(), form, limits);
    if (!(aim instanceof Ok(var aimed))) {
      return aim.refusal();
    }
    var stated = forPurpose(aimed, assertion, known.agent());
    if (!(stated instanceof Ok(var wanted))) {
      return stated.refusal();
    }
    var bounds = AssertedBounds.scopes(assertion.claims(), assertion.issuer().id(), limits);
    if (!(bounds instanceof Ok(var scopes))) {
      return bounds.refusal();
    }
    var presenter = presenters.acting(known.agent(), client);
    if (!(presenter instanceof Ok(var agent))) {
      return presenter.refusal();
    }
    var rests = Lineage.of(assertion.issuer().id(), known.link());
    var who = agent.vouchedFor(rests, Asserted.of(known.agent(), assertion.roles()));
    var granted = new Granted(client.clientId(), scopes, rests, client.until(), client.checked());
    return tokens.accessToken(
        authorities.ownThrough(who, granted, wanted),
        who,
        WORD,
        peer,
        tx -> spend(tx, assertion, who));
  }

  /// What is wanted for one purpose, which both the agent declared and follows from what the
  /// platform says of it: the one that is asked for, or the only one.
  private Result<Wanted> forPurpose(Wanted wanted, AgentAssertion assertion, Id.Agent agent) {
    var declared = agents.find(agent).map(one -> one.purposes()).orElse(List.of());
    var names =
        assertion.purposes().stream()
            .filter(declared::contains)
            .map(catalogue::purpose)
            .flatMap(Optional::stream)
            .map(Purpose::name)
            .sorted()
            .toList();
    if (!wanted.purpose().isEmpty() && names.contains(wanted.purpose())) {
      return ok(wanted);
    }
    if (!wanted.purpose().isEmpty() || names.isEmpty()) {
      return refused(
          PURPOSE_NOT_DECLARED,
          "by what its platform says the agent is for: "
              + (names.isEmpty() ? "nothing" : String.join(", ", names)));
    }
    return names.size() == 1
        ? ok(new Wanted(wanted.resource(), wanted.scopes(), names.getFirst()))
        : refused(PURPOSE_REQUIRED, "state one purpose of: " + String.join(", ", names));
  }

  /// Uses the assertion up, and puts on record that it was and which roles followed from it.
  private Result<Tx> spend(Tx tx, AgentAssertion assertion, Presenter who) {
    var issuer = assertion.issuer().id();
    var use = "assertion %s %s".formatted(issuer.text(), assertion.id());
    if (!oneTime.spend(tx, use, assertion.expiresAt())) {
      return refused(ASSERTION_INVALID, "the assertion's jti has been used");
    }
    audit.append(
        tx,
        Event.about("assertion.redeemed", issuer)
            .by(who.principal())
            .word("client", who.principal().text())
            .word("grant", WORD)
            .reference("subject", who.principal())
            .references("roles", assertion.roles())
            .free("jti", assertion.id())
            .build());
    return ok(tx);
  }
}
