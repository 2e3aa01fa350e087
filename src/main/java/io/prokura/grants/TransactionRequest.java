package io.prokura.grants;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A request for a transaction token (draft-ietf-oauth-transaction-tokens §11.1), parsed. `wanted`
/// names no resource: the transaction is about the one that the subject token is for.
record TransactionRequest(
    Subject subject, String token, String audience, Circumstances said, Wanted wanted) {
  /// The type of what is asked for (RFC 8693 §3).
  static final String TYPE = "urn:ietf:params:oauth:token-type:txn_token";

  /// What the transaction begins with or goes on from. A refresh token is neither; what a workload
  /// says by itself, signed or not, proves nobody's authority.
  enum Subject {
    ACCESS_TOKEN(TokenType.ACCESS_TOKEN.urn()),
    TRANSACTION_TOKEN(TYPE);

    private final String urn;

    Subject(String urn) {
      this.urn = urn;
    }

    private static Optional<Subject> named(String urn) {
      return Arrays.stream(values()).filter(type -> type.urn.equals(urn)).findFirst();
    }
  }

  /// Whether a token exchange asks for a transaction token.
  static boolean isMeant(Form form) {
    return form.get("requested_token_type").equals(Optional.of(TYPE));
  }

  /// Refuses `MALFORMED_REQUEST`.
  static Result<TransactionRequest> parse(Form form, Limits limits, JsonReader reader) {
    var token = form.require("subject_token");
    if (!(token instanceof Ok(var subjectToken))) {
      return token.refusal();
    }
    var subject = form.get("subject_token_type").flatMap(Subject::named);
    if (subject.isEmpty()) {
      return refused(MALFORMED_REQUEST, "subject_token_type is missing or not supported");
    }
    for (var name : List.of("resource", "actor_token", "actor_token_type", "requested_actor")) {
      if (form.has(name)) {
        return refused(MALFORMED_REQUEST, name + " means nothing here");
      }
    }
    var audiences = form.all("audience");
    if (audiences.size() != 1) {
      return refused(MALFORMED_REQUEST, "audience is the trust domain");
    }
    var scope = form.require("scope");
    if (!(scope instanceof Ok(var named))) {
      return scope.refusal();
    }
    var parsed = Scopes.parse(named, limits);
    if (!(parsed instanceof Ok(var scopes))) {
      return parsed.refusal();
    }
    return Circumstances.parse(form, reader, subjectToken)
        .map(
            said ->
                new TransactionRequest(
                    subject.get(),
                    subjectToken,
                    audiences.getFirst(),
                    said,
                    new Wanted("", scopes, form.get("purpose").orElse(""))));
  }
}
