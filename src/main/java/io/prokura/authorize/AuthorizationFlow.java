package io.prokura.authorize;

import static io.prokura.kernel.Refusal.AUTHENTICATION_UNMET;
import static io.prokura.kernel.Refusal.CONSENT_DENIED;
import static io.prokura.kernel.Refusal.CONSENT_REQUIRED;
import static io.prokura.kernel.Refusal.LOGIN_REQUIRED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.REQUEST_URI_INVALID;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.authorize.AuthorizationRequests.Reading;
import io.prokura.http.Form;
import io.prokura.http.HeaderText;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Takes an authorization request from its arrival to its answer (RFC 6749 §4.1): the person signs
/// in if they have to, is asked if they have to be, and the application gets a code or a refusal.
public final class AuthorizationFlow {
  private static final Refused<?> UNPUSHED =
      new Refused<>(MALFORMED_REQUEST, "the application has to push its requests");

  private final String issuer;
  private final World world;
  private final Database database;
  private final AuthorizationRequests requests;
  private final WaitingRequests waiting;
  private final ConsentQuestions questions;
  private final Consents consents;
  private final Answering answering;
  private final Codes codes;
  private final IdTokenHints hints;
  private final Subjects subjects;

  public AuthorizationFlow(
      String issuer,
      World world,
      Database database,
      AuthorizationRequests requests,
      ConsentQuestions questions,
      Consents consents,
      Answering answering,
      Codes codes,
      IdTokenHints hints,
      Subjects subjects) {
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.requests = requests;
    this.waiting = new WaitingRequests(world, database);
    this.questions = questions;
    this.consents = consents;
    this.answering = answering;
    this.codes = codes;
    this.hints = hints;
    this.subjects = subjects;
  }

  /// Finds out whom an ID token names that was sent as a hint.
  @FunctionalInterface
  public interface IdTokenHints {
    /// Whether it is an ID token of ours for `client` that names `user`, expired or not.
    boolean names(String idToken, String client, Id.User user);
  }

  /// Tells what an application knows people by.
  @FunctionalInterface
  public interface Subjects {
    /// What `client` knows `user` by.
    String of(String client, Id.User user);
  }

  /// What is to happen next in the person's browser.
  public sealed interface Step {
    /// The application gets what it asked for.
    record Answer(Destination to, SequencedMap<String, String> parameters) implements Step {}

    /// The application gets a refusal.
    record Refuse(Destination to, SequencedMap<String, String> parameters, Refused<?> why)
        implements Step {}

    /// Nobody knows where to answer; only the person is told.
    record Unanswerable(Refused<?> why) implements Step {}

    /// The person signs in and comes back to `path`.
    record SignIn(String path) implements Step {}

    /// The person is asked about the request behind `handle`.
    record Ask(String handle) implements Step {}
  }

  /// A pushed request (RFC 9126 §2.2).
  public record Pushed(String requestUri, Duration lifetime) {}

  /// Keeps a request that the client `clientId` pushed; refuses what is wrong with it.
  /// `keyThumbprint` is of the key that the client proved (RFC 9449 §10.1).
  public Result<Pushed> push(String clientId, Form sent, Optional<String> keyThumbprint) {
    var parameters = sent.has("client_id") ? sent : named(sent, clientId);
    if (parameters.has("request_uri")) {
      return refused(MALFORMED_REQUEST, "a pushed request has no request_uri");
    }
    if (sent.all("resource").size() > 1) {
      return refused(RESOURCE_UNKNOWN, "a token is for one resource; ask for one at a time");
    }
    if (!isSame(parameters.get("client_id").orElse(""), clientId)) {
      return refused(MALFORMED_REQUEST, "client_id names another client");
    }
    var jkt = parameters.get("dpop_jkt");
    if (jkt.isPresent() && keyThumbprint.isPresent() && !jkt.equals(keyThumbprint)) {
      return refused(MALFORMED_REQUEST, "dpop_jkt names another key than the one proven");
    }
    return switch (requests.read(parameters)) {
      case Reading.Good(_, var meant) ->
          ok(
              new Pushed(
                  WaitingRequests.URN + waiting.push(meant, clientId, keyThumbprint).handle(),
                  WaitingRequests.PUSHED));
      case Reading.Faulty(_, var why) -> why.refusal();
      case Reading.Unanswerable(var why) -> why.refusal();
    };
  }

  /// The parameters together with who sent them, for clients that say so elsewhere.
  private static Form named(Form sent, String clientId) {
    var parameters = new LinkedHashMap<String, String>();
    sent.names().forEach(name -> parameters.put(name, sent.get(name).orElse("")));
    parameters.put("client_id", clientId);
    return Form.of(parameters);
  }

