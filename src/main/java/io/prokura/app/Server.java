package io.prokura.app;

import io.prokura.http.Around;
import io.prokura.http.HttpServer;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// A running server: an [App], the threads that keep it going, and its doors.
public final class Server implements AutoCloseable {
  private final Database database;
  private final Ticks ticks;
  private final HttpServer http;
  private final AdminSocket admin;
  private final Operator operator;
  private final String logKey;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Server(
      Database database,
      Ticks ticks,
      HttpServer http,
      Operator operator,
      String logKey,
      AdminSocket admin) {
    this.database = database;
    this.ticks = ticks;
    this.http = http;
    this.operator = operator;
    this.logKey = logKey;
    this.admin = admin;
  }

  /// Starts serving from `database`, which the server closes when it ends. Throws
  /// [io.prokura.kernel.Outage] when it can't, with the reason in a line for people.
  public static Server start(World world, Database database, Config config) {
    var ticks = new Ticks();
    try {
      return start(world, database, config, ticks);
    } catch (RuntimeException e) {
      ticks.close();
      database.close();
      throw e;
    }
  }

  private static Server start(World world, Database database, Config config, Ticks ticks) {
    var limits = Limits.standard();
    var app = App.wire(world, database, config, limits);
    app.start();
    app.work().forEach(work -> ticks.every(work.pause(), work.name(), work.run()));
    var options =
        HttpServer.Options.standard(config.host(), config.port(), limits)
            .withConcurrency(config.requestsMax());
    var health = new HealthEndpoint(() -> ticks.areHealthy() && app.isReady());
    var http =
        HttpServer.start(world, app.metrics(), Around.NOTHING, Routes.of(app, health), options);
    try {
      var admin = AdminSocket.open(config.data(), app.operator()::token);
      return new Server(database, ticks, http, app.operator(), app.logKey(), admin);
    } catch (RuntimeException e) {
      http.stop();
      throw e;
    }
  }

  public int port() {
    return http.port();
  }

  /// The text by which others verify the log's signatures (C2SP signed-note).
  public String logKey() {
    return logKey;
  }

  /// What the admin socket answers to `token`.
  String operatorToken() {
    return operator.token();
  }

  /// Finishes the requests in progress and ends. Doing it twice does nothing more.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      admin.close();
      http.stop();
      ticks.close();
      database.close();
    }
  }

  /// Work that has to be done again and again, `pause` apart.
  record Work(String name, Duration pause, Runnable run) {}
}
