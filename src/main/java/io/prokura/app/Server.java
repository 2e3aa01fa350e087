package io.prokura.app;

import static io.prokura.kernel.Refusal.STATE_CONFLICT;

import io.prokura.audit.Continuity;
import io.prokura.http.Door;
import io.prokura.http.HttpServer;
import io.prokura.http.Route;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.restore.Restoration;
import io.prokura.sql.Database;
import io.prokura.tls.ServerTls;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// A running server: an [App], the threads that keep it going, and its doors. On a database that is
/// not the one that was served last it listens, but serves nothing until that is acknowledged.
public final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("prokura.server");
  private static final Duration CERTIFICATE_PAUSE = Duration.ofSeconds(10);
  private static final String CLOSED =
      "this server's database was restored from an old copy or is another one; it answers nothing"
          + " until its operator has acknowledged that";

  private final Database database;
  private final App app;
  private final Ticks ticks;
  private final Door door;
  private final HttpServer http;
  private final AdminSocket admin;
  private final ReentrantLock opening = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Server(World world, Database database, Config config, Ticks ticks) {
    this.database = database;
    this.ticks = ticks;
    var limits = Limits.standard();
    app = App.wire(world, database, config, limits);
    door = new Door(Set.of("/health/live", "/health/ready"));
    if (app.continuity() instanceof Continuity.Broken broken) {
      door.shut(CLOSED);
      LOG.log(Level.ERROR, "CLOSED: {0}; ./prokura admin acknowledge-restore", broken);
    } else {
      begin();
    }
    var tls = config.transport().open(world, config.data());
    tls.ifPresent(this::watch);
    var options =
        HttpServer.Options.standard(config.host(), config.port(), limits)
            .withConcurrency(config.requestsMax())
            .on(tls, config.transport().proxies(), config.transport().certificatePort());
    var health = new HealthEndpoint(() -> door.isOpen() && ticks.areHealthy() && app.isReady());
    http =
        HttpServer.start(
            world, app.metrics(), door, app.refusals()::count, routes(app, health), options);
    try {
      var verbs = new AdminVerbs(this, app, config);
      admin = AdminSocket.open(config.data(), verbs::answer);
    } catch (RuntimeException e) {
      http.stop();
      throw e;
    }
  }

  /// Starts serving from `database`, which the server closes when it ends. Throws
  /// [io.prokura.kernel.Outage] when it can't, with the reason in a line for people.
  public static Server start(World world, Database database, Config config) {
    var ticks = new Ticks();
    try {
      return new Server(world, database, config, ticks);
    } catch (RuntimeException e) {
      ticks.close();
      database.close();
      throw e;
    }
  }

  /// Notices new files of the certificate, also while the door is shut.
  private void watch(ServerTls tls) {
    ticks.every(CERTIFICATE_PAUSE, "reload the TLS certificate", tls::reload);
    app.metrics()
        .gauge(
            "tls_certificate_expires_seconds",
            "When the TLS certificate in use expires, in seconds since 1970.",
            () -> tls.notAfter().getEpochSecond());
    app.metrics()
        .gauge(
            "tls_certificate_reload_failures",
            "How often in a row the files of the TLS certificate could not be used.",
            tls::failures);
  }

  private static List<Route> routes(App app, HealthEndpoint health) {
    var rows = new ArrayList<>(Routes.of(app, health));
    rows.addAll(Routes.ofPages(app.pages(), app.compatibility()));
    return List.copyOf(rows);
  }

  private void begin() {
    app.start();
    app.work().forEach(work -> ticks.every(work.pause(), work.name(), work.run()));
  }

  /// Whether it serves.
  public boolean isOpen() {
    return door.isOpen();
  }

  /// What an acknowledgement would do; nothing for a server that serves.
  Optional<Restoration.Plan> plan() {
    return door.isOpen() ? Optional.empty() : app.upkeep().restoration().plan();
  }

  /// Acknowledges a restore and begins to serve. Refuses as [Restoration#acknowledge] does. Where
  /// the server cannot begin although it is acknowledged, it stays closed until it is started anew.
  Result<Restoration.Plan> acknowledge(boolean journalLost) {
    opening.lock();
    try {
      if (door.isOpen()) {
        return Result.refused(STATE_CONFLICT, "there is no restore to acknowledge");
      }
      var acknowledged = app.upkeep().restoration().acknowledge(journalLost);
      if (acknowledged instanceof Ok) {
        begin();
        door.open();
      }
      return acknowledged;
    } finally {
      opening.unlock();
    }
  }

  /// A fresh one-time link for the first administrator; nothing once somebody can sign in, and
  /// while the server is closed.
  Optional<String> setupLink() {
    return door.isOpen() ? app.setupLink() : Optional.empty();
  }

  public int port() {
    return http.port();
  }

  /// The port where clients are asked for certificates.
  public int certificatePort() {
    return http.certificatePort();
  }

  /// The text by which others verify the log's signatures (C2SP signed-note).
  public String logKey() {
    return app.logKey();
  }

  /// What the admin socket answers to `token`.
  String operatorToken() {
    return app.operator().token();
  }

  /// Finishes the requests in progress, publishes the log's newest tree, and ends. Doing it twice
  /// does nothing more.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      admin.close();
      http.stop();
      ticks.close();
      publishTheRest();
      database.close();
    }
  }

  /// What was answered last is in the published tree when a server ends in order, so that an old
  /// copy of the database can't pass for it.
  private void publishTheRest() {
    if (door.isOpen()) {
      try {
        app.publish();
      } catch (Outage e) {
        LOG.log(Level.WARNING, "the newest entries are not in a published tree yet", e);
      }
    }
  }

  /// Work that has to be done again and again, `pause` apart.
  record Work(String name, Duration pause, Runnable run) {}
}
