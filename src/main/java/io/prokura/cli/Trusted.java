package io.prokura.cli;

import io.prokura.tls.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The certificates by which servers are trusted.
final class Trusted {
  private Trusted() {}

  /// The client's side of TLS that trusts what stands in the PEM file and nothing else. Throws
  /// [Failure] for a file without certificates.
  static SSLContext by(Path file) {
    try {
      var certificates = Certificates.readPem(Files.readString(file, StandardCharsets.ISO_8859_1));
      if (certificates.isEmpty()) {
        throw Failure.usage("no well-formed certificates in PEM: " + file);
      }
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry(String.valueOf(i), certificates.get(i));
      }
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw Failure.usage("cannot read " + file);
    }
  }
}
