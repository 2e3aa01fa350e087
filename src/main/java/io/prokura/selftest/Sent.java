package io.prokura.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// One HTTP request as it goes over the wire, which no client library puts right: headers may
/// repeat, and the target is left as it is.
///
/// @param target path and query
record Sent(String method, String target, List<Header> headers, String body) {
  Sent {
    headers = List.copyOf(headers);
  }

  static Sent of(String method, String target) {
    return new Sent(method, target, List.of(), "");
  }

  static Sent get(String target) {
    return of("GET", target);
  }

  /// A form, of pairs of name and value; a name may come again.
  static Sent form(String target, String... pairs) {
    return of("POST", target).carrying("application/x-www-form-urlencoded", encoded(pairs));
  }

  static Sent json(String target, Json body) {
    return of("POST", target).carrying("application/json", body.toText());
  }

  /// The same with one more line in its head.
  Sent with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Sent(method, target, more, body);
  }

  /// The same with this body.
  Sent carrying(String type, String text) {
    return new Sent(method, target, headers, text).with("Content-Type", type);
  }

  Sent bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  Sent basic(String id, String secret) {
    var pair = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    return with("Authorization", "Basic " + pair);
  }

  boolean has(String name) {
    return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
  }

  /// Pairs as a query or a form has them.
  static String encoded(String... pairs) {
    var all = new ArrayList<String>();
    for (int i = 0; i < pairs.length; i += 2) {
      all.add(encode(pairs[i]) + "=" + encode(pairs[i + 1]));
    }
    return String.join("&", all);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
