package io.prokura.authorize;

import static io.prokura.kernel.Refusal.CLIENT_UNKNOWN;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.REDIRECT_URI_INVALID;
import static io.prokura.kernel.Refusal.REQUEST_URI_UNSUPPORTED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.RESPONSE_TYPE_UNSUPPORTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.authorize.AuthorizationRequest.Prompt;
import io.prokura.catalogue.Catalogue;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.clients.KnownClients;
import io.prokura.clients.Registration;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.http.Form;
import io.prokura.json.JsonReader;
import io.prokura.kernel.DocumentUrl;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.sessions.Session;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Reads authorization requests. Until the application and the address to answer at are known to
/// belong together, nothing is sent anywhere (RFC 6749 §4.1.2.1).
public final class AuthorizationRequests {
  /// The parameters that may stand more than once (RFC 8707 §2).
  public static final Set<String> REPEATABLE = Set.of("resource");

  /// The scopes about the person, which no resource has as its actions.
  public static final List<String> IDENTITY_SCOPES =
      List.of("openid", "profile", "email", "groups", "offline_access");

  private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

  private final Clients clients;
  private final KnownClients known;
  private final Limits limits;
  private final RequestObjects objects;
  private final AuthorizationDetails details;
  private final JsonReader json;
  private final Catalogue catalogue;
  private final String userinfo;
  private final UnaryOperator<Form> meant;

  /// `userinfo` is the identifier of the resource for requests that are only about the person, and
  /// `meant` says what the parameters mean of clients that were written for another server.
  public AuthorizationRequests(
      Clients clients,
      KnownClients known,
      Limits limits,
      RequestObjects objects,
      AuthorizationDetails details,
      JsonReader json,
      Catalogue catalogue,
      String userinfo,
      UnaryOperator<Form> meant) {
    this.objects = objects;
    this.details = details;
    this.json = json;
    this.catalogue = catalogue;
    this.clients = clients;
    this.known = known;
    this.limits = limits;
    this.userinfo = userinfo;
    this.meant = meant;
  }

  /// Whether the request is of an application that nobody has heard of before: it is known by a
  /// document that was not fetched yet.
  boolean isOfStranger(Form parameters) {
    var clientId = parameters.get("client_id");
    return clientId.flatMap(DocumentUrl::parse).isPresent()
        && clientId.flatMap(Id.Client::parse).flatMap(clients::find).isEmpty();
  }

  /// What became of reading a request.
  public sealed interface Reading {
    /// A request in order, and the parameters that it stands for.
    record Good(AuthorizationRequest request, Form parameters) implements Reading {}

    /// One that is answered with a refusal.
    record Faulty(Destination to, Refused<?> why) implements Reading {}

    /// One of which nobody knows where to answer it: only the person is told.
    record Unanswerable(Refused<?> why) implements Reading {}
  }

  /// Reads the parameters of a request, be they pushed or brought by a browser, signed or not. One
  /// that is kept elsewhere, behind its `request_uri`, is refused and never fetched: whoever could
  /// name an address would have this server call it (OpenID Connect Core §6.2, RFC 9101 §10.4.1).
  public Reading read(Form sent) {
    if (sent.has("request_uri")) {
      return plain(
          sent,
          Optional.of(
              new Refused<>(
                  REQUEST_URI_UNSUPPORTED, "no request_uri but one of this server is taken")));
    }
    var opened = objects.open(meant.apply(sent));
    if (!(opened instanceof Ok(var object))) {
      return plain(sent, Optional.of((Refused<?>) opened));
    }
    var expanded = details.expand(object);
    return expanded instanceof Ok(var parameters)
        ? plain(parameters, Optional.empty())
        : plain(object, Optional.of((Refused<?>) expanded));
  }

  /// Reads plain parameters, with what is known to be wrong with them.
  private Reading plain(Form parameters, Optional<Refused<?>> fault) {
    var client = client(parameters);
    if (!(client instanceof Ok(var known))) {
      return new Reading.Unanswerable((Refused<?>) client);
    }
    var address = redirectUri(parameters, known);
    if (!(address instanceof Ok(var redirectUri))) {
      // What cannot be opened may be all that names the address.
      return new Reading.Unanswerable(fault.orElse((Refused<?>) address));
    }
    var mode = parameters.get("response_mode").flatMap(ResponseMode::parse);
    var to = new Destination(redirectUri, parameters.get("state"), mode.orElse(ResponseMode.QUERY));
    if (parameters.has("response_mode") && mode.isEmpty()) {
      return new Reading.Faulty(to, new Refused<>(MALFORMED_REQUEST, "no such response_mode"));
    }
    if (fault.isPresent()) {
      return new Reading.Faulty(to, fault.get());
    }
    var request = request(parameters, known, to);
    return request instanceof Ok(var good)
        ? new Reading.Good(good, parameters)
        : new Reading.Faulty(to, (Refused<?>) request);
  }

