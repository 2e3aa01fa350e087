package io.prokura.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/// Reads the one HTTP/1.1 response that a buffer holds (RFC 9112 §4). It knows what the server
/// sends and nothing else: a status line, one `Content-Length`, and just as many bytes after that.
final class HttpReply {
  private static final byte[] VERSION = "HTTP/1.1 ".getBytes(ISO_8859_1);
  private static final byte[] LENGTH = "content-length".getBytes(ISO_8859_1);
  private static final byte[] CODING = "transfer-encoding".getBytes(ISO_8859_1);
  private static final int OK = 200;
  private static final int SEE_OTHER = 303;
  private static final int UNKNOWN = -1;

  private final byte[] bytes;
  private int end;
  private int body = UNKNOWN;
  private int length = UNKNOWN;
  private int status;

  /// A reader of responses of at most `size` bytes.
  HttpReply(int size) {
    bytes = new byte[size];
  }

  /// Forgets the last response.
  void clear() {
    end = 0;
    body = UNKNOWN;
    length = UNKNOWN;
    status = 0;
  }

  /// Takes what has arrived; true once the response is whole.
  boolean take(ByteBuffer arrived) throws ProtocolException {
    int count = arrived.remaining();
    if (count > bytes.length - end) {
      throw new ProtocolException("a response of more than " + bytes.length + " bytes");
    }
    int from = Math.max(0, end - 3);
    arrived.get(bytes, end, count);
    end += count;
    if (body == UNKNOWN) {
      readHead(from);
    }
    if (body == UNKNOWN) {
      return false;
    }
    if (end > body + length) {
      throw new ProtocolException("more bytes than Content-Length says");
    }
    return end == body + length;
  }

  int status() {
    return status;
  }

  String body() {
    return new String(bytes, body, end - body, UTF_8);
  }

  /// Whether it is no refusal, and `text` is in its body, or in its head where that is a redirect.
  boolean grants(byte[] text) {
    return status == OK ? find(text) >= 0 : status == SEE_OTHER && find(text, 0, body) >= 0;
  }

  /// The parameter of a redirect that begins after `mark`.
  byte[] parameter(byte[] mark) throws ProtocolException {
    int start = find(mark, 0, body);
    if (start < 0) {
      throw new ProtocolException(
          "no %s in %s".formatted(new String(mark, UTF_8), new String(bytes, 0, end, UTF_8)));
    }
    int from = start + mark.length;
    int to = from;
    while (to < body && bytes[to] != '&' && bytes[to] != '\r') {
      to++;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  /// Where `text` begins in the body; negative when it isn't there.
  int find(byte[] text) {
    return find(text, body, end);
  }

  private int find(byte[] text, int from, int stop) {
    for (int at = from; at <= stop - text.length; at++) {
      if (bytes[at] == text[0]
          && Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return UNKNOWN;
  }

  /// The string member of the JSON body that begins after `mark`, which ends with a quotation mark.
  /// Its value must need no escapes, as tokens do.
  byte[] after(byte[] mark) throws ProtocolException {
    int start = find(mark);
    if (start < 0) {
      throw new ProtocolException("no " + new String(mark, UTF_8) + " in " + body());
    }
    int from = start + mark.length;
    int to = from;
    while (to < end && bytes[to] != '"') {
      to++;
    }
    return Arrays.copyOfRange(bytes, from, to);
  }

  private void readHead(int from) throws ProtocolException {
    int blank = blankLine(from);
    if (blank < 0) {
      return;
    }
    if (!Arrays.equals(bytes, 0, VERSION.length, VERSION, 0, VERSION.length)) {
      throw new ProtocolException("not an HTTP/1.1 response");
    }
    status = (int) digits(VERSION.length, VERSION.length + 3);
    int line = lineEnd(VERSION.length) + 2;
    while (line < blank + 2) {
      int stop = lineEnd(line);
      readField(line, stop);
      line = stop + 2;
    }
    if (length == UNKNOWN) {
      throw new ProtocolException("a response without Content-Length");
    }
    body = blank + 4;
  }

  private int blankLine(int from) {
    for (int at = from; at + 3 < end; at++) {
      if (bytes[at] == '\r'
          && bytes[at + 1] == '\n'
          && bytes[at + 2] == '\r'
          && bytes[at + 3] == '\n') {
        return at;
      }
    }
    return UNKNOWN;
  }

  private int lineEnd(int from) {
    int at = from;
    while (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      at++;
    }
    return at;
  }

  private void readField(int from, int to) throws ProtocolException {
    if (isNamed(CODING, from, to)) {
      throw new ProtocolException("a response with Transfer-Encoding");
    }
    if (!isNamed(LENGTH, from, to)) {
      return;
    }
    if (length != UNKNOWN) {
      throw new ProtocolException("a response with two Content-Length");
    }
    int start = from + LENGTH.length + 1;
    while (start < to && bytes[start] == ' ') {
      start++;
    }
    length = (int) digits(start, to);
    if (length > bytes.length) {
      throw new ProtocolException("a response of more than " + bytes.length + " bytes");
    }
  }

  private boolean isNamed(byte[] name, int from, int to) {
    if (to - from <= name.length || bytes[from + name.length] != ':') {
      return false;
    }
    return new String(bytes, from, name.length, ISO_8859_1)
        .toLowerCase(Locale.ROOT)
        .equals(new String(name, ISO_8859_1));
  }

  private long digits(int from, int to) throws ProtocolException {
    long number = 0;
    for (int at = from; at < to; at++) {
      if (bytes[at] < '0' || bytes[at] > '9' || at - from > 8) {
        throw new ProtocolException("not a number in the head of a response");
      }
      number = number * 10 + bytes[at] - '0';
    }
    if (from >= to) {
      throw new ProtocolException("a number is missing in the head of a response");
    }
    return number;
  }
}
