package io.prokura.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.StringJoiner;

/// Where the answer to an authorization request goes: an address that the application registered.
/// Only [AuthorizationRequests] makes one, when it has found the address there.
public final class Destination {
  private final String redirectUri;
  private final Optional<String> state;
  private final ResponseMode mode;

  Destination(String redirectUri, Optional<String> state, ResponseMode mode) {
    this.redirectUri = redirectUri;
    this.state = state;
    this.mode = mode;
  }

  public String redirectUri() {
    return redirectUri;
  }

  public ResponseMode mode() {
    return mode;
  }

  public Optional<String> state() {
    return state;
  }

  /// The redirect URI with the parameters of an answer in its query.
  public String with(SequencedMap<String, String> parameters) {
    var query = new StringJoiner("&");
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      query.add(one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8));
    }
    return redirectUri + (redirectUri.indexOf('?') < 0 ? "?" : "&") + query;
  }
}
