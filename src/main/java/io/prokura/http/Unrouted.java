package io.prokura.http;

import io.helidon.http.Headers;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;

/// Refuses requests that come to no verb because of what was sent, and tells of them. `metrics` is
/// where they are counted.
record Unrouted(RouteTable table, Proxies proxies, Metrics.OfRoute metrics, Unreached unreached) {

  /// The answer to what `connection` sent to `path`, under a status that HTTP has for this case.
  Response refuse(
      Connection connection, Headers headers, String path, int status, Refusal reason, Why why) {
    unreached.refused(table.name(path), reason, address(connection, headers));
    return table.form(path).refusal(status, reason, why.detail(), why.requestId());
  }

  /// What the caller is told, and the id of their request.
  record Why(String detail, String requestId) {}

  /// The sender's, or the proxy's where that doesn't say in a readable way for whom it speaks.
  private String address(Connection connection, Headers headers) {
    var sender =
        proxies.sender(
            connection.peer(), connection.certificate(), new Request.HeaderLines(headers));
    return sender instanceof Ok(var known) ? known.address() : connection.peer();
  }
}
