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
import io.prokura.tokens.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A request for a word to a server elsewhere (draft-ietf-oauth-identity-chaining §2.3.1,
/// draft-ietf-oauth-identity-assertion-authz-grant §4.3), parsed: `server` is that server, and the
/// resource in `wanted` one of its own or empty.
record VouchingRequest(Subject subject, String token, String server, Wanted wanted) {

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

  /// The kind of word that a token exchange asks for, if it asks for one.
  static Optional<Word> word(Form form) {
    return form.get("requested_token_type").flatMap(Word::named);
  }

  /// Refuses `MALFORMED_REQUEST`, and `RESOURCE_UNKNOWN` for several resources or servers.
  static Result<VouchingRequest> parse(Word word, Form form, Limits limits) {
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
    var aimed = aim(word, form);
    return aimed instanceof Ok(var aim)
        ? Scopes.parse(form.get("scope").orElse(""), limits)
            .map(
                scopes ->
                    new VouchingRequest(
                        subject.get(),
                        subjectToken,
                        aim.server(),
                        new Wanted(aim.resource(), scopes, form.get("purpose").orElse(""))))
        : aimed.refusal();
  }

  /// A server elsewhere, and a resource of its own or nothing.
  private record Aim(String server, String resource) {}

  /// Both profiles name the server as `audience`. Identity chaining may also name it as `resource`,
  /// and nothing then names one of its resources.
  private static Result<Aim> aim(Word word, Form form) {
    var audiences = form.all("audience");
    var resources = form.all("resource");
    if (audiences.size() > 1 || resources.size() > 1) {
      return refused(RESOURCE_UNKNOWN, "the word is for one resource of one server");
    }
    var resource = resources.stream().findFirst().orElse("");
    boolean byResource = word == Word.JWT && !resource.isEmpty();
    if (audiences.isEmpty()) {
      return byResource
          ? Result.ok(new Aim(resource, ""))
          : refused(MALFORMED_REQUEST, "the parameter audience is missing");
    }
    var server = audiences.getFirst();
    return Result.ok(new Aim(server, byResource && resource.equals(server) ? "" : resource));
  }
}
