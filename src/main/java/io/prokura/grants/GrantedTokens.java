package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.Client;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.Clients;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import java.util.Optional;

/// Issues access tokens for what people granted, be it asked for by a code or by a refresh token:
/// for the person themselves, or for the agent that acts for them and proves itself by its own
/// token.
public final class GrantedTokens {
  private final String issuer;
  private final Catalogue catalogue;
  private final Clients clients;
  private final Grants grants;
  private final ConsentQuestions questions;
  private final Delegations delegations;
  private final Authorities authorities;
  private final Presenters presenters;
  private final ActorTokens actors;
  private final ClientAgents clientAgents;
  private final Pdp pdp;
  private final Issuance issuance;

  public GrantedTokens(
      String issuer,
      Catalogue catalogue,
      Clients clients,
      Grants grants,
      ConsentQuestions questions,
      Delegations delegations,
      Authorities authorities,
      Presenters presenters,
      ActorTokens actors,
      ClientAgents clientAgents,
      Pdp pdp,
      Issuance issuance) {
    this.issuer = issuer;
    this.catalogue = catalogue;
    this.clients = clients;
    this.grants = grants;
    this.questions = questions;
    this.delegations = delegations;
    this.authorities = authorities;
    this.presenters = presenters;
    this.actors = actors;
    this.clientAgents = clientAgents;
    this.pdp = pdp;
    this.issuance = issuance;
  }

  /// The number of the newest cut-off that is known, to be read before a grant is looked at.
  long checked() {
    return grants.checked();
  }

  /// Issues a token for `scopes` of a grant that was found alive after the cut-off `checked` had
  /// been applied. What is named in `form` has to be the grant's: resource and actor.
  Result<Issued> issue(
      AuthenticatedClient client,
      Grant grant,
      long checked,
      Scopes scopes,
      Form form,
      String type,
      String peer,
      Issuance.Besides besides) {
    if (form.has("purpose")) {
      return refused(MALFORMED_REQUEST, "what a person granted has its purpose already");
    }
    var wanted = new Wanted(grant.resource(), scopes, "");
    if (form.all("resource").stream().anyMatch(one -> !one.equals(grant.resource()))) {
      return refused(RESOURCE_UNKNOWN, "it was granted for another resource");
    }
    var granted = granted(client, grant, checked);
    if (!(granted instanceof Ok(var bounds))) {
      return granted.refusal();
    }
    return grant.actor().isPresent()
        ? forAgent(client, grant, bounds, wanted, form, type, peer, besides)
        : forPerson(client, grant, bounds, wanted, form, type, peer, besides);
  }

  private Result<Granted> granted(AuthenticatedClient client, Grant grant, long checked) {
    var resource = catalogue.resourceAt(grant.resource());
    var application = Id.Client.parse(client.clientId()).flatMap(clients::find);
    if (resource.isEmpty() || application.filter(Client::active).isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "the resource or the application is no longer registered");
    }
    if (application.get().registration().isFapi2()
        && client.confirmation() instanceof Confirmation.None) {
      return refused(KEY_PROOF_REQUIRED, "under fapi2 every token is bound: send a DPoP proof");
    }
    return ok(
        new Granted(
            client.clientId(),
            questions.ceiling(application.get(), resource.get()),
            lineage(client, grant),
            grant.expiresAt(),
            checked));
  }

  private Lineage lineage(AuthenticatedClient client, Grant grant) {
    var lineage = grant.lineage(issuer);
    return client.credential().map(lineage::with).orElse(lineage);
  }

  private Result<Issued> forPerson(
      AuthenticatedClient client,
      Grant grant,
      Granted granted,
      Wanted wanted,
      Form form,
      String type,
      String peer,
      Issuance.Besides besides) {
    if (form.has("actor_token")) {
      return refused(ACTOR_TOKEN_INVALID, "nobody was allowed to act for the person");
    }
    var who = presenters.of(grant.user(), client);
    return issue(authorities.ofPerson(who, granted, wanted), who, type, peer, besides);
  }

  private Result<Issued> forAgent(
      AuthenticatedClient client,
      Grant grant,
      Granted granted,
      Wanted wanted,
      Form form,
      String type,
      String peer,
      Issuance.Besides besides) {
    var agent = grant.actor().orElseThrow();
    var proof = proof(client, agent, granted, form);
    if (!(proof instanceof Ok(var own))) {
      return proof.refusal();
    }
    var delegation = grant.delegation().flatMap(delegations::find);
    if (delegation.isEmpty()) {
      return refused(DELEGATION_INACTIVE, "there is no such delegation");
    }
    var bounds =
        new Granted(
            granted.clientId(),
            granted.ceiling(),
            granted.lineage().with(own.lineage()),
            granted.until(),
            Math.min(granted.checked(), own.checked()));
    var presenter = presenters.acting(agent, client);
    if (!(presenter instanceof Ok(var who))) {
      return presenter.refusal();
    }
    return issue(
        authorities.onBehalf(who, bounds, delegation.get(), wanted), who, type, peer, besides);
  }

  /// What proves the agent: its own token, or the application's authentication where the
  /// application is the agent.
  private Result<ActorTokens.Proof> proof(
      AuthenticatedClient client, Id.Agent agent, Granted granted, Form form) {
    var itself = Id.Client.parse(client.clientId()).flatMap(clientAgents::of);
    if (itself.equals(Optional.of(agent))) {
      return form.has("actor_token")
          ? refused(ACTOR_TOKEN_INVALID, "the application is the agent and has no actor_token")
          : ok(new ActorTokens.Proof(Lineage.of(agent), granted.checked()));
    }
    if (!form.has("actor_token")) {
      return refused(ACTOR_TOKEN_INVALID, "the agent that is to act has to send its actor_token");
    }
    var type = form.get("actor_token_type");
    return ActorTokens.isType(type)
        ? actors.of(agent, form.get("actor_token").orElseThrow(), type, client.confirmation())
        : refused(MALFORMED_REQUEST, "an actor token is an access token or an assertion");
  }

  private Result<Issued> issue(
      Result<Conferred> result, Presenter who, String type, String peer, Issuance.Besides besides) {
    if (!(result instanceof Ok(var conferred))) {
      return result.refusal();
    }
    var allowed = pdp.mayIssue(conferred.authority());
    return allowed instanceof Ok
        ? issuance.accessToken(conferred, who, type, peer, besides)
        : allowed.refusal();
  }
}
