package io.prokura.grants;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Form;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.List;
import java.util.regex.Pattern;

/// What a workload says of a transaction: of the request that began it, and its details
/// (draft-ietf-oauth-transaction-tokens §11.1). The token goes from workload to workload in a
/// header, so each of the two has at most 2,000 bytes as JSON and is nested at most five deep, and
/// neither holds a token that somebody could take out of it.
record Circumstances(Json.Obj request, Json.Obj details) {
  private static final String REQUEST = "request_context";
  private static final String DETAILS = "request_details";
  private static final int SIZE_MAX = 2_000;
  private static final int DEPTH_MAX = 5;
  private static final String TOO_LARGE =
      " has more than %d bytes or is nested more than %d deep".formatted(SIZE_MAX, DEPTH_MAX);

  /// A JWS or JWE in its compact form: its header is a JSON object in base64url.
  private static final Pattern COMPACT =
      Pattern.compile("(?:eyJ|eyA|ewo|ew0|ewk)[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]*\\.");

  /// What the header `Authorization` says, of which the token can have any form.
  private static final Pattern CREDENTIALS =
      Pattern.compile("(?i)\\b(?:bearer|dpop|basic)\\s+[A-Za-z0-9._~+/=-]{8,}");

  /// Refuses `MALFORMED_REQUEST`; `subjectToken` in particular may not be in it.
  static Result<Circumstances> parse(Form form, JsonReader reader, String subjectToken) {
    var request = parse(form, REQUEST, reader, subjectToken);
    if (!(request instanceof Ok(var context))) {
      return request.refusal();
    }
    return parse(form, DETAILS, reader, subjectToken)
        .map(details -> new Circumstances(context, details));
  }

  private static Result<Json.Obj> parse(
      Form form, String name, JsonReader reader, String subjectToken) {
    var text = form.get(name);
    if (text.isEmpty()) {
      return ok(Json.Obj.EMPTY);
    }
    if (!(reader.readObject(text.get().getBytes(UTF_8)) instanceof Ok(var said))) {
      return refused(MALFORMED_REQUEST, name + " is not a JSON object");
    }
    if (!isSmall(said)) {
      return refused(MALFORMED_REQUEST, name + TOO_LARGE);
    }
    return holdsToken(said, subjectToken)
        ? refused(MALFORMED_REQUEST, name + " holds a token, which others could use")
        : ok(said);
  }

  private static boolean isSmall(Json.Obj said) {
    return said.bytes().length <= SIZE_MAX && depth(said) <= DEPTH_MAX;
  }

  private static int depth(Json value) {
    return switch (value) {
      case Json.Obj object -> 1 + deepest(List.copyOf(object.members().values()));
      case Json.Arr(var items) -> 1 + deepest(items);
      case Json.Str _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> 0;
    };
  }

  private static int deepest(List<Json> values) {
    return values.stream().mapToInt(Circumstances::depth).max().orElse(0);
  }

  /// Whether there is a token in `value`, in a name or in a text.
  private static boolean holdsToken(Json value, String subjectToken) {
    return switch (value) {
      case Json.Str(var text) -> isToken(text, subjectToken);
      case Json.Arr(var items) -> items.stream().anyMatch(item -> holdsToken(item, subjectToken));
      case Json.Obj object ->
          object.members().entrySet().stream()
              .anyMatch(
                  one ->
                      isToken(one.getKey(), subjectToken)
                          || holdsToken(one.getValue(), subjectToken));
      case Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> false;
    };
  }

  private static boolean isToken(String text, String subjectToken) {
    return text.contains(subjectToken)
        || COMPACT.matcher(text).find()
        || CREDENTIALS.matcher(text).find();
  }

  /// What was said before and `more`; refuses `MALFORMED_REQUEST` where that changes something, and
  /// where all of it is too large.
  static Result<Circumstances> added(Json.Obj request, Json.Obj details, Circumstances more) {
    var requests = added(REQUEST, request, more.request);
    if (!(requests instanceof Ok(var context))) {
      return requests.refusal();
    }
    return added(DETAILS, details, more.details)
        .map(together -> new Circumstances(context, together));
  }

  private static Result<Json.Obj> added(String name, Json.Obj before, Json.Obj more) {
    var all = Json.object().putAll(before.members());
    for (var one : more.members().entrySet()) {
      var known = before.get(one.getKey());
      if (known.isPresent() && !known.get().equals(one.getValue())) {
        return refused(MALFORMED_REQUEST, name + " changes what the transaction says already");
      }
      if (known.isEmpty()) {
        all.put(one.getKey(), one.getValue());
      }
    }
    var together = all.build();
    return isSmall(together) ? ok(together) : refused(MALFORMED_REQUEST, name + TOO_LARGE);
  }
}
