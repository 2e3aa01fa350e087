package io.prokura.app;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.keys.MasterKeyRotation;
import io.prokura.restore.Restoration;
import io.prokura.sql.SqliteBackup;
import java.lang.System.Logger.Level;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the admin socket understands: one line, a word and perhaps what follows it. The answer is
/// one line of JSON.
final class AdminVerbs {
  private static final System.Logger LOG = System.getLogger("prokura.admin");

  private final Server server;
  private final App app;
  private final Config config;

  AdminVerbs(Server server, App app, Config config) {
    this.server = server;
    this.app = app;
    this.config = config;
  }

  /// The answer to a line; nothing when the line is not understood. An outage is told: whoever may
  /// open the socket runs the server.
  Optional<String> answer(String line) {
    if (line.equals("token")) {
      return Optional.of(server.isOpen() ? app.operator().token() : said(closed()));
    }
    int space = line.indexOf(' ');
    var word = space < 0 ? line : line.substring(0, space);
    var rest = space < 0 ? "" : line.substring(space + 1);
    return switch (word) {
      case "token-for" -> Optional.of(said(() -> whenOpen(() -> app.operator().tokenFor(rest))));
      case "backup" -> Optional.of(said(() -> backup(rest)));
      case "restore" -> Optional.of(said(() -> restore(rest)));
      case "rotate-master-key" -> Optional.of(said(() -> whenOpen(this::rotateMasterKey)));
      case "rotate-log-key" -> Optional.of(said(() -> whenOpen(() -> rotateLogKey(rest))));
      default -> Optional.empty();
    };
  }

  @FunctionalInterface
  private interface Work {
    Result<Json.Obj> run();
  }

  private static String said(Work work) {
    try {
      return said(work.run());
    } catch (Outage e) {
      LOG.log(Level.ERROR, "admin socket: failed", e);
      return Json.object()
          .put("error", "outage")
          .put("detail", String.valueOf(e.getMessage()))
          .build()
          .toText();
    }
  }

  private static String said(Result<Json.Obj> result) {
    return switch (result) {
      case Ok<Json.Obj>(var object) -> object.toText();
      case Refused<Json.Obj>(var reason, var detail) ->
          Json.object().put("error", reason.error()).put("detail", detail).build().toText();
    };
  }

  private static Result<Json.Obj> closed() {
    return refused(
        STATE_CONFLICT,
        "the server is closed after a restore: ./prokura admin acknowledge-restore says why");
  }

  private Result<Json.Obj> whenOpen(Work work) {
    return server.isOpen() ? work.run() : closed();
  }

  private Result<Json.Obj> backup(String target) {
    if (!config.database().isEmpty()) {
      return refused(
          STATE_CONFLICT, "the database is PostgreSQL: use its own backup (docs/operations.md)");
    }
    try {
      var copy = SqliteBackup.write(config.data(), Path.of(target));
      return ok(
          Json.object()
              .put("file", copy.file().toString())
              .put("bytes", copy.bytes())
              .put("logSize", copy.logSize())
              .put("masterKey", app.upkeep().masterKey().name())
              .build());
    } catch (InvalidPathException e) {
      return refused(FIELD_INVALID, "not the name of a file");
    }
  }

  private Result<Json.Obj> restore(String how) {
    return switch (how) {
      case "" ->
          server
              .plan()
              .map(plan -> ok(plan.view()))
              .orElseGet(() -> refused(STATE_CONFLICT, "there is no restore to acknowledge"));
      case "acknowledge" -> server.acknowledge(false).map(Restoration.Plan::view);
      case "acknowledge journal-lost" -> server.acknowledge(true).map(Restoration.Plan::view);
      default -> refused(FIELD_INVALID, "restore is followed by nothing or by acknowledge");
    };
  }

  private Result<Json.Obj> rotateMasterKey() {
    var progress = app.upkeep().masterKey().rotate(app.operator().ensure());
    return ok(view(progress));
  }

  private static Json.Obj view(MasterKeyRotation.Progress progress) {
    return Json.object()
        .put("masterKey", progress.key())
        .put("wrapped", progress.wrapped())
        .put("done", progress.done())
        .build();
  }

  private Result<Json.Obj> rotateLogKey(String step) {
    var operator = app.operator().ensure();
    var rotation = app.upkeep().logKey();
    Result<List<String>> keys =
        switch (step) {
          case "" -> rotation.begin(operator);
          case "finish" -> rotation.finish(operator);
          default -> refused(FIELD_INVALID, "rotate-log-key is followed by nothing or by finish");
        };
    return keys.map(all -> Json.object().put("vkeys", all).build());
  }
}
