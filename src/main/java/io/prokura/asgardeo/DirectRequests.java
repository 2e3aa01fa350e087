package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.LOGIN_REQUIRED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.AuthorizationRequest;
import io.prokura.authorize.AuthorizationRequests;
import io.prokura.authorize.AuthorizationRequests.Reading;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.clients.Holder;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads authorization requests by which an application has an agent sign in through it. They are
/// checked like those of people, and besides: the application was registered by an administrator
/// and has proven itself if it can, there is a challenge whatever it is registered for, and one
/// resource that has the scopes.
public final class DirectRequests {
  /// What only a person's browser, or a person, has a use for.
  private static final List<String> NOT_TAKEN =
      List.of("request", "request_uri", "requested_actor", "authorization_details");

  private static final Set<String> OWN = Set.of("response_mode", "purpose", "client_secret");

  private final AuthorizationRequests requests;
  private final Clients clients;
  private final Catalogue catalogue;

  public DirectRequests(AuthorizationRequests requests, Clients clients, Catalogue catalogue) {
    this.requests = requests;
    this.clients = clients;
    this.catalogue = catalogue;
  }

  /// A request in order, its challenge, and the name of the purpose that the agent acts for.
  record Read(AuthorizationRequest request, String challenge, String purpose) {}

  /// Reads the parameters of a request by `client`.
  Result<Read> read(AuthenticatedClient client, Form sent) {
    var application =
        client.holder() instanceof Holder.Application(var id)
            ? clients.find(id)
            : Optional.<Client>empty();
    var fault = application.flatMap(known -> fault(known, sent));
    if (application.isEmpty() || fault.isPresent()) {
      return fault
          .map(Refused::<Read>refusal)
          .orElseGet(() -> refused(CLIENT_NOT_ALLOWED, "agents sign in through applications"));
    }
    var parameters = Parameters.of(sent, OWN, said(application.get(), sent));
    return switch (requests.read(parameters)) {
      case Reading.Unanswerable(var why) -> why.refusal();
      case Reading.Faulty(_, var why) -> why.refusal();
      case Reading.Good(var request, _) -> aimed(request, sent.get("purpose").orElse(""));
    };
  }

  private static Optional<Refused<?>> fault(Client application, Form sent) {
    var registration = application.registration();
    if (!registration.isVouchedFor()) {
      return Optional.of(
          new Refused<>(
              CLIENT_NOT_ALLOWED, "the application registered itself; nobody answers for it"));
    }
    if (registration.pushedOnly()) {
      return Optional.of(
          new Refused<>(MALFORMED_REQUEST, "the application has to push its requests"));
    }
    var none = NOT_TAKEN.stream().filter(sent::has).findFirst();
    if (none.isPresent()) {
      return Optional.of(new Refused<>(MALFORMED_REQUEST, "not taken here: " + none.get()));
    }
    return sent.get("prompt").equals(Optional.of("none"))
        ? Optional.of(new Refused<>(LOGIN_REQUIRED, "an agent signs in each time"))
        : Optional.empty();
  }

  /// The client, and the usual resource of the application where the request names none: an agent's
  /// token is never one about a person.
  private Map<String, String> said(Client application, Form sent) {
    var said = new HashMap<String, String>();
    said.put("client_id", application.id().text());
    if (!sent.has("resource")) {
      application
          .registration()
          .resource()
          .flatMap(clients::identifierOf)
          .ifPresent(usual -> said.put("resource", usual));
    }
    return said;
  }

  private Result<Read> aimed(AuthorizationRequest request, String purpose) {
    if (request.challenge().isEmpty()) {
      return refused(MALFORMED_REQUEST, "code_challenge is missing (RFC 7636)");
    }
    var resource = catalogue.resourceAt(request.resource());
    if (resource.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "no such resource is registered");
    }
    return request.scopes().within(resource.get().scopes())
        ? ok(new Read(request, request.challenge().get(), purpose))
        : refused(SCOPE_UNKNOWN, "the resource has only: " + resource.get().scopes());
  }
}
