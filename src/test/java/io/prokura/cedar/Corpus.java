package io.prokura.cedar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// The public Cedar integration tests, where a checkout has them.
final class Corpus {
  static final Path FOLDER = Path.of("../shared/vectors/cedar");
  private static final int BLOCK = 512;

  private Corpus() {}

  /// The regular files of a `.tar.gz`, by name.
  static Map<String, String> files(String archive) throws IOException {
    var files = new LinkedHashMap<String, String>();
    try (var in = new GZIPInputStream(Files.newInputStream(FOLDER.resolve(archive)))) {
      var longName = "";
      for (var header = block(in); header[0] != 0; header = block(in)) {
        int size = Integer.parseInt(text(header, 124, 12).trim(), 8);
        var name = longName.isEmpty() ? text(header, 345, 155) + text(header, 0, 100) : longName;
        var content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        longName = "";
        switch (header[156]) {
          case '0', 0 -> files.put(name, new String(content, StandardCharsets.UTF_8));
          case 'L' -> longName = text(content, 0, size);
          default -> {}
        }
      }
    }
    return files;
  }

  private static byte[] block(InputStream in) throws IOException {
    var block = in.readNBytes(BLOCK);
    return block.length == BLOCK ? block : new byte[BLOCK];
  }

  private static String text(byte[] bytes, int start, int length) {
    int end = start;
    while (end < start + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
