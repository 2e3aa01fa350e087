package io.prokura.app;

import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.tls.CertificateName;
import io.prokura.tls.Certificates;
import io.prokura.tls.NewCertificate;
import io.prokura.tls.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;

/// A self-signed certificate for this machine's own names, in two files that only their owner can
/// read. It is for trying things out: whoever calls has to be told to trust the file.
record DevelopmentCertificate(Path certificateFile, Path keyFile) {
  private static final String SUBJECT = "CN=localhost,O=Prokura development";
  private static final Duration LIFE = Duration.ofDays(365);
  private static final Duration REST_MIN = Duration.ofDays(7);
  private static final int SERIAL_BYTES = 16;

  static DevelopmentCertificate in(Path data) {
    return new DevelopmentCertificate(data.resolve("tls-dev.pem"), data.resolve("tls-dev-key.pem"));
  }

  /// Makes the files unless there are some that last for another week.
  void ensure(World world) {
    try {
      if (lasts(world)) {
        return;
      }
      var folder = certificateFile.toAbsolutePath().getParent();
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      var keys = keys();
      write(keyFile, Pem.privateKey(keys.getPrivate().getEncoded()));
      write(certificateFile, certificate(world, keys));
    } catch (IOException | GeneralSecurityException e) {
      throw new Outage("the development certificate " + certificateFile + " can't be made", e);
    }
  }

  private boolean lasts(World world) throws IOException {
    if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
      return false;
    }
    var text = Files.readString(certificateFile, StandardCharsets.ISO_8859_1);
    var end = world.now().plus(REST_MIN);
    return Certificates.readPem(text).stream()
        .anyMatch(one -> one.getNotAfter().toInstant().isAfter(end));
  }

  private static KeyPair keys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String certificate(World world, KeyPair keys) throws GeneralSecurityException {
    var names =
        List.of(
            new CertificateName(CertificateName.Kind.SAN_DNS, "localhost"),
            new CertificateName(CertificateName.Kind.SAN_IP, "127.0.0.1"),
            new CertificateName(CertificateName.Kind.SAN_IP, "0:0:0:0:0:0:0:1"));
    var made =
        new NewCertificate(
                NewCertificate.Use.SERVER,
                SUBJECT,
                keys.getPublic(),
                names,
                new BigInteger(1, world.bytes(SERIAL_BYTES)),
                world.now().minus(Duration.ofHours(1)),
                world.now().plus(LIFE))
            .signed(SUBJECT, keys.getPrivate());
    return Pem.certificate(made.getEncoded());
  }

  /// The file is its owner's from its first byte on, and is there whole or not at all.
  private static void write(Path file, String text) throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var written = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(written);
    Files.createFile(written, mode);
    Files.writeString(written, text, StandardCharsets.US_ASCII);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
