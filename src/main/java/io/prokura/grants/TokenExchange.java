package io.prokura.grants;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.Optional;

/// A token exchange request (RFC 8693 §2.1), parsed. Absent tokens and names are empty texts.
record TokenExchange(
    TokenType subjectType,
    String subjectToken,
    String actorToken,
    TokenType requested,
    String requestedActor,
    Wanted wanted) {

  /// Refuses `MALFORMED_REQUEST` for a combination of parameters that means nothing here.
  static Result<TokenExchange> parse(Form form, Limits limits) {
    var subjectToken = form.require("subject_token");
    if (!(subjectToken instanceof Ok(var subject))) {
      return subjectToken.refusal();
    }
    var subjectType = form.get("subject_token_type").flatMap(TokenType::named);
    if (subjectType.isEmpty()) {
      return refused(MALFORMED_REQUEST, "subject_token_type is missing or not supported");
    }
    var requested =
        TokenType.named(form.get("requested_token_type").orElse(TokenType.ACCESS_TOKEN.urn()));
    if (requested.isEmpty() || requested.get() == TokenType.DELEGATION) {
      return refused(MALFORMED_REQUEST, "requested_token_type is not supported");
    }
    if (form.has("actor_token") != form.has("actor_token_type")) {
      return refused(MALFORMED_REQUEST, "actor_token and actor_token_type go together");
    }
    if (form.has("actor_token")
        && !form.get("actor_token_type").equals(Optional.of(TokenType.ACCESS_TOKEN.urn()))) {
      return refused(MALFORMED_REQUEST, "an actor token is an access token");
    }
    boolean handsOver = requested.get() == TokenType.HAND_OVER;
    if (handsOver != form.has("requested_actor")) {
      return refused(
          MALFORMED_REQUEST, "a hand-over names its requested_actor, and nothing else has one");
    }
    if (handsOver && subjectType.get() != TokenType.ACCESS_TOKEN) {
      return refused(MALFORMED_REQUEST, "only an access token can be handed over");
    }
    return Target.of(form, limits)
        .map(
            wanted ->
                new TokenExchange(
                    subjectType.get(),
                    subject,
                    form.get("actor_token").orElse(""),
                    requested.get(),
                    form.get("requested_actor").orElse(""),
                    wanted));
  }
}
