package io.prokura.app;

import io.prokura.app.Settings.Nonsense;
import io.prokura.http.Proxies;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.tls.Certificates;
import io.prokura.tls.ServerTls;
import io.prokura.tls.TrustAnchors;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// How requests reach the server: with TLS by the certificate in two files, with a certificate for
/// this machine that the server makes itself, or without. Empty paths stand for no file.
///
/// @param certificatePort a port of its own for clients with certificates, so that no browser is
///     asked for one
/// @param certificateUrl the URL by which such clients reach the server, where that is another
record Transport(
    Path certificate,
    Path key,
    boolean isDevelopment,
    Proxies proxies,
    Path clientAuthorities,
    Optional<Integer> certificatePort,
    Optional<String> certificateUrl) {
  private static final Path NOTHING = Path.of("");
  private static final String CERTIFICATE_PORT = "certificatePort";
  private static final String CERTIFICATE_URL = "certificateUrl";

  /// Without TLS, behind nobody.
  static final Transport PLAIN =
      new Transport(
          NOTHING, NOTHING, false, Proxies.NONE, NOTHING, Optional.empty(), Optional.empty());

  /// What the configuration of a server that is known as `issuer` says.
  static Transport read(Settings settings, String issuer) {
    boolean isDevelopment = settings.flag("tlsDev");
    if (settings.has("tlsCert") != settings.has("tlsKey")) {
      throw new Nonsense("tlsCert and tlsKey come together");
    }
    if (isDevelopment && settings.has("tlsCert")) {
      throw new Nonsense("tlsDev makes a certificate of its own; leave out tlsCert and tlsKey");
    }
    var port =
        settings.has(CERTIFICATE_PORT)
            ? Optional.of(settings.port(CERTIFICATE_PORT, 0))
            : Optional.<Integer>empty();
    if (port.isPresent() && !isSecure(settings)) {
      throw new Nonsense("certificatePort is for a server with TLS");
    }
    if (settings.has(CERTIFICATE_URL) && !isSecure(settings) && !settings.has("proxies")) {
      throw new Nonsense("certificateUrl is for a server with TLS, or behind proxies");
    }
    return new Transport(
        settings.path("tlsCert", ""),
        settings.path("tlsKey", ""),
        isDevelopment,
        proxies(settings.text("proxies", "")),
        settings.path("clientAuthorities", ""),
        port,
        settings
            .text(CERTIFICATE_URL)
            .map(Transport::certificateUrl)
            .or(() -> port.map(number -> certificateUrl(issuer, number))));
  }

  private static String certificateUrl(String text) {
    if (Settings.base(CERTIFICATE_URL, text).getScheme().equals("https")) {
      return text;
    }
    throw new Nonsense("certificateUrl is an https URL: " + text);
  }

  private static String certificateUrl(String issuer, int port) {
    if (port == 0) {
      throw new Nonsense("certificatePort 0 needs a certificateUrl");
    }
    return "https://" + URI.create(issuer).getHost() + ":" + port;
  }

  private static Proxies proxies(String text) {
    if (text.isEmpty()) {
      return Proxies.NONE;
    }
    try {
      return Proxies.of(Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    } catch (IllegalArgumentException e) {
      throw new Nonsense("proxies are addresses and networks such as 10.0.0.0/8: " + text);
    }
  }

  /// Whether the configuration wants TLS.
  static boolean isSecure(Settings settings) {
    return settings.flag("tlsDev") || settings.has("tlsCert");
  }

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