  /// Takes a request as a browser brought it.
  public Step begin(Form parameters, Optional<Session> session) {
    var ours = parameters.get("request_uri").filter(uri -> uri.startsWith(WaitingRequests.URN));
    if (ours.isPresent()) {
      var found = behind(ours.get(), parameters.get("client_id"));
      return found instanceof Ok(var kept)
          ? resume(kept, session)
          : new Step.Unanswerable((Refused<?>) found);
    }
    if (session.isEmpty() && requests.isOfStranger(parameters)) {
      // Nobody makes this server fetch what they name before they have said who they are.
      var clientId = parameters.get("client_id").orElseThrow();
      return new Step.SignIn(comeBack(waiting.keep(parameters, clientId)));
    }
    return switch (requests.read(parameters)) {
      case Reading.Unanswerable(var why) -> new Step.Unanswerable(why);
      case Reading.Faulty(var to, var why) -> refuse(to, why);
      case Reading.Good(var request, var meant) ->
          begun(new CurrentRequest(request, Optional.empty()), session, meant);
    };
  }

  /// The request behind a request URI that we handed out.
  private Result<WaitingRequest> behind(String uri, Optional<String> client) {
    var found = waiting.find(uri.substring(WaitingRequests.URN.length()));
    return found instanceof Ok(var kept) && !isOf(kept, client)
        ? refused(REQUEST_URI_INVALID, "the request URI is another application's")
        : found;
  }

  private static boolean isOf(WaitingRequest kept, Optional<String> client) {
    return client.equals(Optional.of(kept.clientId()))
        || client.filter(named -> isSame(named, kept.clientId())).isPresent();
  }

  /// Whether both name one application, be it by its id or by the URL that stands for it.
  private static boolean isSame(String one, String other) {
    var id = Id.Client.parse(one);
    return one.equals(other) || (id.isPresent() && id.equals(Id.Client.parse(other)));
  }

  private Step resume(WaitingRequest kept, Optional<Session> session) {
    var parameters = parameters(kept);
    return switch (requests.read(parameters)) {
      case Reading.Unanswerable(var why) -> new Step.Unanswerable(why);
      case Reading.Faulty(var to, var why) -> refuse(to, why);
      case Reading.Good(var request, _) ->
          begun(new CurrentRequest(request, Optional.of(kept)), session, parameters);
    };
  }

  private Step begun(CurrentRequest current, Optional<Session> session, Form parameters) {
    return current.isPushedIfNeeded()
        ? next(current, session, parameters)
        : refuse(current.request().destination(), UNPUSHED);
  }

  private static Form parameters(WaitingRequest kept) {
    var parameters = new LinkedHashMap<>(kept.parameters());
    parameters.put("client_id", kept.clientId());
    kept.keyThumbprint().ifPresent(jkt -> parameters.put("dpop_jkt", jkt));
    return Form.of(parameters);
  }

  private Step next(CurrentRequest current, Optional<Session> session, Form parameters) {
    var request = current.request();
    var to = request.destination();
    if (Session.LEVELS.stream().noneMatch(request::isMetBy)) {
      return refuse(
          to, new Refused<>(AUTHENTICATION_UNMET, "no sign-in here is worth what is asked for"));
    }
    if (session.isEmpty() || !isGoodFor(session.get(), current)) {
      return request.isSilent()
          ? refuse(to, new Refused<>(LOGIN_REQUIRED, "the person has to sign in"))
          : new Step.SignIn(comeBack(kept(current, parameters)));
    }
    if (!isAsClaimed(session.get(), request)) {
      return request.isSilent() || isFresh(session.get(), current)
          ? refuse(to, otherwise(session.get(), current))
          : new Step.SignIn(comeBack(kept(current, parameters)));
    }
    var asked = questions.of(request.asked(), session.get().user(), session.get().checked());
    if (!(asked instanceof Ok(var question))) {
      return refuse(to, (Refused<?>) asked);
    }
    if (!question.isToBeAsked() && !request.wantsConsent()) {
      return answered(
          to, answering.grant(question, session.get(), Optional.empty(), toCode(current)));
    }
    var consent =
        request.wantsConsent()
            ? Optional.<Consent>empty()
            : consents.covering(session.get().user(), question);
    if (consent.isPresent()) {
      return answered(to, answering.grant(question, session.get(), consent, toCode(current)));
    }
    return request.isSilent()
        ? refuse(to, new Refused<>(CONSENT_REQUIRED, "the person has to be asked"))
        : new Step.Ask(kept(current, parameters).handle());
  }

  private WaitingRequest kept(CurrentRequest current, Form parameters) {
    return current
        .waiting()
        .orElseGet(() -> waiting.keep(parameters, current.request().client().id().text()));
  }

  private static String comeBack(WaitingRequest kept) {
    return "/oauth2/authorize?client_id=%s&request_uri=%s"
        .formatted(
            URLEncoder.encode(kept.clientId(), UTF_8),
            URLEncoder.encode(WaitingRequests.URN + kept.handle(), UTF_8));
  }

