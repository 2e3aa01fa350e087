package io.prokura.tls;

import io.prokura.kernel.Outage;
import io.prokura.tls.ServerCertificate.UnusableException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/// The server's side of TLS: 1.3, and 1.2 with what RFC 9325 §4.2 recommends and nothing else. The
/// certificate comes from two files, which may be replaced while the server runs.
///
/// Clients may be asked for a certificate, and none has to have one. Whatever certificate comes is
/// taken: TLS proves that the client holds its key, and who that is, is for others to find out.
public final class ServerTls {
  private static final System.Logger LOG = System.getLogger("prokura.tls");
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  };

  private final Path certificateFile;
  private final Path keyFile;
  private final AtomicReference<Loaded> current;
  private final AtomicReference<Texts> seen;
  private final AtomicLong failures = new AtomicLong();

  private ServerTls(Path certificateFile, Path keyFile, Texts files, Loaded loaded) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    seen = new AtomicReference<>(files);
    current = new AtomicReference<>(loaded);
  }

  /// The two files' texts, to notice that they have changed.
  private record Texts(String certificate, String key) {
    @Override
    public String toString() {
      return "files";
    }
  }

  private record Loaded(SSLContext context, Instant notAfter) {}

  /// Reads the files; throws [Outage] when they are not a certificate with its key.
  public static ServerTls open(Path certificateFile, Path keyFile) {
    try {
      var files = read(certificateFile, keyFile);
      return new ServerTls(certificateFile, keyFile, files, load(files));
    } catch (IOException | UnusableException e) {
      throw new Outage("the TLS certificate can't be used: " + why(e), e);
    }
  }

  /// Takes what stands in the files now, if that has changed. What is no certificate with its key
  /// is told in the log once, and the one before is kept. Connections that stand go on.
  public void reload() {
    try {
      var files = read(certificateFile, keyFile);
      if (!files.equals(seen.getAndSet(files))) {
        current.set(load(files));
        LOG.log(Level.INFO, "the TLS certificate was replaced; it ends {0}", notAfter());
      }
    } catch (IOException | UnusableException e) {
      if (failures.getAndIncrement() == 0) {
        LOG.log(
            Level.ERROR, "the new TLS certificate can't be used, the old one stays: {0}", why(e));
      }
      seen.set(new Texts("", ""));
      return;
    }
    failures.set(0);
  }

  /// When the certificate in use ends.
  public Instant notAfter() {
    return current.get().notAfter();
  }

  /// How often in a row the files could not be used; zero when the certificate in use is theirs.
  public long failures() {
    return failures.get();
  }

  /// The server's side of one new connection; `asks` when the client is to be asked for a
  /// certificate.
  public SSLEngine engine(boolean asks) {
    var engine = current.get().context().createSSLEngine();
    engine.setUseClientMode(false);
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(SUITES);
    parameters.setUseCipherSuitesOrder(true);
    parameters.setWantClientAuth(asks);
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static Texts read(Path certificateFile, Path keyFile) throws IOException {
    return new Texts(
        Files.readString(certificateFile, StandardCharsets.ISO_8859_1),
        Files.readString(keyFile, StandardCharsets.ISO_8859_1));
  }

  private static Loaded load(Texts files) throws UnusableException {
    var certificate = ServerCertificate.read(files.certificate(), files.key());
    try {
      var password = new char[0];
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(certificate.keyStore(password), password);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {new AnyClient()}, null);
      return new Loaded(context, certificate.notAfter());
    } catch (GeneralSecurityException | IOException e) {
      throw new UnusableException(String.valueOf(e.getMessage()));
    }
  }

  /// The reason without the name of the exception where it has one for people.
  private static String why(Exception e) {
    return e instanceof UnusableException ? String.valueOf(e.getMessage()) : e.toString();
  }
}
