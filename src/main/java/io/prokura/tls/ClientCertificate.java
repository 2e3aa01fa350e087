package io.prokura.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// A certificate whose key the sender of a request has proven to hold, and the certificates it sent
/// to show who vouches for it. That says nothing about who the sender is: anybody can make one.
public final class ClientCertificate {
  private final List<X509Certificate> chain;
  private final String thumbprint;

  private ClientCertificate(List<X509Certificate> chain) {
    this.chain = chain;
    this.thumbprint = thumbprint(chain.getFirst());
  }

  /// The sender's own certificate first; at least that one.
  public static ClientCertificate of(List<X509Certificate> chain) {
    return new ClientCertificate(List.copyOf(chain));
  }

  /// The sender's own certificate.
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /// All certificates, the sender's own first.
  public List<X509Certificate> chain() {
    return chain;
  }

  /// The member `x5t#S256` of a confirmation (RFC 8705 §3.1).
  public String thumbprint() {
    return thumbprint;
  }

  /// The SHA-256 of the certificate's encoding in base64url.
  public static String thumbprint(X509Certificate certificate) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without a thumbprint", e);
    }
  }

  /// What the certificate calls its holder.
  public Set<CertificateName> names() {
    return CertificateName.in(leaf());
  }

  public boolean isValidAt(Instant now) {
    return !now.isBefore(leaf().getNotBefore().toInstant()) && now.isBefore(notAfter());
  }

  /// When it expires.
  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  @Override
  public String toString() {
    return "ClientCertificate " + thumbprint;
  }
}
