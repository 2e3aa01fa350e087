package io.prokura.tls;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// A certificate of the server with its key, and the chain that is sent with it.
final class ServerCertificate {
  private static final Map<String, String> SIGNATURES =
      Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");
  private static final byte[] PROBE = {1, 2, 3};

  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private ServerCertificate(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain;
  }

  /// Some PEM files are not a certificate with its key; the message says why.
  static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String message) {
      super(message);
    }
  }

  /// Reads the chain, the server's certificate first, and its key in PKCS #8.
  static ServerCertificate read(String chain, String key) throws UnusableException {
    var certificates = Certificates.readPem(chain);
    if (certificates.isEmpty()) {
      throw new UnusableException("the certificate file has no well-formed certificates in PEM");
    }
    var publicKey = certificates.getFirst().getPublicKey();
    var algorithm = SIGNATURES.get(publicKey.getAlgorithm());
    if (algorithm == null) {
      throw new UnusableException("the certificate's key is neither EC, RSA nor EdDSA");
    }
    var privateKey = privateKey(publicKey, key);
    if (!belong(privateKey, publicKey, algorithm)) {
      throw new UnusableException("the key is not the certificate's");
    }
    return new ServerCertificate(privateKey, certificates);
  }

  private static PrivateKey privateKey(PublicKey publicKey, String pem) throws UnusableException {
    try {
      var blocks = Pem.read(Pem.PRIVATE_KEY, pem);
      if (blocks.size() == 1) {
        return KeyFactory.getInstance(publicKey.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(blocks.getFirst()));
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new UnusableException("the key file has no key of the certificate's kind");
    }
    throw new UnusableException(
        "the key file has to have one BEGIN PRIVATE KEY (openssl pkcs8 -topk8 -nocrypt)");
  }

  private static boolean belong(PrivateKey key, PublicKey publicKey, String algorithm) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(PROBE);
      var signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  Instant notAfter() {
    return chain.getFirst().getNotAfter().toInstant();
  }

  /// The key store in memory that the JDK wants, under `password`.
  KeyStore keyStore(char[] password) throws GeneralSecurityException, java.io.IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
    return store;
  }
}
