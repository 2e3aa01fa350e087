package io.prokura.management;

import io.prokura.http.Problem;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;

/// What callers of the management API see of what a verb returns.
public final class Answers {
  private Answers() {}

  public static Response answer(Result<Response> result) {
    return switch (result) {
      case Result.Ok<Response>(var response) -> response;
      case Result.Refused<Response> refused ->
          Problem.response(Request.to(Limits.standard(), "GET", "/").build(), refused);
    };
  }
}
