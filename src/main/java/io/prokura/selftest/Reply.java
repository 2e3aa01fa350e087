package io.prokura.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What came back for a request.
record Reply(int status, List<Header> headers, String body) {
  private static final JsonReader READER = new JsonReader(Limits.standard());
  private static final int SHOWN_MAX = 160;

  /// What a page says of a request that it refuses.
  private static final Pattern HINT = Pattern.compile("<p class=\"hint\">([^<]+)</p>");

  Reply {
    headers = List.copyOf(headers);
  }

  boolean isGood() {
    return status / 100 == 2;
  }

  /// Whether the server said that it will not, which is neither a success nor a fault of its own.
  boolean isRefusal() {
    return status / 100 == 4;
  }

  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /// The body as a JSON object; an empty one where it is something else.
  Json.Obj object() {
    return READER.readObject(body.getBytes(UTF_8)) instanceof Ok(var object)
        ? object
        : Json.object().build();
  }

  /// The error of OAuth (RFC 6749 §5.2) or the code of a problem (RFC 9457), where there is one.
  Optional<String> error() {
    var object = object();
    return object.text("error").or(() -> object.text("code"));
  }

  /// An answer that no attack holds against, for what shows only in several together.
  static Reply fault(String what) {
    return new Reply(200, List.of(), Json.object().put("detail", what).build().toText());
  }

  /// Whether the word stands anywhere in the answer.
  boolean tells(String word) {
    return body.contains(word) || headers.stream().anyMatch(one -> one.value().contains(word));
  }

  /// The answer in one line: status, error and what is said of it, or where it leads.
  String line() {
    var object = object();
    var line = new StringBuilder().append(status);
    error().ifPresent(error -> line.append(' ').append(error));
    object
        .text("error_description")
        .or(() -> object.text("detail"))
        .ifPresent(detail -> line.append(": ").append(detail));
    HINT.matcher(body)
        .results()
        .limit(isRefusal() ? 1 : 0)
        .forEach(hint -> line.append(": ").append(hint.group(1)));
    for (var flag : List.of("active", "decision")) {
      object.flag(flag).ifPresent(is -> line.append(' ').append(flag).append(' ').append(is));
    }
    object
        .object("context")
        .flatMap(context -> context.text("reason"))
        .ifPresent(reason -> line.append(": ").append(reason));
    first("Location").ifPresent(location -> line.append(" to ").append(location));
    return line.length() <= SHOWN_MAX ? line.toString() : line.substring(0, SHOWN_MAX) + "…";
  }
}
