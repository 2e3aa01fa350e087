package io.prokura.authorize;

import static io.prokura.kernel.Refusal.BINDING_MESSAGE_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.REQUEST_OBJECT_UNSUPPORTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads backchannel authentication requests (OpenID Connect CIBA Core §7.1): whom to ask, what
/// for, and how long they may take. What it says does not depend on who is named, or whether there
/// is such a person.
public final class BackchannelRequests {
  /// Characters that a binding message may have: it is compared, not read.
  static final int MESSAGE_MAX = 120;

  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final Duration LIFETIME_MAX = Duration.ofDays(1);
  private static final List<String> HINTS =
      List.of("login_hint", "id_token_hint", "login_hint_token");
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,8}");

  /// RFC 6750 §2.1.
  private static final Pattern TOKEN = Pattern.compile("(?=.{1,1024}$)[A-Za-z0-9._~+/-]+=*");

  /// Letters, marks, digits, punctuation, symbols and single spaces: nothing that hides, breaks the
  /// line or turns the direction of what stands beside it.
  private static final Pattern MESSAGE =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]+( [\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]+)*");

  private final World world;
  private final Directory directory;
  private final AskedReader reader;
  private final PersonHints hints;

  public BackchannelRequests(
      World world, Directory directory, AskedReader reader, PersonHints hints) {
    this.world = world;
    this.directory = directory;
    this.reader = reader;
    this.hints = hints;
  }

  /// Finds out whom an ID token names.
  @FunctionalInterface
  public interface PersonHints {
    /// The user in an ID token of ours for `client`, expired or not; nothing where that has another
    /// name there.
    Optional<Id.User> user(String idToken, String client);
  }

  /// A request in order, as whose it is counted, and what its client wants to be told of the answer
  /// with.
  record Read(PolledRequest request, String whom, Optional<String> noticeToken) {}

  /// Reads the parameters of a request by `client`.
  Result<Read> read(AuthenticatedClient client, Form parameters) {
    var fault = fault(client, parameters);
    if (fault.isPresent()) {
      return fault.get().refusal();
    }
    var message = message(parameters);
    if (!(message instanceof Ok(var shown))) {
      return message.refusal();
    }
    var lifetime = lifetime(parameters);
    if (!(lifetime instanceof Ok(var lasts))) {
      return lifetime.refusal();
    }
    var asked = reader.read(client.clientId(), parameters);
    if (!(asked instanceof Ok(var wanted))) {
      return asked.refusal();
    }
    var person = person(client, parameters);
    if (!(person instanceof Ok(var named))) {
      return person.refusal();
    }
    var channel = new Channel.Backchannel(shown);
    var levels = AuthorizationRequests.levels(parameters);
    var request = PolledRequest.of(world, wanted, channel, named.user(), levels, lasts);
    return noticeToken(wanted.client(), parameters)
        .map(token -> new Read(request, named.whom(), token));
  }

  private static Optional<Refused<?>> fault(AuthenticatedClient client, Form parameters) {
    if (client.credential().isEmpty()) {
      return Optional.of(
          new Refused<>(CLIENT_NOT_ALLOWED, "a public application can't ask in this way"));
    }
    if (parameters.has("request")) {
      return Optional.of(
          new Refused<>(REQUEST_OBJECT_UNSUPPORTED, "request objects are not taken here"));
    }
    if (parameters.has("user_code")) {
      return Optional.of(new Refused<>(MALFORMED_REQUEST, "user codes are not supported"));
    }
    if (HINTS.stream().filter(parameters::has).count() != 1) {
      return Optional.of(new Refused<>(MALFORMED_REQUEST, "name the person by one of: " + HINTS));
    }
    return parameters.has("login_hint_token")
        ? Optional.of(new Refused<>(MALFORMED_REQUEST, "login hint tokens are not supported"))
        : Optional.empty();
  }

  private static Result<String> message(Form parameters) {
    var message = parameters.get("binding_message").orElse("");
    return message.isEmpty()
            || (message.length() <= MESSAGE_MAX && MESSAGE.matcher(message).matches())
        ? ok(message)
        : refused(
            BINDING_MESSAGE_INVALID,
            "a binding message is one line of at most %d characters".formatted(MESSAGE_MAX));
  }

  private static Result<Duration> lifetime(Form parameters) {
    var asked = parameters.get("requested_expiry");
    if (asked.isEmpty()) {
      return ok(LIFETIME);
    }
    if (!SECONDS.matcher(asked.get()).matches()) {
      return refused(MALFORMED_REQUEST, "requested_expiry is a number of seconds");
    }
    var wanted = Duration.ofSeconds(Long.parseLong(asked.get()));
    return ok(wanted.compareTo(LIFETIME_MAX) < 0 ? wanted : LIFETIME_MAX);
  }

  /// What a client that is registered for it is told with; it has to say, and others need not.
  private static Result<Optional<String>> noticeToken(AskingClient client, Form parameters) {
    boolean isTold =
        client instanceof AskingClient.Application(var application)
            && application.registration().notificationUri().isPresent();
    if (!isTold) {
      return ok(Optional.empty());
    }
    var token = parameters.get("client_notification_token");
    return token.isPresent() && TOKEN.matcher(token.get()).matches()
        ? ok(token)
        : refused(
            MALFORMED_REQUEST,
            "client_notification_token is missing, or no bearer token of up to 1024 characters");
  }

  /// Whom a hint names, if that is somebody, and as whose the request is counted.
  private record Named(Optional<Id.User> user, String whom) {}

  private Result<Named> person(AuthenticatedClient client, Form parameters) {
    var idToken = parameters.get("id_token_hint");
    if (idToken.isPresent()) {
      return hints
          .user(idToken.get(), client.clientId())
          .map(user -> ok(new Named(active(directory.user(user)), user.text())))
          .orElseGet(
              () -> refused(MALFORMED_REQUEST, "id_token_hint is no ID token for this client"));
    }
    var hint = parameters.get("login_hint").orElse("");
    var user = active(named(hint));
    return ok(new Named(user, user.map(Id::text).orElseGet(() -> Secrets.digest(hint))));
  }

  /// By id, by user name, and by an address that one person alone has.
  private Optional<User> named(String hint) {
    return Id.User.parse(hint)
        .flatMap(directory::user)
        .or(() -> directory.userNamed(hint))
        .or(() -> directory.userAt(hint));
  }

  private static Optional<Id.User> active(Optional<User> user) {
    return user.filter(User::active).map(User::id);
  }
}
