package io.prokura.cli;

import io.prokura.tlog.Bundle;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.Tile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;

/// Copies a log from a server into a directory, named as the log's resources are (C2SP tlog-tiles).
public final class LogCopy {
  static final String CHECKPOINT = "checkpoint";

  private final HttpCaller http;
  private final URI prefix;
  private final String token;
  private final Path directory;

  /// A copy of the log at `prefix` (such as `http://localhost:8420/log`) in `directory`.
  public LogCopy(HttpCaller http, URI prefix, String token, Path directory) {
    this.http = http;
    this.prefix = prefix;
    this.token = token;
    this.directory = directory;
  }

  /// Fetches the checkpoint and all it commits to, and returns the checkpoint. It has to be signed
  /// with `key`, since its size says how much is fetched. The checkpoint that was in the directory
  /// stays there: put the new one in its place once the log is verified. Throws [Failure].
  public byte[] fetch(NoteVerifier key) {
    var checkpoint =
        get(CHECKPOINT).orElseThrow(() -> Failure.refused("the log has no checkpoint yet"));
    long size = size(checkpoint, key);
    for (Iterator<Tile> tiles = Tile.of(size).iterator(); tiles.hasNext(); ) {
      var tile = tiles.next();
      copy(tile.path(), tile.full().path());
    }
    for (Iterator<Bundle> bundles = Bundle.of(size).iterator(); bundles.hasNext(); ) {
      var bundle = bundles.next();
      copy(bundle.path(), bundle.full().path());
    }
    return checkpoint;
  }

  private static long size(byte[] checkpoint, NoteVerifier key) {
    try {
      return LogPolicy.of(key).open(checkpoint).head().size();
    } catch (InvalidException e) {
      throw Failure.refused("broken: checkpoint: " + e.reason());
    }
  }

  /// A log may have replaced a partial tile by the full one since its checkpoint was read. What is
  /// missing altogether is for the verifier to find.
  private void copy(String path, String full) {
    var bytes = get(path);
    if (bytes.isPresent()) {
      write(path, bytes.get());
    } else if (!path.equals(full)) {
      get(full).ifPresent(all -> write(full, all));
    }
  }

  private Optional<byte[]> get(String path) {
    try {
      var answer = http.send(Call.of("GET", URI.create(prefix + "/" + path)).bearer(token));
      if (answer.status() == 404) {
        return Optional.empty();
      }
      if (!answer.isSuccess()) {
        throw Failure.refused(answer.refusal());
      }
      return Optional.of(answer.body());
    } catch (HttpCaller.NoAnswerException e) {
      throw Failure.unreachable("no answer from " + prefix + ": " + e.getMessage());
    }
  }

  private void write(String path, byte[] bytes) {
    write(directory.resolve(path), bytes);
  }

  static void write(Path file, byte[] bytes) {
    try {
      var folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.write(file, bytes);
    } catch (IOException e) {
      throw Failure.usage("cannot write " + file);
    }
  }
}
