package io.prokura.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Writes the few DER values (ITU-T X.690) that a certificate is made of.
final class Der {
  static final int SEQUENCE = 0x30;
  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;

  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  /// Times from this year on are written in the long form (RFC 5280 §4.1.2.5).
  private static final int LONG_FROM = 2050;

  private Der() {}

  /// A value with this tag whose content is `parts` one after the other.
  static byte[] of(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.size();
    if (length > 0x7f) {
      var digits = BigInteger.valueOf(length).toByteArray();
      int skipped = digits[0] == 0 ? 1 : 0;
      out.write(0x80 | (digits.length - skipped));
      out.write(digits, skipped, digits.length - skipped);
    } else {
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return of(SEQUENCE, parts);
  }

  static byte[] integer(BigInteger value) {
    return of(INTEGER, value.toByteArray());
  }

  static byte[] yes() {
    return of(BOOLEAN, new byte[] {(byte) 0xff});
  }

  /// A bit string whose last byte has `spare` bits that do not count.
  static byte[] bits(int spare, byte[] bytes) {
    return of(BIT_STRING, new byte[] {(byte) spare}, bytes);
  }

  static byte[] octets(byte[] bytes) {
    return of(OCTET_STRING, bytes);
  }

  /// An object identifier, tag and length included, that is written in hexadecimal digits.
  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  static byte[] ascii(int tag, String text) {
    return of(tag, text.getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] time(Instant time) {
    return time.atOffset(ZoneOffset.UTC).getYear() < LONG_FROM
        ? ascii(UTC_TIME, SHORT.format(time))
        : ascii(GENERALIZED_TIME, LONG.format(time));
  }
}
