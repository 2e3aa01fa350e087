package io.prokura.http;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/// What the readers of forms, headers and paths promise for any input: an answer.
public final class HttpFuzz {
  private static final Limits LIMITS = Limits.standard();

  private HttpFuzz() {}

  /// A form, as a body or a query.
  public static void form(byte[] input) {
    FormParser.parse(input, LIMITS.parametersMax(), Set.of());
    FormParser.parse(input, LIMITS.parametersMax(), Set.of("resource", "scope"));
  }

  /// The value of a header: of each that is taken apart.
  public static void headers(byte[] input) {
    var value = new String(input, StandardCharsets.ISO_8859_1);
    HeaderText.describe(value);
    HeaderText.isName(value);
    HeaderText.isRequestId(value);
    ContentType.matches(List.of(value), "application/json");
    ContentType.matches(List.of(value, value), "application/json");
    if (HeaderText.isValue(value)) {
      var request =
          Request.to(LIMITS, "POST", "/").header("Authorization", value).form(value).build();
      request.basicCredentials();
      if (request.bearerToken() instanceof Ok(var token)
          && token.isPresent()
          && !HeaderText.isBearerToken(token.get())) {
        throw new AssertionError(token);
      }
    }
  }

  /// A segment of a path, and percent-encoded bytes.
  public static void url(byte[] input) {
    UrlEncoding.decode(input, 0, input.length);
    UrlEncoding.decode(input, input.length / 2, input.length);
    UrlEncoding.decodeSegment(new String(input, StandardCharsets.ISO_8859_1));
    UrlEncoding.decodeSegment(new String(input, StandardCharsets.UTF_8));
  }
}
