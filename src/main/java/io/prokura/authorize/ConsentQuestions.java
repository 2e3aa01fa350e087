package io.prokura.authorize;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.clients.Client;
import io.prokura.clients.ClientAgents;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Operand;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Stated;
import io.prokura.delegation.Wanted;
import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Works out what a request comes to for one person, before anybody is asked: by the same
/// arithmetic that issues the tokens later.
public final class ConsentQuestions {
  private final Catalogue catalogue;
  private final Agents agents;
  private final Authorities authorities;
  private final Pdp pdp;
  private final ClientAgents clientAgents;
  private final String userinfo;
  private final Set<String> own;

  /// `userinfo` is the identifier of the resource that holds what is about the person, `own` those
  /// of this server's other APIs.
  public ConsentQuestions(
      Catalogue catalogue,
      Agents agents,
      Authorities authorities,
      Pdp pdp,
      ClientAgents clientAgents,
      String userinfo,
      Set<String> own) {
    this.catalogue = catalogue;
    this.agents = agents;
    this.authorities = authorities;
    this.pdp = pdp;
    this.clientAgents = clientAgents;
    this.userinfo = userinfo;
    this.own = Set.copyOf(own);
  }

  /// What `user` would be asked; refuses what nobody could allow.
  Result<ConsentQuestion> of(AuthorizationRequest request, Id.User user, long checked) {
    var found = catalogue.resourceAt(request.resource());
    if (found.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "no such resource is registered");
    }
    var resource = found.get();
    var granted =
        new Granted(
            request.client().id().text(),
            ceiling(request.client(), resource),
            Lineage.of(user),
            Instant.MAX,
            checked);
    var wanted = new Wanted(resource.identifier(), request.scopes(), request.purpose());
    if (request.actor().isPresent()) {
      return forAgent(request, user, resource, granted, wanted);
    }
    if (!isItselfAgent(request.client(), resource)) {
      return forPerson(request, user, resource, granted, wanted);
    }
    var itself = clientAgents.active(request.client());
    return itself instanceof Ok(var agent)
        ? forAgent(agent, request, user, resource, granted, wanted)
        : itself.refusal();
  }

  /// Whether an application that registered itself wants what agents use: then it is one.
  private static boolean isItselfAgent(Client client, Resource resource) {
    return resource.agentFacing() && !client.registration().isVouchedFor();
  }

  private Result<ConsentQuestion> forAgent(
      AuthorizationRequest request,
      Id.User user,
      Resource resource,
      Granted granted,
      Wanted wanted) {
    var id = request.actor().orElseThrow();
    var active = agents.active(id);
    if (!(active instanceof Ok(var agent))) {
      return refused(MALFORMED_REQUEST, "requested_actor: " + ((Refused<?>) active).detail());
    }
    return forAgent(agent.agent(), request, user, resource, granted, wanted);
  }

  private Result<ConsentQuestion> forAgent(
      Agent agent,
      AuthorizationRequest request,
      Id.User user,
      Resource resource,
      Granted granted,
      Wanted wanted) {
    return allowed(authorities.grantable(user, agent.id(), granted, wanted))
        .map(
            authority -> {
              var actor = new ConsentQuestion.Actor(agent, purpose(authority));
              return new ConsentQuestion(
                  request, user, Optional.of(actor), resource, authority.scopes());
            });
  }

  private Purpose purpose(Authority authority) {
    var stated = (Stated.Purpose) authority.purpose();
    return catalogue.purpose(stated.id()).orElseThrow();
  }

  private Result<ConsentQuestion> forPerson(
      AuthorizationRequest request,
      Id.User user,
      Resource resource,
      Granted granted,
      Wanted wanted) {
    var who =
        new Presenter(user, Optional.empty(), Instant.MAX, granted.checked(), Confirmation.none());
    return allowed(authorities.ofPerson(who, granted, wanted))
        .map(
            authority ->
                new ConsentQuestion(request, user, Optional.empty(), resource, authority.scopes()));
  }

  /// What is possible, where the policies let this person have it through this application: no one
  /// signs in to one that they may not use.
  private Result<Authority> allowed(Result<Conferred> possible) {
    return possible instanceof Ok(var conferred)
        ? pdp.mayIssue(conferred.authority())
        : possible.refusal();
  }

  /// What the application's ceiling lets through on `resource`; what is about the person is for
  /// that person to allow. Nothing gets to this server's own APIs through an application that no
  /// administrator registered, whoever uses it.
  public Operand.Actions ceiling(Client client, Resource resource) {
    var scopes = resource.scopes();
    boolean isClosed = !client.registration().isVouchedFor() && own.contains(resource.identifier());
    var limited =
        resource.identifier().equals(userinfo)
            ? scopes
            : isClosed ? Scopes.NONE : client.ceiling().limit(resource.id(), scopes);
    return new Operand.Actions("client " + client.id().text(), limited, SCOPE_NOT_PERMITTED);
  }
}
