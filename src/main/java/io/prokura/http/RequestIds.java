package io.prokura.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.prokura.kernel.World;
import java.util.HexFormat;

/// Names requests: as the caller did in `X-Request-ID`, if that is fit for a log, or at random.
record RequestIds(World world) {
  static final HeaderName HEADER = HeaderNames.create("x-request-id", "X-Request-ID");

  String of(Headers headers) {
    if (headers.contains(HEADER)) {
      var sent = headers.get(HEADER);
      if (sent.valueCount() == 1 && HeaderText.isRequestId(sent.get())) {
        return sent.get();
      }
    }
    var hex = HexFormat.of();
    var entropy = world.entropy();
    return hex.toHexDigits(entropy.nextLong()) + hex.toHexDigits(entropy.nextLong());
  }
}
