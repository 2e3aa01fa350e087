package io.prokura.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The authorities whose certificates the organisation believes, and no others: never those that
/// the machine trusts for web sites. Revocation lists are not asked; whoever is to be locked out
/// loses the credential.
public final class TrustAnchors {
  /// Believes nobody.
  public static final TrustAnchors NONE = new TrustAnchors(List.of());

  private static final int CHAIN_MAX = 8;
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  private final Set<TrustAnchor> anchors;

  private TrustAnchors(List<X509Certificate> authorities) {
    anchors =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toUnmodifiableSet());
  }

  public static TrustAnchors of(List<X509Certificate> authorities) {
    return new TrustAnchors(authorities);
  }

  /// Until when one of the authorities vouches for the certificate as a client's (RFC 5280 §6);
  /// empty when none does at `now`.
  public Optional<Instant> vouch(ClientCertificate certificate, Instant now) {
    var leaf = certificate.leaf();
    if (anchors.isEmpty() || certificate.chain().size() > CHAIN_MAX || !isClients(leaf)) {
      return Optional.empty();
    }
    try {
      var target = new X509CertSelector();
      target.setCertificate(leaf);
      var parameters = new PKIXBuilderParameters(anchors, target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      parameters.addCertStore(
          CertStore.getInstance(
              "Collection", new CollectionCertStoreParameters(certificate.chain())));
      return CertPathBuilder.getInstance("PKIX").build(parameters)
              instanceof PKIXCertPathBuilderResult result
          ? Optional.of(end(result))
          : Optional.empty();
    } catch (CertPathBuilderException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no PKIX", e);
    }
  }

  private static Instant end(PKIXCertPathBuilderResult result) {
    var end = result.getTrustAnchor().getTrustedCert().getNotAfter().toInstant();
    for (var certificate : result.getCertPath().getCertificates()) {
      var own = ((X509Certificate) certificate).getNotAfter().toInstant();
      end = own.isBefore(end) ? own : end;
    }
    return end;
  }

  /// Whether the certificate may be used by a client to sign, and is not an authority's.
  private static boolean isClients(X509Certificate leaf) {
    try {
      var usage = leaf.getKeyUsage();
      var purposes = leaf.getExtendedKeyUsage();
      return leaf.getBasicConstraints() < 0
          && (usage == null || usage[0])
          && (purposes == null
              || purposes.contains(CLIENT_AUTHENTICATION)
              || purposes.contains(ANY_PURPOSE));
    } catch (CertificateParsingException e) {
      return false;
    }
  }
}
