package io.prokura.tls;

import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A certification authority for tests, and what it issues.
public final class TestAuthority {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final String name;
  private final KeyPair keys = keyPair();
  private final X509Certificate certificate;
  private final Instant from;

  /// An authority whose certificates are valid from an hour before `now`, for a day.
  public TestAuthority(String name, Instant now) {
    this.name = name;
    from = now.minus(Duration.ofHours(1));
    certificate = made(NewCertificate.Use.AUTHORITY, name, keys, List.of(), name, keys);
  }

  /// A certificate with its key, and the certificates behind it.
  public record Held(List<X509Certificate> chain, PrivateKey key) {
    public X509Certificate leaf() {
      return chain.getFirst();
    }

    public ClientCertificate presented() {
      return ClientCertificate.of(chain);
    }

    public String pem() {
      var text = new StringBuilder();
      for (var one : chain) {
        text.append(encoded(one));
      }
      return text.toString();
    }

    public String keyPem() {
      return Pem.privateKey(key.getEncoded());
    }
  }

  static String encoded(X509Certificate certificate) {
    try {
      return Pem.certificate(certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public TrustAnchors anchors() {
    return TrustAnchors.of(List.of(certificate));
  }

  public String pem() {
    return encoded(certificate);
  }

  /// A certificate of the authority for `use`.
  public Held issue(NewCertificate.Use use, String subject, CertificateName... names) {
    var own = keyPair();
    var leaf = made(use, subject, own, List.of(names), name, keys);
    return new Held(List.of(leaf), own.getPrivate());
  }

  /// A client's certificate with these alternative names.
  public Held client(String subject, CertificateName... names) {
    return issue(NewCertificate.Use.CLIENT, subject, names);
  }

  /// A certificate for a server on this machine.
  public Held server() {
    return issue(
        NewCertificate.Use.SERVER,
        "CN=localhost",
        name(CertificateName.Kind.SAN_DNS, "localhost"),
        name(CertificateName.Kind.SAN_IP, "127.0.0.1"));
  }

  /// A client's certificate that nobody vouches for.
  public Held selfSigned(String subject, CertificateName... names) {
    var own = keyPair();
    var leaf = made(NewCertificate.Use.CLIENT, subject, own, List.of(names), subject, own);
    return new Held(List.of(leaf), own.getPrivate());
  }

  /// A certificate that a client of the authority made for itself or others, as if it were one.
  public Held issuedByClient(Held client, String subject, CertificateName... names) {
    var own = keyPair();
    var issuer = new KeyPair(client.leaf().getPublicKey(), client.key());
    var by = client.leaf().getSubjectX500Principal().getName();
    var leaf = made(NewCertificate.Use.CLIENT, subject, own, List.of(names), by, issuer);
    return new Held(List.of(leaf, client.leaf()), own.getPrivate());
  }

  private X509Certificate made(
      NewCertificate.Use use,
      String subject,
      KeyPair own,
      List<CertificateName> names,
      String issuer,
      KeyPair issuing) {
    return new NewCertificate(
            use,
            subject,
            own.getPublic(),
            names,
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            from,
            from.plus(Duration.ofDays(1)))
        .signed(issuer, issuing.getPrivate());
  }

  public static CertificateName name(CertificateName.Kind kind, String text) {
    return CertificateName.of(kind, text).orElseThrow();
  }

  private static KeyPair keyPair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// The client side of TLS that trusts this authority alone and presents what it is given, if any.
  public SSLContext context(Held... presented) {
    try {
      return context(managers(presented));
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The same, presenting nothing and noting in `asked` whether the server wanted to see one.
  public SSLContext asking(AtomicBoolean asked) {
    try {
      return context(new KeyManager[] {new Noting(asked)});
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private SSLContext context(KeyManager[] managers)
      throws GeneralSecurityException, java.io.IOException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("authority", certificate);
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(managers, trust.getTrustManagers(), null);
    return context;
  }

  /// Has no certificate, and notes that one was wanted.
  private static final class Noting extends X509ExtendedKeyManager {
    private final AtomicBoolean asked;

    Noting(AtomicBoolean asked) {
      this.asked = asked;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      asked.set(true);
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return null;
    }
  }

  private static KeyManager[] managers(Held... presented)
      throws GeneralSecurityException, java.io.IOException {
    if (presented.length == 0) {
      return new KeyManager[0];
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var chain = presented[0].chain().toArray(X509Certificate[]::new);
    store.setKeyEntry("client", presented[0].key(), new char[0], chain);
    var factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }
}
