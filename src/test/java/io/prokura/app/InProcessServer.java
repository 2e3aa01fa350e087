package io.prokura.app;

import io.prokura.http.InProcess;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.Consumer;

/// A whole server without sockets and threads: requests go straight to their row of the route
/// table, and periodic work is done when somebody says so. Forgetting it is what a crash does.
public final class InProcessServer {
  private final App app;
  private final InProcess routes;
  private final SequencedMap<String, Runnable> work = new LinkedHashMap<>();

  private InProcessServer(App app) {
    this.app = app;
    routes = new InProcess(Limits.standard(), Routes.of(app, new HealthEndpoint(app::isReady)));
    app.work().forEach(one -> work.put(one.name(), one.run()));
  }

  /// Starts the way a server does, on `database`, with the master key and the checkpoint outside
  /// the database in `folder`.
  public static InProcessServer start(World world, Database database, String issuer, Path folder) {
    var config = TestServer.config(folder, issuer, "");
    var app = App.wire(world, database, config, Limits.standard());
    app.start();
    return new InProcessServer(app);
  }

  public Response answer(String method, String path, Consumer<Request.Builder> content) {
    return routes.answer(method, path, content);
  }

  /// The names of the periodic work.
  public SequencedSet<String> work() {
    return work.sequencedKeySet();
  }

  public void work(String name) {
    var run = work.get(name);
    if (run == null) {
      throw new IllegalArgumentException("no periodic work is called " + name);
    }
    run.run();
  }

  /// The master key of a server in `folder`.
  public static Path masterKey(Path folder) {
    return TestServer.config(folder, "http://localhost:8420", "").masterKeyFile();
  }

  /// The checkpoint that a server in `folder` keeps outside the database.
  public static Path outsideCheckpoint(Path folder) {
    return TestServer.config(folder, "http://localhost:8420", "").checkpointFile();
  }

  /// What the admin socket answers to `token`.
  public String operatorToken() {
    return app.operator().token();
  }
}
