package io.prokura.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// The textual encoding of certificates and keys (RFC 7468).
public final class Pem {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final int LINE = 64;

  private Pem() {}

  /// The contents of all blocks with this label; text around blocks is skipped. Throws
  /// `IllegalArgumentException` for a block that is not base64.
  static List<byte[]> read(String label, String text) {
    var contents = new ArrayList<byte[]>();
    var matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(label)) {
        contents.add(Base64.getMimeDecoder().decode(matcher.group(2)));
      }
    }
    return contents;
  }

  private static String write(String label, byte[] content) {
    var lines = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }

  /// A certificate as text.
  public static String certificate(byte[] der) {
    return write(CERTIFICATE, der);
  }

  /// A private key (PKCS #8) as text.
  public static String privateKey(byte[] der) {
    return write(PRIVATE_KEY, der);
  }
}
