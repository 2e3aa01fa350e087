package io.prokura.demo;

import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.json.Json;
import java.util.HexFormat;
import java.util.Optional;

/// Somebody with an administrator's token, at the management API.
final class Administrator {
  private static final int RECEIPT_TRIES = 60;
  private static final long RECEIPT_PAUSE_MILLIS = 200;
  private static final int KEY_BYTES = 16;

  private final Stage stage;
  private final Narrator narrator;
  private final String token;

  Administrator(Stage stage, Narrator narrator) {
    this.stage = stage;
    this.narrator = narrator;
    this.token = stage.administratorToken();
  }

  String token() {
    return token;
  }

  /// Posts and tells of it; `shown` are the members of the answer that are worth showing.
  Answer post(String path, Json.Obj body, String... shown) {
    narrator.sent("administrator", "POST /api/v1/" + path, body);
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