  private Result<Client> client(Form parameters) {
    var id = parameters.require("client_id");
    if (!(id instanceof Ok(var text))) {
      return id.refusal();
    }
    return known
        .find(text)
        .filter(Client::active)
        .map(Result::ok)
        .orElseGet(() -> refused(CLIENT_UNKNOWN, "no such application is registered here"));
  }

  private static Result<String> redirectUri(Form parameters, Client client) {
    var registered = client.registration().redirectUris();
    var asked = parameters.get("redirect_uri");
    if (asked.isPresent()) {
      return client.registration().redirect(asked.get()).isPresent()
          ? ok(asked.get())
          : refused(REDIRECT_URI_INVALID, "the redirect URI is not registered for the application");
    }
    // OpenID Connect Core §3.1.2.1 and FAPI 2.0 security profile §5.3.2.2 have it named.
    boolean isToBeNamed =
        parameters.get("scope").orElse("").contains("openid") || client.registration().isFapi2();
    return registered.size() == 1 && !isToBeNamed
        ? ok(registered.getFirst().text())
        : refused(REDIRECT_URI_INVALID, "the request names no redirect URI");
  }

  private Result<AuthorizationRequest> request(Form parameters, Client client, Destination to) {
    var fault = fault(parameters, client);
    if (fault.isPresent()) {
      return fault.get().refusal();
    }
    var challenge = challenge(parameters, client);
    if (!(challenge instanceof Ok(var proof))) {
      return challenge.refusal();
    }
    var prompt = prompts(parameters.get("prompt").orElse(""));
    if (!(prompt instanceof Ok(var prompts))) {
      return prompt.refusal();
    }
    var age = parameters.get("max_age");
    if (age.isPresent() && !DIGITS.matcher(age.get()).matches()) {
      return refused(MALFORMED_REQUEST, "max_age is a number of seconds");
    }
    var actor = parameters.get("requested_actor");
    if (actor.isPresent() && Id.Agent.parse(actor.get()).isEmpty()) {
      return refused(MALFORMED_REQUEST, "requested_actor is not the id of an agent");
    }
    var claims = claims(parameters);
    if (!(claims instanceof Ok(var wanted))) {
      return claims.refusal();
    }
    var aim = aim(parameters, client.registration(), actor.isPresent());
    return aim.map(
        aimed ->
            new AuthorizationRequest(
                client,
                to,
                aimed.identity(),
                aimed.scopes(),
                aimed.resource(),
                actor.map(Id.Agent::new),
                parameters.get("purpose").orElse(""),
                proof,
                parameters.get("nonce"),
                prompts,
                age.map(Long::parseLong)
                    .map(Duration::ofSeconds)
                    .or(() -> client.registration().maxAge()),
                parameters.get("id_token_hint"),
                parameters.get("dpop_jkt"),
                aimed.identity().contains("openid") ? wanted : ClaimsRequest.NONE,
                levels(parameters)));
  }

  /// The levels of `acr_values` that bound the sign-in (RFC 9470 §5). Those of others are wishes
  /// that nobody here can fulfil (OpenID Connect Core §3.1.2.1), and what everybody meets is none.
  static List<String> levels(Form parameters) {
    var asked = List.of(parameters.get("acr_values").orElse("").split(" ", -1));
    return asked.contains(Session.TWO_FACTORS) && !asked.contains(Session.UPSTREAM)
        ? List.of(Session.TWO_FACTORS)
        : List.of();
  }

  private Result<ClaimsRequest> claims(Form parameters) {
    var text = parameters.get("claims");
    if (text.isEmpty()) {
      return ok(ClaimsRequest.NONE);
    }
    return json.readObject(text.get().getBytes(UTF_8)) instanceof Ok(var object)
        ? ClaimsRequest.parse(object)
        : refused(MALFORMED_REQUEST, "claims is a JSON object");
  }

