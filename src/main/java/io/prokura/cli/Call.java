package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// One HTTP request as a client sends it. Immutable; every change makes a copy.
public final class Call {
  private static final byte[] NO_BODY = {};

  private final String method;
  private final URI uri;
  private final SequencedMap<String, String> headers;
  private final byte[] body;

  private Call(String method, URI uri, SequencedMap<String, String> headers, byte[] body) {
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException("not an HTTP address: " + uri);
    }
    this.method = method;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
  }

  public String method() {
    return method;
  }

  public URI uri() {
    return uri;
  }

  SequencedMap<String, String> headers() {
    return headers;
  }

  /// The bytes of the body, not a copy; none for no body.
  byte[] body() {
    return body;
  }

  /// A request without a body.
  public static Call of(String method, URI uri) {
    return new Call(method, uri, new LinkedHashMap<>(), NO_BODY);
  }

  /// The same request with a JSON body.
  public Call json(Json body) {
    return new Call(method, uri, headers, body.bytes()).with("Content-Type", "application/json");
  }

  /// The same request with an `application/x-www-form-urlencoded` body.
  public Call form(Map<String, String> parameters) {
    return new Call(method, uri, headers, encoded(parameters).getBytes(UTF_8))
        .with("Content-Type", "application/x-www-form-urlencoded");
  }

  /// The same request with one more header, or another value for it.
  public Call with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(method, uri, more, body);
  }

  /// The same request with a bearer token (RFC 6750 §2.1).
  public Call bearer(String token) {
    return with("Authorization", "Bearer " + token);
  }

  /// Parameters as a query or form has them.
  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  /// A text as one segment of a path, or as the name or value of a parameter.
  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
