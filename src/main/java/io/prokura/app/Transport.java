package io.prokura.app;

import io.prokura.http.Proxies;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.tls.Certificates;
import io.prokura.tls.ServerTls;
import io.prokura.tls.TrustAnchors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// How requests reach the server: with TLS by the certificate in two files, with a certificate for
/// this machine that the server makes itself, or without. Empty paths stand for no file.
record Transport(
    Path certificate, Path key, boolean isDevelopment, Proxies proxies, Path clientAuthorities) {
  private static final Path NOTHING = Path.of("");

  /// Without TLS, behind nobody.
  static final Transport PLAIN = new Transport(NOTHING, NOTHING, false, Proxies.NONE, NOTHING);

  boolean isSecure() {
    return isDevelopment || !certificate.equals(NOTHING);
  }

  /// Whether the certificate of a client can get here: by TLS, or from a proxy.
  boolean seesCertificates() {
    return isSecure() || !proxies.equals(Proxies.NONE);
  }

  /// The server's side of TLS; empty without TLS. Throws [Outage] for files that are of no use.
  Optional<ServerTls> open(World world, Path data) {
    if (isDevelopment) {
      var made = DevelopmentCertificate.in(data);
      made.ensure(world);
      return Optional.of(ServerTls.open(made.certificateFile(), made.keyFile()));
    }
    return isSecure() ? Optional.of(ServerTls.open(certificate, key)) : Optional.empty();
  }

  /// Who issues certificates to the organisation's clients. Throws [Outage] for a file that names
  /// nobody.
  TrustAnchors authorities() {
    if (clientAuthorities.equals(NOTHING)) {
      return TrustAnchors.NONE;
    }
    try {
      var text = Files.readString(clientAuthorities, StandardCharsets.ISO_8859_1);
      var authorities = Certificates.readPem(text);
      if (!authorities.isEmpty()) {
        return TrustAnchors.of(authorities);
      }
      throw new Outage("clientAuthorities has no well-formed certificates: " + clientAuthorities);
    } catch (IOException e) {
      throw new Outage("cannot read clientAuthorities: " + clientAuthorities, e);
    }
  }
}
