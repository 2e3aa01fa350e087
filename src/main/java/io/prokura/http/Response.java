package io.prokura.http;

import io.prokura.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is sent back for one request. Immutable; every change makes a copy. Nobody may keep a
/// response unless it says otherwise with `cacheable` (`Cache-Control: no-store`).
public final class Response {
  private static final byte[] NO_BODY = {};

  /// One header line, with the name as it is written on the wire.
  public record Header(String name, String value) {
    public Header {
      if (!HeaderText.isName(name) || !HeaderText.isValue(value)) {
        throw new IllegalArgumentException("not a header: " + name);
      }
    }
  }

  private final int status;
  private final String cacheControl;
  private final List<Header> headers;
  private final byte[] body;

  private Response(int status, String cacheControl, List<Header> headers, byte[] body) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException("not a final status: " + status);
    }
    this.status = status;
    this.cacheControl = cacheControl;
    this.headers = headers;
    this.body = body;
  }

  /// `body` as `application/json`.
  public static Response json(int status, Json body) {
    return bytes(status, "application/json", body.bytes());
  }

  /// `body` as `text/plain` in UTF-8.
  public static Response text(int status, String body) {
    return bytes(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  /// `body` as it is; it is not copied and must not change afterwards.
  public static Response bytes(int status, String contentType, byte[] body) {
    return new Response(status, "no-store", List.of(new Header("Content-Type", contentType)), body);
  }

  /// A response without a body.
  public static Response empty(int status) {
    return new Response(status, "no-store", List.of(), NO_BODY);
  }

  /// Sends a browser to `location` with GET (RFC 9110 §15.4.4).
  public static Response seeOther(String location) {
    return empty(303).with("Location", location);
  }

  /// A copy with one more header line; throws when it could break the message apart.
  public Response with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Response(status, cacheControl, List.copyOf(more), body);
  }

  /// A copy with another `Cache-Control`, such as `public, max-age=300`.
  public Response cacheable(String control) {
    if (!HeaderText.isValue(control)) {
      throw new IllegalArgumentException("not a header value");
    }
    return new Response(status, control, headers, body);
  }

  public int status() {
    return status;
  }

  /// The value of `Cache-Control`.
  public String cacheControl() {
    return cacheControl;
  }

  /// The header lines in order, without those that every response gets (`Cache-Control`,
  /// `Content-Length`, `X-Request-ID` and the like).
  public List<Header> headers() {
    return headers;
  }

  /// The value of the first header line of this name in any case.
  public Optional<String> header(String name) {
    for (var header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /// The body itself, not a copy.
  public byte[] body() {
    return body;
  }

  /// The body as UTF-8 text.
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
