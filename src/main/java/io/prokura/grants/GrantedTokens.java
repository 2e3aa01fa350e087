package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.AskingClients;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Grant;
import io.prokura.authorize.Grants;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
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
  private final Grants grants;
  private final Applications applications;
  private final Delegations delegations;
  private final Authorities authorities;
  private final Presenters presenters;
  private final ActorTokens actors;
  private final PermittedTokens permitted;

  public GrantedTokens(
      String issuer,
      Catalogue catalogue,
      AskingClients clients,
      Grants grants,
      ConsentQuestions questions,
      Delegations delegations,
      Authorities authorities,
      Presenters presenters,
      ActorTokens actors,
      Pdp pdp,
      Issuance issuance) {
    this.issuer = issuer;
    this.grants = grants;
    applications = new Applications(catalogue, clients, questions);
    this.delegations = delegations;
    this.authorities = authorities;
    this.presenters = presenters;
    this.actors = actors;
    permitted = new PermittedTokens(pdp, issuance);
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
    return applications
        .ceiling(client, grant.resource())
        .map(
            ceiling ->
                new Granted(
                    client.clientId(),
                    ceiling,
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
    return permitted.accessToken(
        authorities.ofPerson(who, granted, wanted),
        who,
        Optional.of(SignedIns.authentication(grant)),
        type,
        peer,
        besides);
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
    var proof = actors.proof(agent, client, form);
    if (!(proof instanceof Ok(var own))) {
      return proof.refusal();
    }
    var delegation = grant.delegation().flatMap(delegations::find);
    if (delegation.isEmpty()) {
      return refused(DELEGATION_INACTIVE, "there is no such delegation");
    }
    var bounds = granted.with(own.lineage(), own.checked());
    var presenter = presenters.acting(agent, client);
    if (!(presenter instanceof Ok(var who))) {
      return presenter.refusal();
    }
    var shown = who.vouchedFor(own.lineage(), own.asserted());
    return permitted.accessToken(
        authorities.onBehalf(shown, bounds, delegation.get(), wanted),
        shown,
        Optional.of(SignedIns.authentication(grant)),
        type,
        peer,
        besides);
  }
}
