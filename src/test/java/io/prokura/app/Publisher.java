package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/// Publishes policies of the organisation at a node, over the API.
///
/// @param token of somebody who may
record Publisher(TestServer at, String token) {
  private static final String POLICIES = "/api/v1/policies/organisation";

  /// A policy that keeps agents from everything.
  static String closed(String id) {
    return "@id(\"%s\")\nforbid (principal is Prokura::Agent, action, resource);\n".formatted(id);
  }

  /// A policy that keeps nobody in these tests from anything.
  static String open(String id) {
    return "@id(\"%s\")\nforbid (principal is Prokura::Workload, action, resource);\n"
        .formatted(id);
  }

  static Publisher of(TestServer at) {
    return new Publisher(at, at.operatorToken());
  }

  /// Publishes these policies in the place of all there were, and returns their number.
  long publish(String text) {
    var begun = begun(text);
    var published = published(begun);
    assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
    return at.object(published.body()).number("number").orElseThrow();
  }

  /// A draft with these policies alone, based on what is live.
  HttpResponse<String> begun(String text) {
    var put = Json.object().put("name", "rules.cedar").put("text", text).build();
    var body = Json.object().put("files", Json.array(List.of(put))).build();
    var begun = at.post(POLICIES + "/drafts", token, body);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
    return begun;
  }

  /// What comes of publishing a draft as it was begun.
  HttpResponse<String> published(HttpResponse<String> begun) {
    var id = at.object(begun.body()).text("id").orElseThrow();
    var etag = begun.headers().firstValue("ETag").orElseThrow();
    return at.send(
        "POST",
        POLICIES + "/drafts/" + id + "/publish",
        token,
        Map.of("If-Match", etag),
        "{\"note\":\"a test\"}");
  }

  /// Brings back what an earlier number had; returns the new number.
  long rollBack(long number) {
    var body = Json.object().put("number", number).build();
    var done = at.done(POLICIES + "/rollback", token, body);
    return done.number("number").orElseThrow();
  }

  /// The number of what is live at the node.
  long live() {
    return Office.answer(at, at.get(POLICIES, token)).number("number").orElseThrow();
  }

  /// The text that was published under a number.
  String text(long number) {
    return Office.answer(at, at.get(POLICIES + "/snapshots/" + number, token))
        .get("files")
        .orElseThrow()
        .toText();
  }
}
