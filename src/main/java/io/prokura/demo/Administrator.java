package io.prokura.demo;

import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.json.Json;
import java.util.HexFormat;
import java.util.Optional;

/// Somebody with a token for it, at the management API.
final class Administrator {
  private static final int RECEIPT_TRIES = 60;
  private static final long RECEIPT_PAUSE_MILLIS = 200;
  private static final int KEY_BYTES = 16;

  private final Stage stage;
  private final Narrator narrator;
  private final String name;
  private final String token;

  Administrator(Stage stage, Narrator narrator) {
    this(stage, narrator, "administrator", stage.administratorToken());
  }

  Administrator(Stage stage, Narrator narrator, String name, String token) {
    this.stage = stage;
    this.narrator = narrator;
    this.name = name;
    this.token = token;
  }

  String token() {
    return token;
  }

  /// Posts and tells of it; `shown` are the members of the answer that are worth showing.
  Answer post(String path, Json.Obj body, String... shown) {
    narrator.sent(name, "POST /api/v1/" + path, body);
    var answer = quietly(path, body);
    narrator.received(answer, shown);
    return answer;
  }

  /// Posts without a word, and expects it done.
  Json.Obj done(String path, Json.Obj body) {
    var answer = quietly(path, body);
    if (!answer.isSuccess()) {
      throw new StepFailed("POST /api/v1/" + path + ": " + answer.refusal());
    }
    return answer.object().orElseThrow();
  }

  private Answer quietly(String path, Json.Obj body) {
    var key = HexFormat.of().formatHex(stage.world().bytes(KEY_BYTES));
    return stage.send(
        Call.of("POST", stage.at("/api/v1/" + path))
            .bearer(token)
            .json(body)
            .with("Idempotency-Key", key));
  }

  /// The id of the resource with this identifier.
  String resource(String identifier) {
    if (get("resources?limit=200").get("items").orElse(new Json.Null())
        instanceof Json.Arr(var all)) {
      for (var one : all) {
        if (one instanceof Json.Obj found
            && found.text("identifier").equals(Optional.of(identifier))) {
          return found.text("id").orElseThrow();
        }
      }
    }
    throw new StepFailed("there is no resource " + identifier);
  }

  /// Publishes policies: `files` is the body of a draft.
  void publish(Json.Obj files) {
    var drafts = "policies/organisation/drafts";
    var id = done(drafts, files).text("id").orElseThrow();
    var draft = stage.send(Call.of("GET", stage.at("/api/v1/" + drafts + "/" + id)).bearer(token));
    var published =
        stage.send(
            Call.of("POST", stage.at("/api/v1/" + drafts + "/" + id + "/publish"))
                .bearer(token)
                .with("If-Match", draft.etag())
                .json(Json.object().build()));
    if (!published.isSuccess()) {
      throw new StepFailed("the policies are not published: " + published.refusal());
    }
  }

  Json.Obj get(String path) {
    var answer = stage.send(Call.of("GET", stage.at("/api/v1/" + path)).bearer(token));
    if (!answer.isSuccess()) {
      throw new StepFailed("GET /api/v1/" + path + ": " + answer.refusal());
    }
    return answer.object().orElseThrow();
  }

  /// The receipt of an entry once it is in the tree; waits for that a few seconds.
  Json.Obj receipt(String id) {
    var receipt = get("audit/" + id + "/receipt");
    for (int i = 0; i < RECEIPT_TRIES && isPending(receipt); i++) {
      pause();
      receipt = get("audit/" + id + "/receipt");
    }
    if (isPending(receipt)) {
      throw new StepFailed("the receipt of " + id + " is still pending");
    }
    return receipt;
  }

  private static boolean isPending(Json.Obj receipt) {
    return receipt.text("status").equals(Optional.of("pending"));
  }

  private static void pause() {
    try {
      Thread.sleep(RECEIPT_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed("interrupted");
    }
  }
}
