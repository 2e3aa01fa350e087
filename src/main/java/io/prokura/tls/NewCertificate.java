package io.prokura.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// What an X.509 certificate (RFC 5280) is to say. `subject` is a distinguished name as RFC 4514
/// writes it; `names` go into the subject's alternative names.
public record NewCertificate(
    Use use,
    String subject,
    PublicKey key,
    List<CertificateName> names,
    BigInteger serial,
    Instant notBefore,
    Instant notAfter) {

  /// What the certificate's key is for.
  public enum Use {
    SERVER,
    CLIENT,
    AUTHORITY
  }

  private static final String ECDSA_WITH_SHA256 = "06082a8648ce3d040302";
  private static final String SUBJECT_ALTERNATIVES = "0603551d11";
  private static final String BASIC_CONSTRAINTS = "0603551d13";
  private static final String KEY_USAGE = "0603551d0f";
  private static final String EXTENDED_KEY_USAGE = "0603551d25";
  private static final String SERVER_AUTHENTICATION = "06082b06010505070301";
  private static final String CLIENT_AUTHENTICATION = "06082b06010505070302";

  public NewCertificate {
    names = List.copyOf(names);
  }

  /// The certificate, signed in the name of `issuer` with its P-256 key.
  public X509Certificate signed(String issuer, PrivateKey issuerKey) {
    try {
      var algorithm = Der.sequence(Der.hex(ECDSA_WITH_SHA256));
      var signed =
          Der.sequence(
              Der.of(0xa0, Der.integer(BigInteger.TWO)),
              Der.integer(serial),
              algorithm,
              new X500Principal(issuer).getEncoded(),
              Der.sequence(Der.time(notBefore), Der.time(notAfter)),
              new X500Principal(subject).getEncoded(),
              key.getEncoded(),
              Der.of(0xa3, extensions()));
      var signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(issuerKey);
      signature.update(signed);
      var whole = Der.sequence(signed, algorithm, Der.bits(0, signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate can't be made", e);
    }
  }

  private byte[] extensions() {
    return switch (use) {
      case AUTHORITY ->
          Der.sequence(
              critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes())),
              critical(KEY_USAGE, Der.bits(1, new byte[] {0x06})));
      case SERVER -> ofLeaf(SERVER_AUTHENTICATION);
      case CLIENT -> ofLeaf(CLIENT_AUTHENTICATION);
    };
  }

  private byte[] ofLeaf(String purpose) {
    var constraints = critical(BASIC_CONSTRAINTS, Der.sequence());
    var usage = critical(KEY_USAGE, Der.bits(7, new byte[] {(byte) 0x80}));
    var extended = extension(EXTENDED_KEY_USAGE, Der.sequence(Der.hex(purpose)));
    return names.isEmpty()
        ? Der.sequence(constraints, usage, extended)
        : Der.sequence(
            constraints, usage, extended, extension(SUBJECT_ALTERNATIVES, alternatives()));
  }

  private byte[] alternatives() {
    return Der.sequence(names.stream().map(NewCertificate::alternative).toArray(byte[][]::new));
  }

  private static byte[] alternative(CertificateName name) {
    return switch (name.kind()) {
      case SAN_EMAIL -> Der.ascii(0x81, name.value());
      case SAN_DNS -> Der.ascii(0x82, name.value());
      case SAN_URI -> Der.ascii(0x86, name.value());
      case SAN_IP -> Der.of(0x87, InetAddress.ofLiteral(name.value()).getAddress());
      case SUBJECT_DN -> throw new IllegalArgumentException("the subject is no alternative name");
    };
  }

  private static byte[] extension(String identifier, byte[] value) {
    return Der.sequence(Der.hex(identifier), Der.octets(value));
  }

  private static byte[] critical(String identifier, byte[] value) {
    return Der.sequence(Der.hex(identifier), Der.yes(), Der.octets(value));
  }
}