  private Optional<Refused<?>> fault(Form parameters, Client client) {
    var type = parameters.require("response_type");
    if (!(type instanceof Ok(var asked))) {
      return Optional.of((Refused<?>) type);
    }
    if (!asked.equals("code")) {
      return Optional.of(
          new Refused<>(RESPONSE_TYPE_UNSUPPORTED, "the only response_type is code"));
    }
    boolean isForAgent = parameters.has("requested_actor") || !client.registration().isVouchedFor();
    if (parameters.has("purpose") && !isForAgent) {
      return Optional.of(
          new Refused<>(MALFORMED_REQUEST, "a purpose is what an agent acts for; none is named"));
    }
    var jkt = parameters.get("dpop_jkt");
    if (jkt.isPresent() && !CHALLENGE.matcher(jkt.get()).matches()) {
      return Optional.of(new Refused<>(MALFORMED_REQUEST, "dpop_jkt is no SHA-256 thumbprint"));
    }
    return parameters.get("state").orElse("").length() > limits.textMax()
            || parameters.get("nonce").orElse("").length() > limits.textMax()
        ? Optional.of(new Refused<>(MALFORMED_REQUEST, "state or nonce is too long"))
        : Optional.empty();
  }

  /// The challenge (RFC 7636 §4.3). `plain` is no protection and not taken, also where it is meant
  /// by saying nothing.
  private static Result<Optional<String>> challenge(Form parameters, Client client) {
    var challenge = parameters.get("code_challenge");
    var method = parameters.get("code_challenge_method");
    if (challenge.isEmpty()) {
      return method.isEmpty() && client.registration().isPkceOptional()
          ? ok(Optional.empty())
          : refused(MALFORMED_REQUEST, "code_challenge is missing (RFC 7636)");
    }
    if (!method.equals(Optional.of("S256"))) {
      return refused(MALFORMED_REQUEST, "code_challenge_method has to be S256");
    }
    return CHALLENGE.matcher(challenge.get()).matches()
        ? ok(challenge)
        : refused(MALFORMED_REQUEST, "code_challenge is no SHA-256 in base64url");
  }

  private static Result<Set<Prompt>> prompts(String text) {
    var prompts = EnumSet.noneOf(Prompt.class);
    for (var word : text.isEmpty() ? List.<String>of() : List.of(text.split(" ", -1))) {
      var prompt =
          EnumSet.allOf(Prompt.class).stream()
              .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(word))
              .findFirst();
      if (prompt.isEmpty()) {
        return refused(MALFORMED_REQUEST, "a prompt is none, login, consent or select_account");
      }
      prompts.add(prompt.get());
    }
    return prompts.contains(Prompt.NONE) && prompts.size() > 1
        ? refused(MALFORMED_REQUEST, "the prompt none stands alone")
        : ok(prompts);
  }

  /// What is asked for and where.
  record Aim(Scopes identity, Scopes scopes, String resource) {}

  /// What the parameters aim at, with what `registration` says where they say nothing.
  Result<Aim> aim(Form parameters, Registration registration, boolean isForAgent) {
    var asked = Scopes.parse(parameters.get("scope").orElse(""), limits);
    if (!(asked instanceof Ok(var named))) {
      return asked.refusal();
    }
    var resources = new HashSet<>(parameters.all("resource"));
    if (resources.size() > 1) {
      return refused(RESOURCE_UNKNOWN, "a token is for one resource; ask for one at a time");
    }
    var scopes = named.isEmpty() ? registration.scopes() : named;
    var identity = scopes.intersect(Scopes.of(IDENTITY_SCOPES));
    var others =
        new Scopes(scopes.values().stream().filter(one -> !identity.contains(one)).toList());
    if (!resources.isEmpty()) {
      return ok(new Aim(identity, others, resources.iterator().next()));
    }
    var usual = registration.resource();
    boolean isAboutPerson =
        !identity.isEmpty() && !isForAgent && !isForResource(others, identity, usual);
    if (!isAboutPerson && usual.isPresent()) {
      return clients
          .identifierOf(usual.get())
          .map(identifier -> ok(new Aim(identity, others, identifier)))
          .orElseGet(() -> refused(RESOURCE_UNKNOWN, "the usual resource is not registered"));
    }
    return isAboutPerson
        ? ok(new Aim(identity, aboutPerson(identity), userinfo))
        : refused(RESOURCE_UNKNOWN, "name one resource; the application has no usual one");
  }

  /// Whether `others` are for the usual resource. What OpenID Connect does not know is ignored
  /// (OpenID Connect Core §3.1.2.1): a request for nothing else is one about the person.
  private boolean isForResource(Scopes others, Scopes identity, Optional<Id.Resource> usual) {
    if (others.isEmpty() || !identity.contains("openid")) {
      return !others.isEmpty();
    }
    return usual
        .flatMap(catalogue::resource)
        .filter(resource -> !others.intersect(resource.scopes()).isEmpty())
        .isPresent();
  }

  /// The scopes of a token that is only about the person.
  private static Scopes aboutPerson(Scopes identity) {
    return new Scopes(
        identity.values().stream().filter(one -> !one.equals("offline_access")).toList());
  }
}
