package io.prokura.grants;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.refused;

import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A request for an ID-JAG (draft-ietf-oauth-identity-assertion-authz-grant §4.3), parsed:
/// `audience` is the server elsewhere, the resource in `wanted` one of its own or empty.
record VouchingRequest(Subject subject, String token, String audience, Wanted wanted) {
  /// The type of what is asked for (RFC 8693 §3).
  static final String TYPE = "urn:ietf:params:oauth:token-type:id-jag";

  /// What says who the person is.
  enum Subject {
    ID_TOKEN("urn:ietf:params:oauth:token-type:id_token"),
    REFRESH_TOKEN("urn:ietf:params:oauth:token-type:refresh_token"),
    ACCESS_TOKEN("urn:ietf:params:oauth:token-type:access_token");

    private final String urn;

    Subject(String urn) {
      this.urn = urn;
    }

    private static Optional<Subject> named(String urn) {
      return Arrays.stream(values()).filter(type -> type.urn.equals(urn)).findFirst();
    }
  }

  /// Whether a token exchange asks for an ID-JAG.
  static boolean isMeant(Form form) {
    return form.get("requested_token_type").equals(Optional.of(TYPE));
  }

  /// Refuses `MALFORMED_REQUEST`, and `RESOURCE_UNKNOWN` for several resources or servers.
  static Result<VouchingRequest> parse(Form form, Limits limits) {
    var token = form.require("subject_token");
    if (!(token instanceof Ok(var subjectToken))) {
      return token.refusal();
    }
    var subject = form.get("subject_token_type").flatMap(Subject::named);
    if (subject.isEmpty()) {
      return refused(MALFORMED_REQUEST, "subject_token_type is missing or not supported");
    }
    for (var name : List.of("actor_token", "requested_actor", "authorization_details")) {
      if (form.has(name)) {
        return refused(
            MALFORMED_REQUEST, name + " means nothing here; agents send their own token");
      }
    }
    var audiences = form.all("audience");
    var resources = form.all("resource");
    if (audiences.isEmpty()) {
      return refused(MALFORMED_REQUEST, "the parameter audience is missing");
    }
    if (audiences.size() > 1 || resources.size() > 1) {
      return refused(RESOURCE_UNKNOWN, "an ID-JAG is for one resource of one server");
    }
    var resource = resources.isEmpty() ? "" : resources.getFirst();
    return Scopes.parse(form.get("scope").orElse(""), limits)
        .map(
            scopes ->
                new VouchingRequest(
                    subject.get(),
                    subjectToken,
                    audiences.getFirst(),
                    new Wanted(resource, scopes, form.get("purpose").orElse(""))));
  }
}
