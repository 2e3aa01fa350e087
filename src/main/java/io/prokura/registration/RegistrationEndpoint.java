package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.REGISTRATIONS_TOO_MANY;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.Refusals;
import io.prokura.clients.Registration.Origin;
import io.prokura.http.OAuthError;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.registration.DynamicClients.Registered;
import java.util.Optional;

/// Programs register themselves here (RFC 7591 §3), and read, change and end their registration
/// (RFC 7592 §2).
public final class RegistrationEndpoint {
  private static final String ROUTE = "register";
  private static final String RETRY_AFTER = "3600";
  private static final int BYTES_MAX = 16 * 1024;

  private final String address;
  private final RegistrationPolicy policy;
  private final MetadataReader reader;
  private final InitialTokens tokens;
  private final DynamicClients clients;
  private final SectorIdentifiers sectors;
  private final Sources sources;
  private final Refusals refusals;

  /// `address` is the URL of this endpoint.
  public RegistrationEndpoint(
      String address,
      World world,
      RegistrationPolicy policy,
      MetadataReader reader,
      InitialTokens tokens,
      DynamicClients clients,
      SectorIdentifiers sectors,
      Refusals refusals) {
    this.address = address;
    this.policy = policy;
    this.reader = reader;
    this.tokens = tokens;
    this.clients = clients;
    this.sectors = sectors;
    this.refusals = refusals;
    sources = new Sources(world);
  }

  /// Registers what asks for it, as far as the policy has it.
  public Response register(Request request) {
    var admitted = admitted(request);
    if (!(admitted instanceof Ok(var token))) {
      return refuse(request, (Refused<?>) admitted, Optional.empty());
    }
    return switch (registered(request, token)) {
      case Ok<Registered>(var one) -> Response.json(201, told(one));
      case Refused<Registered> refused -> refuse(request, refused, token.map(InitialToken::id));
    };
  }

  private Result<Registered> registered(Request request, Optional<InitialToken> token) {
    var read = metadata(request, token.isPresent() ? Origin.TOKEN : Origin.OPEN);
    return read instanceof Ok(var metadata)
        ? clients.register(metadata, token, request.peer())
        : read.refusal();
  }

  /// The token that was sent; nothing where none is needed.
  private Result<Optional<InitialToken>> admitted(Request request) {
    if (policy == RegistrationPolicy.OFF) {
      return refused(NOT_FOUND, "nothing registers itself here");
    }
    var sent = request.bearerToken();
    if (!(sent instanceof Ok(var text))) {
      return sent.refusal();
    }
    if (text.isPresent()) {
      return tokens.good(text.get()).map(Optional::of);
    }
    if (policy == RegistrationPolicy.TOKEN || request.hasAuthorization()) {
      return refused(TOKEN_INVALID, "an initial access token is needed");
    }
    return sources.take(request.peer())
        ? ok(Optional.empty())
        : refused(REGISTRATIONS_TOO_MANY, "too much registers itself; try again later");
  }

  /// Tells a client what is registered of it.
  public Response read(Request request) {
    return own(request, (client, token) -> clients.find(client, token).map(this::shown));
  }

  /// Writes what is registered of a client anew. It gets another token for the next time.
  public Response update(Request request) {
    return own(
        request,
        (client, token) -> {
          var found = clients.find(client, token);
          return found instanceof Ok(var known) ? updated(request, known) : found.refusal();
        });
  }

  private Result<Response> updated(Request request, Registered known) {
    var read = metadata(request, known.client().registration().origin());
    if (!(read instanceof Ok(var metadata)) || !(request.jsonObject() instanceof Ok(var body))) {
      return read.refusal();
    }
    var id = known.client().id();
    if (!body.text("client_id").equals(Optional.of(id.text()))) {
      return refused(CLIENT_METADATA_INVALID, "client_id names the client that is changed");
    }
    var secret = body.text("client_secret");
    return clients
        .replace(id, known.accessToken(), metadata, secret, request.peer())
        .map(this::shown);
  }

  /// Ends a client.
  public Response delete(Request request) {
    return own(
        request, (client, token) -> clients.delete(client, token).map(_ -> Response.empty(204)));
  }

  @FunctionalInterface
  private interface Act {
    Result<Response> apply(Id.Client client, String accessToken);
  }

  private Response own(Request request, Act act) {
    var id = Id.Client.parse(request.pathParameter("id"));
    var sent = request.bearerToken();
    if (!(sent instanceof Ok(var text))) {
      return refuse(request, (Refused<?>) sent, Optional.empty());
    }
    if (text.isEmpty() || id.isEmpty()) {
      var refused = new Refused<>(TOKEN_INVALID, "the registration access token is needed");
      return refuse(request, refused, Optional.empty());
    }
    return switch (act.apply(id.get(), text.get())) {
      case Ok<Response>(var response) -> response;
      case Refused<Response> refused ->
          refuse(request, refused, refused.reason() == TOKEN_INVALID ? Optional.empty() : id);
    };
  }

  private Result<ClientMetadata> metadata(Request request, Origin origin) {
    if (request.body().length > BYTES_MAX) {
      return refused(
          CLIENT_METADATA_INVALID, "the metadata has more than %d bytes".formatted(BYTES_MAX));
    }
    var body = request.jsonObject();
    if (body instanceof Refused<Json.Obj>(_, var detail)) {
      return refused(CLIENT_METADATA_INVALID, detail);
    }
    var read = reader.read(((Ok<Json.Obj>) body).value(), origin);
    return read instanceof Ok(var metadata) ? sectors.checked(metadata) : read;
  }

  private Response shown(Registered one) {
    return Response.json(200, told(one));
  }

  /// The client information response (RFC 7591 §3.2.1, RFC 7592 §3).
  private Json.Obj told(Registered one) {
    var out = Json.object().putAll(DynamicClients.view(one).members());
    out.put("client_secret", one.secret());
    if (hasSecret(one.own())) {
      out.put("client_secret_expires_at", 0);
    }
    return out.put("registration_access_token", one.accessToken())
        .put("registration_client_uri", address + "/" + one.client().id().text())
        .build();
  }

  private static boolean hasSecret(DynamicClient client) {
    return client
        .metadata()
        .text("token_endpoint_auth_method")
        .filter(method -> method.startsWith("client_secret_"))
        .isPresent();
  }

  /// What somebody got who proved something is an entry of its own.
  private Response refuse(Request request, Refused<?> refused, Optional<? extends Id> who) {
    if (who.isPresent()) {
      refusals.record(who.get(), ROUTE, refused, request.peer());
    } else {
      refusals.count(ROUTE, refused.reason(), request.peer());
    }
    var response = OAuthError.response(request, refused);
    return refused.reason() == REGISTRATIONS_TOO_MANY
        ? response.with("Retry-After", RETRY_AFTER)
        : response;
  }
}
