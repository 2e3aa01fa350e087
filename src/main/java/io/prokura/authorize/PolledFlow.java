package io.prokura.authorize;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Takes a request that is answered out of band from its arrival to its answer: the client gets
/// something to poll with, the person finds the request and decides. Nothing is ever allowed
/// without the person, whatever they allowed before.
public final class PolledFlow {
  /// The grant type of requests that are begun by naming a person.
  public static final String BACKCHANNEL = "urn:openid:params:grant-type:ciba";

  /// That of devices.
  public static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

  private final Database database;
  private final BackchannelRequests backchannel;
  private final DeviceRequests devices;
  private final PolledRequests requests;
  private final AskingClients clients;
  private final ConsentQuestions questions;
  private final Answering answering;
  private final Choices choices;
  private final AnswerProofs proofs;

  public PolledFlow(
      Database database,
      BackchannelRequests backchannel,
      DeviceRequests devices,
      PolledRequests requests,
      AskingClients clients,
      ConsentQuestions questions,
      Answering answering,
      Choices choices,
      AnswerProofs proofs) {
    this.database = database;
    this.backchannel = backchannel;
    this.devices = devices;
    this.requests = requests;
    this.clients = clients;
    this.questions = questions;
    this.answering = answering;
    this.choices = choices;
    this.proofs = proofs;
  }

  /// Knows what programs that registered themselves have registered for.
  @FunctionalInterface
  public interface Choices {
    /// Whether `client` has registered for the grant type `type`.
    boolean cover(Id.Client client, String type);
  }

  /// What a client polls with, for how long, and how often; and what it shows its person for them
  /// to type in, if it has to.
  public record Started(
      String secret, Optional<String> userCode, Duration lifetime, Duration interval) {}

  /// A request as its person sees it.
  ///
  /// @param question what they are asked, or why nobody could allow it
  public record Open(
      PolledRequest request, AskingClient client, Result<ConsentQuestion> question) {}

  /// Keeps a backchannel authentication request (OpenID Connect CIBA Core §7.3). Who is named by
  /// it changes nothing in the answer.
  public Result<Started> backchannel(AuthenticatedClient client, Form parameters) {
    if (!mayBegin(client, BACKCHANNEL)) {
      return notAllowed(BACKCHANNEL);
    }
    var read = backchannel.read(client, parameters);
    return read instanceof Ok(var good)
        ? requests
            .keep(good.request(), client.holder().id(), good.whom(), good.noticeToken())
            .map(kept -> started(kept))
        : read.refusal();
  }

  /// Keeps the request of a device at the address `source` (RFC 8628 §3.2).
  public Result<Started> device(AuthenticatedClient client, Form parameters, String source) {
    if (!mayBegin(client, DEVICE)) {
      return notAllowed(DEVICE);
    }
    var read = devices.read(client, parameters, source);
    return read instanceof Ok(var request)
        ? requests
            .keep(request, client.holder().id(), Secrets.digest(source), Optional.empty())
            .map(kept -> started(kept))
        : read.refusal();
  }

  /// Who begins such a request chooses whom it reaches, so a program that registered itself needs
  /// to have been let; for others an administrator has answered that.
  private boolean mayBegin(AuthenticatedClient client, String type) {
    return clients
        .active(client.clientId())
        .map(
            asking ->
                switch (asking) {
                  case AskingClient.Itself _ -> true;
                  case AskingClient.Application(var application) ->
                      application.registration().isVouchedFor()
                          || choices.cover(application.id(), type);
                })
        .orElse(true);
  }

  private static <T> Result<T> notAllowed(String type) {
    return refused(CLIENT_NOT_ALLOWED, "the application has not registered for " + type);
  }

  /// Makes the request whose device shows the code `typed` the person's; refuses `NOT_FOUND`.
  public Result<Id.PolledRequest> claim(String typed, Session session) {
    return requests.claim(typed, session.user());
  }

  private static Started started(PolledRequests.Kept kept) {
    var request = kept.request();
    return new Started(
        kept.secret(),
        kept.userCode().map(UserCode::shown),
        Duration.between(request.createdAt(), request.expiresAt()),
        request.interval());
  }

  /// What waits for a person, oldest first.
  public List<PolledRequest> waiting(Id.User user) {
    return requests.waiting(user);
  }

  /// A request that waits for the person in `session`; refuses `NOT_FOUND` for every other.
  public Result<Open> open(Id.PolledRequest id, Session session) {
    var found = requests.waiting(id, session.user());
    if (!(found instanceof Ok(var request))) {
      return found.refusal();
    }
    var client = clients.active(request.clientId());
    if (client.isEmpty()) {
      return refused(NOT_FOUND, "who asked may not ask any more");
    }
    var asking = client.get();
    return ok(new Open(request, asking, question(request, asking, session)));
  }

  private Result<ConsentQuestion> question(
      PolledRequest request, AskingClient client, Session session) {
    var asked = questions.of(request.asked(client), session.user(), session.checked());
    return asked instanceof Ok(var question)
            && request.channel() instanceof PolledRequest.Channel.Device
        ? DeviceRequests.withoutSensitive(question)
        : asked;
  }

  /// What it takes of the person in `session` to allow `question` of the request that is open.
  public AnswerProofs.Need need(Open open, ConsentQuestion question, Session session) {
    return proofs.need(open.request(), open.client(), question, session);
  }

  /// What somebody allows of a request.
  ///
  /// @param depth how many agents in a row may act by it
  /// @param said what their browser sent of a signature, if anything
  public record Allowance(
      Scopes scopes, Duration lasts, int depth, Optional<AnswerProofs.Said> said) {}

  /// Allows of a request what the person chose; refuses `NOT_FOUND`, `FIELD_INVALID`,
  /// `AUTHENTICATION_UNMET` where it takes another proof than there is, which is on record then,
  /// and what nobody could allow. What is granted rests on what was proven for it.
  public Result<PolledRequest> allow(Id.PolledRequest id, Session session, Allowance allowance) {
    var found = open(id, session);
    if (!(found instanceof Ok(var open))) {
      return found.refusal();
    }
    if (!(open.question() instanceof Ok(var question))) {
      return open.question().refusal();
    }
    var chosen =
        Answering.Choice.of(question, allowance.scopes(), allowance.lasts(), allowance.depth());
    if (!(chosen instanceof Ok(var choice))) {
      return chosen.refusal();
    }
    var checked = proofs.check(open.request(), open.client(), question, session, allowance.said());
    return checked instanceof Ok(var proof)
        ? answering.grant(
            question,
            proof.session(),
            choice,
            (tx, grant) ->
                requests.answer(
                    tx, open.request(), session.user(), Optional.of(grant.id()), proof.signed()))
        : checked.refusal();
  }

  /// Denies a request; refuses `NOT_FOUND`.
  public Result<PolledRequest> deny(Id.PolledRequest id, Session session) {
    var found = requests.waiting(id, session.user());
    return found instanceof Ok(var request)
        ? database.inTransaction(
            tx -> requests.answer(tx, request, session.user(), Optional.empty(), Optional.empty()))
        : found.refusal();
  }
}
