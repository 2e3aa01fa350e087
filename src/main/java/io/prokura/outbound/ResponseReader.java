package io.prokura.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.outbound.Fetched.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Reads one HTTP/1.1 response (RFC 9112) strictly and within bounds. What leaves open where the
/// body ends is refused: no length, two lengths, a length and chunks, other codings than chunks.
/// So is an encoded content, as none was asked for.
final class ResponseReader {
  private static final int HEAD_MAX = 16 * 1024;
  private static final int HEADERS_MAX = 100;
  private static final int INTERIM_MAX = 4;
  private static final int CHUNK_LINE_MAX = 256;
  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?");
  private static final Pattern HEADER =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}):([\\t\\x20-\\x7e\\x80-\\xff]*)");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})[ \\t]*(?:;.*)?");

  private final InputStream in;
  private final int bytesMax;
  private int headLeft = HEAD_MAX;

  /// Reads from `in`, at most `bytesMax` bytes of body.
  ResponseReader(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /// The answer breaks a rule or a bound.
  static final class Unacceptable extends Exception {
    private static final long serialVersionUID = 1L;
    private final Failure failure;

    Unacceptable(Failure failure, String message) {
      super(message);
      this.failure = failure;
    }

    Fetched.Failed failed() {
      return new Fetched.Failed(failure, String.valueOf(getMessage()));
    }
  }

  /// The final response; `counts` says of a status whether the body is worth reading.
  Fetched.Answered read(java.util.function.IntPredicate counts) throws IOException, Unacceptable {
    for (int i = 0; i <= INTERIM_MAX; i++) {
      int status = status();
      var headers = headers();
      if (status < 200) {
        continue;
      }
      if (!counts.test(status)) {
        throw new Unacceptable(Failure.STATUS, "status " + status);
      }
      boolean isEmpty = status == 204 || status == 304;
      return new Fetched.Answered(status, headers, isEmpty ? "" : text(body(headers)));
    }
    throw malformed("too many interim responses");
  }

  private int status() throws IOException, Unacceptable {
    var line = STATUS_LINE.matcher(headLine());
    if (!line.matches()) {
      throw malformed("no status line");
    }
    return Integer.parseInt(line.group(1));
  }

  private Map<String, String> headers() throws IOException, Unacceptable {
    var headers = new LinkedHashMap<String, String>();
    for (int count = 0; count <= HEADERS_MAX; count++) {
      var line = headLine();
      if (line.isEmpty()) {
        return headers;
      }
      var header = HEADER.matcher(line);
      if (!header.matches()) {
        throw malformed("a header line is none");
      }
      var name = header.group(1).toLowerCase(Locale.ROOT);
      var earlier = headers.putIfAbsent(name, header.group(2).strip());
      if (earlier != null && (name.equals("content-length") || name.equals("transfer-encoding"))) {
        throw malformed("more than one " + name);
      }
    }
    throw malformed("too many headers");
  }

  private byte[] body(Map<String, String> headers) throws IOException, Unacceptable {
    var encoding = headers.getOrDefault("content-encoding", "identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw malformed("the content is encoded");
    }
    var length = headers.get("content-length");
    var coding = headers.get("transfer-encoding");
    if ((length == null) == (coding == null)) {
      throw malformed("the length of the content is not clear");
    }
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw malformed("unknown transfer coding");
      }
      return chunks();
    }
    if (!LENGTH.matcher(length).matches()) {
      throw malformed("the length is no number");
    }
    long count = Long.parseLong(length);
    if (count > bytesMax) {
      throw tooLarge();
    }
    return exactly((int) count);
  }

  private byte[] chunks() throws IOException, Unacceptable {
    var body = new ByteArrayOutputStream();
    while (true) {
      var line = CHUNK.matcher(line(CHUNK_LINE_MAX));
      if (!line.matches()) {
        throw malformed("a chunk has no size");
      }
      long size = Long.parseLong(line.group(1), 16);
      if (size == 0) {
        headers();
        return body.toByteArray();
      }
      if (body.size() + size > bytesMax) {
        throw tooLarge();
      }
      body.write(exactly((int) size));
      if (!line(CHUNK_LINE_MAX).isEmpty()) {
        throw malformed("a chunk is longer than it says");
      }
    }
  }

  private byte[] exactly(int count) throws IOException, Unacceptable {
    var bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw malformed("the content ends early");
    }
    return bytes;
  }

  private String headLine() throws IOException, Unacceptable {
    var line = line(headLeft);
    headLeft -= line.length() + 2;
    return line;
  }

  /// A line that ends with CR and LF, of at most `max` bytes.
  private String line(int max) throws IOException, Unacceptable {
    var line = new ByteArrayOutputStream();
    while (line.size() < max) {
      int next = in.read();
      if (next == '\r') {
        if (in.read() != '\n') {
          throw malformed("a line ends in half");
        }
        return line.toString(ISO_8859_1);
      }
      if (next < 0 || next == '\n') {
        throw malformed("the answer ends early");
      }
      line.write(next);
    }
    throw new Unacceptable(Failure.TOO_LARGE, "the head or a line is too long");
  }

  private static String text(byte[] body) throws Unacceptable {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw malformed("the content is not UTF-8");
    }
  }

  private Unacceptable tooLarge() {
    return new Unacceptable(Failure.TOO_LARGE, "more than " + bytesMax + " bytes");
  }

  private static Unacceptable malformed(String message) {
    return new Unacceptable(Failure.MALFORMED, message);
  }
}
