package io.prokura.authorize;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.authorize.AuthorizationRequests.Aim;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.Registration;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.delegation.StatedPurposes;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import java.util.List;
import java.util.Optional;

/// Reads what a client that polls asks of a person, and refuses what nobody could allow, whoever
/// the person is.
public final class AskedReader {
  private final AskingClients clients;
  private final AuthorizationRequests requests;
  private final Catalogue catalogue;
  private final Agents agents;
  private final StatedPurposes purposes;
  private final AuthorizationDetails details;

  public AskedReader(
      AskingClients clients,
      AuthorizationRequests requests,
      Catalogue catalogue,
      Agents agents,
      StatedPurposes purposes,
      AuthorizationDetails details) {
    this.clients = clients;
    this.requests = requests;
    this.catalogue = catalogue;
    this.agents = agents;
    this.purposes = purposes;
    this.details = details;
  }

  /// What `clientId` asks for by `scope`, `resource`, `requested_actor` and `purpose`, or by
  /// `authorization_details` in their place. An agent
  /// asks for itself and is told nothing about the person but who they are.
  Result<Asked> read(String clientId, Form sent) {
    var expanded = details.expand(sent);
    return expanded instanceof Ok(var parameters)
        ? plain(clientId, parameters)
        : expanded.refusal();
  }

  private Result<Asked> plain(String clientId, Form parameters) {
    var client = clients.active(clientId);
    if (client.isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "only applications and agents ask people for something");
    }
    var actor = actor(client.get(), parameters);
    if (!(actor instanceof Ok(var acting))) {
      return actor.refusal();
    }
    var registration =
        switch (client.get()) {
          case AskingClient.Application(var application) -> application.registration();
          case AskingClient.Itself _ -> Registration.NONE;
        };
    var aim = requests.aim(parameters, registration, acting.isPresent());
    if (!(aim instanceof Ok(var aimed))) {
      return aim.refusal();
    }
    var fault = fault(aimed, acting, parameters);
    return fault.isPresent()
        ? fault.get().refusal()
        : ok(asked(client.get(), aimed, acting, parameters));
  }

  private static Asked asked(
      AskingClient client, Aim aim, Optional<Id.Agent> actor, Form parameters) {
    boolean isItself = client instanceof AskingClient.Itself;
    return new Asked(
        client,
        isItself ? aim.identity().intersect(Scopes.of(List.of("offline_access"))) : aim.identity(),
        aim.scopes(),
        aim.resource(),
        actor,
        parameters.get("purpose").orElse(""),
        Optional.empty(),
        ClaimsRequest.NONE);
  }

  private static Result<Optional<Id.Agent>> actor(AskingClient client, Form parameters) {
    var named = parameters.get("requested_actor");
    var actor = named.flatMap(Id.Agent::parse);
    if (named.isPresent() && actor.isEmpty()) {
      return refused(MALFORMED_REQUEST, "requested_actor is not the id of an agent");
    }
    return switch (client) {
      case AskingClient.Application _ -> ok(actor);
      case AskingClient.Itself(var agent) ->
          actor.isEmpty() || actor.get().equals(agent.id())
              ? ok(Optional.of(agent.id()))
              : refused(MALFORMED_REQUEST, "an agent asks for itself, not for another one");
    };
  }

  private Optional<Refused<?>> fault(Aim aim, Optional<Id.Agent> actor, Form parameters) {
    var resource = catalogue.resourceAt(aim.resource());
    if (resource.isEmpty()) {
      return Optional.of(new Refused<>(RESOURCE_UNKNOWN, "no such resource is registered"));
    }
    if (!aim.scopes().within(resource.get().scopes())) {
      return Optional.of(
          new Refused<>(SCOPE_UNKNOWN, "the resource has only: " + resource.get().scopes()));
    }
    if (actor.isEmpty()) {
      return parameters.has("purpose")
          ? Optional.of(
              new Refused<>(
                  MALFORMED_REQUEST, "a purpose is what an agent acts for; none is named"))
          : Optional.empty();
    }
    if (agents.active(actor.get()) instanceof Refused<?> inactive) {
      return Optional.of(new Refused<>(MALFORMED_REQUEST, "requested_actor: " + inactive.detail()));
    }
    return purposes.ofOwn(actor.get(), parameters.get("purpose").orElse(""))
            instanceof Refused<?> unstated
        ? Optional.of(unstated)
        : Optional.empty();
  }
}
