package io.prokura.authorize;

import static io.prokura.kernel.Refusal.AUTHENTICATION_UNMET;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.catalogue.Action;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.passkeys.Assertion;
import io.prokura.passkeys.Offer;
import io.prokura.passkeys.Passkeys;
import io.prokura.passkeys.Signing;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import java.util.Optional;

/// What a person has to prove to allow a request that reached them without their browser.
///
/// Who has a passkey signs with it what they were shown and what they chose of it; nothing else
/// does for them. The challenge is made of the description of the request, so that a signature is
/// good for that request as it was shown, once, in that session. Whoever has none allows it by
/// their session. Either has to be worth what the client asks for (RFC 9470 §5). Whatever falls
/// short of that is on record.
public final class AnswerProofs {
  private final String issuer;
  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Passkeys passkeys;

  public AnswerProofs(
      String issuer, World world, Database database, AuditLog audit, Passkeys passkeys) {
    this.issuer = issuer;
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.passkeys = passkeys;
  }

  /// What a browser sends of a signature. Nothing of it is checked.
  ///
  /// @param sealed the offer that came with the page
  /// @param chosen the fields by which the person chose, each with its values as they were sent
  public record Said(String sealed, Json.Obj chosen, Assertion assertion) {}

  /// What was proven.
  ///
  /// @param session the person's session as it counts for what they allow
  /// @param signed what they signed, where they did
  record Proof(Session session, Optional<Signing.Signed> signed) {}

  /// What a person can do on the page of a request.
  public sealed interface Need {
    /// They allow it by pressing a button.
    record Nothing() implements Need {}

    /// They sign it with a passkey.
    record Passkey(Offer offer) implements Need {}

    /// They have to sign in in another way first, for how they did is not worth enough.
    record SignIn() implements Need {}
  }

  /// What it takes of the person in `session` to allow `request` by `client` as `question` asks it.
  Need need(PolledRequest request, AskingClient client, ConsentQuestion question, Session session) {
    return database.read(
        tx -> {
          if (passkeys.has(tx, session.user())) {
            var shown = shown(request, client, question, session);
            return new Need.Passkey(passkeys.beginSigning(tx, session.user(), shown));
          }
          return request.isMetBy(session.acr()) ? new Need.Nothing() : new Need.SignIn();
        });
  }

  /// What was proven for allowing `request`; refuses `AUTHENTICATION_UNMET`. Not to be called in a
  /// transaction: what it refuses has to stay on record, and a signature is used up by it.
  Result<Proof> check(
      PolledRequest request,
      AskingClient client,
      ConsentQuestion question,
      Session session,
      Optional<Said> said) {
    boolean isToBeSigned =
        said.isPresent() || database.<Boolean>read(tx -> passkeys.has(tx, session.user()));
    if (!isToBeSigned) {
      return request.isMetBy(session.acr())
          ? ok(new Proof(session, Optional.empty()))
          : unproven(request, session, "acr-unmet", "sign in with two factors to allow this");
    }
    if (said.isEmpty()) {
      return unproven(
          request, session, "passkey-missing", "use your passkey to allow this; nothing else does");
    }
    var shown = shown(request, client, question, session);
    var sent = said.get();
    var signing =
        database.<Signing>inTransaction(
            tx ->
                passkeys.finishSigning(
                    tx, session.user(), sent.sealed(), shown, sent.chosen(), sent.assertion()));
    return switch (signing) {
      case Signing.Signed signed -> {
        var proven = session.provenAnew(Passkeys.AMR, world.now());
        yield request.isMetBy(proven.acr())
            ? ok(new Proof(proven, Optional.of(signed)))
            : unproven(request, session, "acr-unmet", "a passkey is not worth what is asked for");
      }
      case Signing.Wrong _ ->
          unproven(request, session, "passkey-wrong", "no passkey of yours has signed this");
      case Signing.Expired _ ->
          unproven(
              request,
              session,
              "passkey-expired",
              "the page was open for too long, or used before");
      case Signing.Changed _ ->
          unproven(
              request,
              session,
              "request-changed",
              "what is asked for has changed; look at it again");
    };
  }

  private <T> Result<T> unproven(
      PolledRequest request, Session session, String reason, String detail) {
    database.inTransaction(
        tx -> {
          audit.append(
              tx,
              Event.about("request.unproven", request.id())
                  .by(session.user())
                  .word("client", request.clientId())
                  .word("reason", reason)
                  .build());
          return tx;
        });
    return refused(AUTHENTICATION_UNMET, detail);
  }

  /// What the page shows of a request and what would be granted at most, in words and ids, and
  /// whose page it is.
  private Json.Obj shown(
      PolledRequest request, AskingClient client, ConsentQuestion question, Session session) {
    var channel =
        switch (request.channel()) {
          case Channel.Backchannel(var message) -> Json.object().put("message", message).build();
          case Channel.Device(var source) -> Json.object().put("source", source).build();
        };
    var all =
        Json.object()
            .put("issuer", issuer)
            .put("request", request.id().text())
            .put("user", session.user().text())
            .put("session", session.id().text())
            .put("client", named(client.id(), client.name()))
            .put("askedAt", request.createdAt().toEpochMilli())
            .put("channel", channel)
            .put("resource", named(question.resource().identifier(), question.resource().name()))
            .put("actions", actions(question))
            .put("identity", question.identity().values())
            .put("levels", request.levels());
    question.actor().ifPresent(actor -> all.put("actor", actor(actor)));
    return all.build();
  }

  private static Json.Obj named(String id, String name) {
    return Json.object().put("id", id).put("name", name).build();
  }

  private static Json.Obj actor(ConsentQuestion.Actor actor) {
    var agent = actor.agent();
    var purpose = actor.purpose();
    return Json.object()
        .put("agent", described(agent.id(), agent.name(), agent.description()))
        .put("owner", agent.owner().text())
        .put("purpose", described(purpose.id(), purpose.name(), purpose.description()))
        .build();
  }

  private static Json.Obj described(Id id, String name, String description) {
    return Json.object()
        .put("id", id.text())
        .put("name", name)
        .put("description", description)
        .build();
  }

  private static Json actions(ConsentQuestion question) {
    return Json.array(
        question.offered().values().stream()
            .map(scope -> action(question.resource().action(scope).orElseThrow()))
            .toList());
  }

  private static Json.Obj action(Action action) {
    return Json.object()
        .put("name", action.name())
        .put("description", action.description())
        .put("sensitivity", action.sensitivity().word())
        .put("reversible", action.reversible())
        .build();
  }
}
