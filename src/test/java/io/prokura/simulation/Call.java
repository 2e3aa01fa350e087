package io.prokura.simulation;

import io.prokura.http.Request;
import io.prokura.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request to the last byte, so that it can be sent again. `once` is the client assertion in it.
record Call(
    Wish wish,
    String method,
    String path,
    List<Header> headers,
    String body,
    Optional<Assertion> once) {

  record Header(String name, String value) {}

  /// A client assertion by its `jti`, and from when on nobody accepts it.
  record Assertion(String jti, Instant until) {}

  static Call json(Wish wish, String method, String path, Json.Obj body) {
    return new Call(wish, method, path, List.of(), body.toText(), Optional.empty());
  }

  static Call look(String what, String path) {
    return new Call(new Wish.Look(what), "GET", path, List.of(), "", Optional.empty());
  }

  /// Whether it goes to the management API, for which it needs a token.
  boolean isManagement() {
    return path.startsWith("/api/") || path.startsWith("/log/tile/entries/");
  }

  Call with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Call(wish, method, path, List.copyOf(more), body, once);
  }

  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .findFirst();
  }

  /// Whether it must not do twice what it does once.
  boolean isForOnce() {
    return once.isPresent()
        || header("Idempotency-Key").isPresent()
        || (wish instanceof Wish.Issue issue && issue.grant() == Wish.Grant.TAKE);
  }

  void write(Request.Builder request) {
    headers.forEach(header -> request.header(header.name(), header.value()));
    if (!body.isEmpty()) {
      boolean form = path.startsWith("/oauth2/");
      request.body(form ? "application/x-www-form-urlencoded" : "application/json", body);
    }
  }
}
