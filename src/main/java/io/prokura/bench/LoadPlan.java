package io.prokura.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// What the load process is to do, as it is passed in a file: how, and the prepared requests.
///
/// @param window how long a part with figures of its own is, for [Kind#SUSTAINED]
/// @param expected what the body of every good response holds
record LoadPlan(
    Kind kind,
    int port,
    int connections,
    Duration warmUp,
    Duration duration,
    Duration window,
    String expected) {

  /// What is done with the requests.
  enum Kind {
    /// They are sent round and round until the time is over.
    REPEAT,
    /// The same in windows, each told of as it ends.
    SUSTAINED,
    /// Each is sent once, until the time is over or there are no more.
    ONCE,
    /// They come in pairs: one that gets a token, untimed, and a template of the one that is timed,
    /// with [#TOKEN] where the token belongs and [#LENGTH] where the body's length does.
    TAKE,
    /// They come in pairs: one that is answered by a redirect with a code, and a template, as
    /// above, of the one that redeems the code. Both are sent over the same connection and timed as
    /// one.
    FLOW
  }

  static final String TOKEN = "@token@";
  static final String LENGTH = "@length@";

  /// A plan and its requests, as they lie in the file.
  record Loaded(LoadPlan plan, List<ByteBuffer> requests) {}

  /// Writes the plan; the requests are asked for one by one, so that there may be many.
  void write(Path file, Iterator<byte[]> requests) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      writeText(out, kind.name());
      out.writeInt(port);
      out.writeInt(connections);
      out.writeLong(warmUp.toMillis());
      out.writeLong(duration.toMillis());
      out.writeLong(window.toMillis());
      writeText(out, expected);
      while (requests.hasNext()) {
        var request = requests.next();
        out.writeInt(request.length);
        out.write(request);
      }
    }
  }

  /// The plan in `file`, whose requests stay where they are until they are sent.
  static Loaded read(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var in = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      var kind = Kind.valueOf(readText(in));
      int port = in.getInt();
      int connections = in.getInt();
      var warmUp = Duration.ofMillis(in.getLong());
      var duration = Duration.ofMillis(in.getLong());
      var window = Duration.ofMillis(in.getLong());
      var expected = readText(in);
      var requests = new ArrayList<ByteBuffer>();
      while (in.hasRemaining()) {
        int length = in.getInt();
        requests.add(in.slice(in.position(), length));
        in.position(in.position() + length);
      }
      return new Loaded(
          new LoadPlan(kind, port, connections, warmUp, duration, window, expected), requests);
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(ByteBuffer in) {
    var bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
