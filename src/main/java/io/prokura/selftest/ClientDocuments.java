package io.prokura.selftest;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/// Applications that are known by a document at a URL (draft-ietf-oauth-client-id-metadata-document
/// §6): URLs that would have the server look around inside, and that mean something else to
/// somebody else. Where none is known in this way, each is an application that nobody knows.
final class ClientDocuments {
  private static final String SOURCE = "CIMD §6.5";

  private ClientDocuments() {}

  static List<Attack> all() {
    return List.of(
        Attack.each(
            "an application whose document lies inside",
            SOURCE,
            Expected.nowhere(Scene.STRANGER),
            ClientDocuments::inside),
        Attack.each(
            "an application at a URL of two readings",
            "CIMD §3",
            Expected.nowhere(Scene.STRANGER),
            ClientDocuments::ambiguous));
  }

  private static List<Reply> inside(Scene scene) {
    try (var listener = new Listener()) {
      var port = URI.create(listener.address("/")).getPort();
      return List.of(
              "https://127.0.0.1:" + port + "/client",
              "https://localhost:" + port + "/client",
              "https://[::ffff:127.0.0.1]:" + port + "/client",
              "https://2130706433:" + port + "/client",
              "https://169.254.169.254/latest/meta-data/",
              "https://[fd00:ec2::254]/latest/meta-data/",
              "https://10.0.0.1/client",
              "https://0.0.0.0:" + port + "/client")
          .stream()
          .map(url -> unvisited(scene, listener, AuthorizationRequests.by(scene, url)))
          .toList();
    }
  }

  /// A server that is itself of this machine alone may look at what else is here.
  private static Reply unvisited(Scene scene, Listener listener, Reply reply) {
    var host = URI.create(scene.issuer()).getHost();
    boolean isLocal = List.of("127.0.0.1", "localhost", "[::1]").contains(host);
    return isLocal ? reply : listener.unvisited(reply);
  }

  private static List<Reply> ambiguous(Scene scene) {
    var host = Scene.STRANGER;
    return List.of(
            "http://" + host + "/client",
            "https://" + host,
            "https://user@" + host + "/client",
            "https://" + host + "/client#part",
            "https://" + host + "/a/../client",
            "https://" + host + "/a/%2e%2e/client",
            "https://" + host.toUpperCase(Locale.ROOT) + "/client",
            "file:///etc/passwd",
            "ftp://" + host + "/client",
            "https:" + host + "/client")
        .stream()
        .map(url -> AuthorizationRequests.by(scene, url))
        .toList();
  }
}