  /// Whether the person has signed in recently enough, and is the one who is meant.
  private boolean isGoodFor(Session session, CurrentRequest current) {
    var request = current.request();
    boolean isTooOld =
        request
            .maxAge()
            .map(age -> session.startedAt().plus(age))
            .orElse(Instant.MAX)
            .isBefore(world.now());
    boolean isOther =
        request
            .hint()
            .map(hint -> !hints.names(hint, request.client().id().text(), session.user()))
            .orElse(false);
    return isFresh(session, current) || !(request.wantsLogin() || isTooOld || isOther);
  }

  private static boolean isFresh(Session session, CurrentRequest current) {
    var begun = current.waiting().flatMap(WaitingRequest::begunAt);
    return begun.isPresent() && !session.startedAt().isBefore(begun.get());
  }

  /// Whether the person is the one whom `claims` names, and their sign-in is worth what is needed
  /// (OpenID Connect Core §5.5.1, RFC 9470 §5).
  private boolean isAsClaimed(Session session, AuthorizationRequest request) {
    var named = request.claims().subjects();
    var client = request.client().id().text();
    return request.isMetBy(session.acr())
        && (named.isEmpty() || named.contains(subjects.of(client, session.user())));
  }

  /// Why somebody who is signed in is not who is asked for, or not signed in well enough.
  private static Refused<?> otherwise(Session session, CurrentRequest current) {
    return isFresh(session, current) && !current.request().isMetBy(session.acr())
        ? new Refused<>(AUTHENTICATION_UNMET, "signing in was not worth what is asked for")
        : new Refused<>(LOGIN_REQUIRED, "another sign-in or person is asked for");
  }

  /// What the person in `session` is asked about the request behind `handle`.
  public Result<ConsentQuestion> question(String handle, Session session) {
    return open(handle, session).map(Open::question);
  }

  /// A request that waits, and what the person is asked by it.
  private record Open(CurrentRequest current, ConsentQuestion question) {}

  private Result<Open> open(String handle, Session session) {
    var found = waiting.find(handle);
    return found instanceof Ok(var kept) ? open(kept, session) : found.refusal();
  }

  private Result<Open> open(WaitingRequest kept, Session session) {
    return switch (requests.read(parameters(kept))) {
      case Reading.Unanswerable(var why) -> why.refusal();
      case Reading.Faulty(_, var why) -> why.refusal();
      case Reading.Good(var request, _) -> {
        var current = new CurrentRequest(request, Optional.of(kept));
        if (!current.isPushedIfNeeded()) {
          yield UNPUSHED.refusal();
        }
        yield isGoodFor(session, current) && isAsClaimed(session, request)
            ? questions
                .of(request.asked(), session.user(), session.checked())
                .map(question -> new Open(current, question))
            : refused(LOGIN_REQUIRED, "sign in for this request first");
      }
    };
  }

  /// Answers the request behind `handle` with what the person allows of it: these scopes, for so
  /// long, and for so many agents in a row.
  public Step allow(String handle, Session session, Scopes scopes, Duration lasts, int depth) {
    var found = open(handle, session);
    if (!(found instanceof Ok(var open))) {
      return new Step.Unanswerable((Refused<?>) found);
    }
    var chosen = Answering.Choice.of(open.question(), scopes, lasts, depth);
    if (!(chosen instanceof Ok(var choice))) {
      return new Step.Unanswerable((Refused<?>) chosen);
    }
    return answered(
        open.current().request().destination(),
        answering.grant(open.question(), session, choice, toCode(open.current())));
  }

  /// A code for the application, once for each request.
  private Answering.Outcome<String> toCode(CurrentRequest current) {
    return (tx, grant) ->
        current.waiting().isPresent() && !waiting.spend(tx, current.waiting().get())
            ? refused(REQUEST_URI_INVALID, "the request was answered already")
            : ok(codes.issue(tx, grant.id(), current.request()));
  }

  /// Answers the request behind `handle` with a refusal.
  public Step deny(String handle, Session session) {
    var found = open(handle, session);
    if (!(found instanceof Ok(var open))) {
      return new Step.Unanswerable((Refused<?>) found);
    }
    var kept = open.current().waiting().orElseThrow();
    boolean first = database.<Boolean>inTransaction(tx -> waiting.spend(tx, kept));
    return first
        ? refuse(
            open.current().request().destination(),
            new Refused<>(CONSENT_DENIED, "the person did not allow it"))
        : new Step.Unanswerable(new Refused<>(REQUEST_URI_INVALID, "it was answered already"));
  }

  private Step answered(Destination to, Result<String> issued) {
    if (!(issued instanceof Ok(var code))) {
      return new Step.Unanswerable((Refused<?>) issued);
    }
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("code", code);
    to.state().ifPresent(state -> parameters.put("state", state));
    parameters.put("iss", issuer);
    return new Step.Answer(to, parameters);
  }

  private Step refuse(Destination to, Refused<?> why) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("error", why.reason().error());
    parameters.put("error_description", HeaderText.describe(why.detail()));
    to.state().ifPresent(state -> parameters.put("state", state));
    parameters.put("iss", issuer);
    return new Step.Refuse(to, parameters, why);
  }
}
