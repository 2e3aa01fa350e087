package io.prokura.simulation;

import io.prokura.app.InProcessServer;
import io.prokura.http.Response;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// One process of the server, which can end and start again, and how far it has followed the others
/// as far as that can be known from outside.
final class Node {
  static final String ISSUER = "http://localhost:8420";
  static final String FOLLOW = "follow the feed";
  static final String SEQUENCE = "sequence the log";

  private static final Duration STALE_AFTER = Duration.ofSeconds(2);

  private final String name;
  private final World world;
  private final Database shared;
  private final Trouble trouble;
  private final Path folder;

  private NodeDatabase database;
  private Optional<InProcessServer> server = Optional.empty();
  private long applied;
  private long reached;
  private final Set<Instant> followed = new HashSet<>();

  Node(String name, World world, Database shared, Trouble trouble, Path folder) {
    this.name = name;
    this.world = world;
    this.shared = shared;
    this.trouble = trouble;
    this.folder = folder;
    database = new NodeDatabase(shared, trouble);
  }

  String name() {
    return name;
  }

  /// Gives it the master key of another node, so that both are one server.
  void takeKeyOf(Node other) {
    var key = InProcessServer.masterKey(folder);
    try {
      Files.createDirectories(Objects.requireNonNull(key.getParent()));
      Files.copy(InProcessServer.masterKey(other.folder), key, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path outsideCheckpoint() {
    return InProcessServer.outsideCheckpoint(folder);
  }

  /// Starts the process as it always starts; false when that failed.
  boolean start() {
    database = new NodeDatabase(shared, trouble);
    try {
      server = Optional.of(InProcessServer.start(world, database, ISSUER, folder));
      return true;
    } catch (Outage e) {
      return false;
    } finally {
      noticeTheEnd();
    }
  }

  /// Ends the process where it stands.
  void crash() {
    database.end();
    server = Optional.empty();
  }

  boolean isUp() {
    return server.isPresent();
  }

  /// The answer; empty after an outage and when the process ended over it.
  Optional<Response> answer(Call call) {
    try {
      var response = Optional.of(running().answer(call.method(), call.path(), call::write));
      return database.hasEnded() ? Optional.empty() : response;
    } catch (Outage e) {
      return Optional.empty();
    } finally {
      noticeTheEnd();
    }
  }

  /// Does a piece of the periodic work; false when it failed, which is to be tried again.
  boolean work(String work) {
    try {
      running().work(work);
      return true;
    } catch (Outage e) {
      return false;
    } finally {
      noticeTheEnd();
    }
  }

  private void noticeTheEnd() {
    if (database.hasEnded()) {
      server = Optional.empty();
    }
  }

  String operatorToken() {
    return JsonText.object(running().operatorToken()).text("access_token").orElseThrow();
  }

  private InProcessServer running() {
    return server.orElseThrow();
  }

  /// It has certainly followed up to `place` by now.
  void follows(long place) {
    applied = place;
    reached = place;
    followed.clear();
    followed.add(world.now());
  }

  /// It may have followed up to `place` by now.
  void mayFollow(long place) {
    reached = place;
    followed.add(world.now());
  }

  SequencedSet<String> works() {
    return running().work();
  }

  View view() {
    return new View(applied, world.now());
  }

  long reached() {
    return reached;
  }

  /// Whether it has certainly not followed for longer than a node may.
  boolean isStale() {
    return followed.stream()
        .allMatch(at -> Duration.between(at, world.now()).abs().compareTo(STALE_AFTER) > 0);
  }
}
