package io.prokura.simulation;

import io.prokura.http.Response;
import io.prokura.json.Json;
import java.util.List;
import java.util.Optional;

/// A request, what was answered, and what it left in the database.
///
/// `view` is how far the node had certainly followed before, `reached` the furthest it can have
/// come when it was done; `stale`: it had certainly not followed for too long. `response` is empty
/// after an outage. `alone`: nobody else did anything meanwhile; then `changed` tells whether the
/// registers are not what they were.
record Exchange(
    Node node,
    View view,
    long reached,
    boolean stale,
    Call call,
    Optional<Response> response,
    List<Entry> entries,
    boolean alone,
    boolean changed) {

  boolean succeeded() {
    return status() / 100 == 2;
  }

  boolean refused() {
    return status() / 100 == 4;
  }

  boolean isOutage() {
    return response.isEmpty();
  }

  /// The status of the answer; 503 when there was none.
  int status() {
    return response.map(Response::status).orElse(503);
  }

  /// The answer's object; empty where it has none.
  Json.Obj body() {
    var text = response.map(Response::bodyText).orElse("");
    return text.startsWith("{") ? JsonText.object(text) : Json.object().build();
  }

  List<String> types() {
    return entries.stream().map(Entry::type).toList();
  }

  /// Whether the record says that it has been done.
  boolean done() {
    return !entries.isEmpty() && call.wish().marks().contains(types());
  }

  @Override
  public String toString() {
    var error = body().text("error").or(() -> body().text("code")).orElse("");
    return "%s: %s -> %d %s %s"
        .formatted(node.name(), call.wish().name(), status(), error, types())
        .strip();
  }
}
