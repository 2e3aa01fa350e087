package io.prokura.tls;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads X.509 certificates.
public final class Certificates {
  private static final int COUNT_MAX = 1_000;

  private Certificates() {}

  /// The certificate with exactly this encoding; empty when there is none, or more behind it.
  public static Optional<X509Certificate> parse(byte[] der) {
    try {
      var in = new ByteArrayInputStream(der);
      var parsed = CertificateFactory.getInstance("X.509").generateCertificate(in);
      // The factory reads text too, where the bytes would not be what is hashed.
      return in.available() == 0
              && der.length > 0
              && der[0] == Der.SEQUENCE
              && parsed instanceof X509Certificate certificate
          ? Optional.of(certificate)
          : Optional.empty();
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  /// The certificates in a PEM text, in order; empty when it has none or one that is not well
  /// formed.
  public static List<X509Certificate> readPem(String text) {
    var certificates = new ArrayList<X509Certificate>();
    try {
      for (var der : Pem.read(Pem.CERTIFICATE, text)) {
        var certificate = parse(der);
        if (certificate.isEmpty() || certificates.size() == COUNT_MAX) {
          return List.of();
        }
        certificates.add(certificate.get());
      }
    } catch (IllegalArgumentException e) {
      return List.of();
    }
    return certificates;
  }
}
