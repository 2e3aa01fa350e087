package io.prokura.authzen;

import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;

/// What the reader of evaluation requests promises for any input: an answer.
public final class AuthzenFuzz {
  private static final JsonReader JSON = new JsonReader(Limits.standard());

  private AuthzenFuzz() {}

  /// The body of a request for a decision.
  public static void evaluation(byte[] input) {
    if (JSON.readObject(input) instanceof Ok(var body)) {
      EvaluationRequest.parse(body);
    }
  }
}
