package io.prokura.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.WritableHeaders;
import java.util.Locale;

/// Puts a response's headers on the wire, with those that every response gets: nobody may guess
/// its type, frame it, run anything from it, or learn from which page a link was followed. A
/// response may set its own `Content-Security-Policy`.
final class WireHeaders {
  private static final Header NO_STORE = HeaderValues.createCached("Cache-Control", "no-store");
  private static final Header NO_SNIFF =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");
  private static final Header NO_REFERRER =
      HeaderValues.createCached("Referrer-Policy", "no-referrer");
  private static final Header NO_CONTENT =
      HeaderValues.createCached(
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");

  private WireHeaders() {}

  static void write(Response response, String requestId, WritableHeaders<?> out) {
    for (var header : response.headers()) {
      var name = HeaderNames.create(header.name().toLowerCase(Locale.ROOT), header.name());
      out.add(HeaderValues.create(name, header.value()));
    }
    out.set(
        response.cacheControl().equals("no-store")
            ? NO_STORE
            : HeaderValues.create(HeaderNames.CACHE_CONTROL, response.cacheControl()));
    out.set(NO_SNIFF);
    out.set(NO_REFERRER);
    out.setIfAbsent(NO_CONTENT);
    out.set(HeaderValues.create(RequestIds.HEADER, requestId));
  }
}
