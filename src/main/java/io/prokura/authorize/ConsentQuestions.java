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
import java.util.List;
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
  Result<ConsentQuestion> of(Asked asked, Id.User user, long checked) {
    return withoutClaims(asked, user, checked)
        .map(question -> question.withClaims(claims(asked, user, checked)));
  }

  /// The claims that are asked for, without those whose scopes could not be had either.
  private ClaimsRequest claims(Asked asked, Id.User user, long checked) {
    return asked
        .claims()
        .within(
            scope -> {
              var alone = Scopes.of(List.of(scope));
              var plain = asked.forPerson(userinfo, alone);
              return withoutClaims(plain, user, checked) instanceof Ok(var question)
                  && question.offered().contains(scope);
            });
  }

  private Result<ConsentQuestion> withoutClaims(Asked asked, Id.User user, long checked) {
    var found = catalogue.resourceAt(asked.resource());
    if (found.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "no such resource is registered");
    }
    var resource = found.get();
    var granted =
        new Granted(
            asked.client().id(),
            ceiling(asked.client(), resource),
            Lineage.of(user),
            Instant.MAX,
            checked);
    var wanted = new Wanted(resource.identifier(), asked.scopes(), asked.purpose());
    if (asked.actor().isPresent()) {
      return forAgent(asked, user, resource, granted, wanted);
    }
    return asked.client() instanceof AskingClient.Application(var client)
            && resource.agentFacing()
            && !client.registration().isVouchedFor()
        ? forItself(client, asked, user, resource, granted, wanted)
        : forPerson(asked, user, resource, granted, wanted);
  }

  /// What is asked by an application that registered itself and wants what agents use: it is one.
  private Result<ConsentQuestion> forItself(
      Client client, Asked asked, Id.User user, Resource resource, Granted granted, Wanted wanted) {
    var itself = clientAgents.active(client);
    return itself instanceof Ok(var agent)
        ? forAgent(agent, asked, user, resource, granted, wanted)
        : itself.refusal();
  }

  private Result<ConsentQuestion> forAgent(
      Asked asked, Id.User user, Resource resource, Granted granted, Wanted wanted) {
    var id = asked.actor().orElseThrow();
    var active = agents.active(id);
    if (!(active instanceof Ok(var agent))) {
      return refused(MALFORMED_REQUEST, "requested_actor: " + ((Refused<?>) active).detail());
    }
    return forAgent(agent.agent(), asked, user, resource, granted, wanted);
  }

  private Result<ConsentQuestion> forAgent(
      Agent agent, Asked asked, Id.User user, Resource resource, Granted granted, Wanted wanted) {
    return allowed(authorities.grantable(user, agent.id(), granted, wanted))
        .map(
            authority -> {
              var actor = new ConsentQuestion.Actor(agent, purpose(authority));
              return new ConsentQuestion(
                  asked,
                  user,
                  Optional.of(actor),
                  resource,
                  authority.scopes(),
                  ClaimsRequest.NONE);
            });
  }

  private Purpose purpose(Authority authority) {
    var stated = (Stated.Purpose) authority.purpose();
    return catalogue.purpose(stated.id()).orElseThrow();
  }

  /// Asks for no more than the person and the application can have, where that is anything (RFC
  /// 6749 §3.3): the answer tells what was granted. An agent gets what it asked for or nothing.
  private Result<ConsentQuestion> forPerson(
      Asked sent, Id.User user, Resource resource, Granted granted, Wanted wanted) {
    var who =
        new Presenter(user, Optional.empty(), Instant.MAX, granted.checked(), Confirmation.none());
    var asked = narrowed(sent, resource, who, granted);
    var left = new Wanted(wanted.resource(), asked.scopes(), wanted.purpose());
    return allowed(authorities.ofPerson(who, granted, left))
        .map(
            authority ->
                new ConsentQuestion(
                    asked,
                    user,
                    Optional.empty(),
                    resource,
                    authority.scopes(),
                    ClaimsRequest.NONE));
  }

  /// What is asked for without what can't be had; all of it where that leaves nothing, or where it
  /// names what the resource does not know and is no request of OpenID Connect, which ignores that.
  private Asked narrowed(Asked asked, Resource resource, Presenter who, Granted granted) {
    boolean isUnderstood =
        asked.identity().contains("openid") || asked.scopes().within(resource.scopes());
    var most = new Wanted(asked.resource(), Scopes.NONE, "");
    return isUnderstood
            && authorities.ofPerson(who, granted, most) instanceof Ok(var conferred)
            && !conferred.authority().scopes().intersect(asked.scopes()).isEmpty()
        ? asked.narrowed(conferred.authority().scopes())
        : asked;
  }

  /// What is possible, where the policies let this person have it through this application: no one
  /// signs in to one that they may not use.
  private Result<Authority> allowed(Result<Conferred> possible) {
    return possible instanceof Ok(var conferred)
        ? pdp.mayIssue(conferred.authority())
        : possible.refusal();
  }

  /// What the client's ceiling lets through on `resource`; what is about the person is for that
  /// person to allow. Nothing gets to this server's own APIs through an application that no
  /// administrator registered, whoever uses it. An agent that asks for itself is bounded as the
  /// actor and has no other bound.
  public Operand.Actions ceiling(AskingClient asking, Resource resource) {
    var scopes = resource.scopes();
    var limited =
        switch (asking) {
          case AskingClient.Application(var client) -> ceiling(client, resource);
          case AskingClient.Itself _ -> scopes;
        };
    return new Operand.Actions("client " + asking.id(), limited, SCOPE_NOT_PERMITTED);
  }

  private Scopes ceiling(Client client, Resource resource) {
    var scopes = resource.scopes();
    if (resource.identifier().equals(userinfo)) {
      return scopes;
    }
    boolean isClosed = !client.registration().isVouchedFor() && own.contains(resource.identifier());
    return isClosed ? Scopes.NONE : client.ceiling().limit(resource.id(), scopes);
  }
}
