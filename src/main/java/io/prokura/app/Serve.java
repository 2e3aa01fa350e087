package io.prokura.app;

import static io.prokura.kernel.Refusal.FIELD_INVALID;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts the server and runs it until the process is told to end.
@Command(name = "serve", description = "Start the server.", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  private static final int SQLITE_PAGES_MAX = 1_073_741_823;
  private static final int POSTGRES_CONNECTIONS = 16;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--config", paramLabel = "FILE", description = "YAML file with the configuration")
  private @Nullable Path config;

  @Option(names = "--data", paramLabel = "DIR", description = "folder of the embedded database")
  private @Nullable String data;

  @Option(names = "--port", paramLabel = "N", description = "port to listen on (8420)")
  private @Nullable String port;

  @Option(names = "--issuer", paramLabel = "URL", description = "URL this server is known by")
  private @Nullable String issuer;

  @Option(names = "--database", paramLabel = "URL", description = "jdbc:postgresql://… URL")
  private @Nullable String database;

  @Option(
      names = "--organisation",
      paramLabel = "DIR",
      description = "folder of the organisation's Cedar schema, policies and entities")
  private @Nullable String organisation;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "certificate chain in PEM")
  private @Nullable String tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's key in PEM")
  private @Nullable String tlsKey;

  @Option(names = "--tls-dev", description = "TLS with a self-signed certificate for localhost")
  private boolean tlsDev;

  private final World world;
  private final Map<String, String> environment;
  private final Path home;

  Serve(World world, Map<String, String> environment, Path home) {
    this.world = world;
    this.environment = environment;
    this.home = home;
  }

  @Override
  public Integer call() {
    var read = configuration();
    if (!(read instanceof Ok(var configuration))) {
      spec.commandLine().getErr().println("prokura: " + ((Refused<?>) read).detail());
      return 2;
    }
    try (var server = Server.start(world, open(configuration), configuration)) {
      var out = spec.commandLine().getOut();
      var transport = configuration.transport();
      var scheme = transport.isSecure() ? "https" : "http";
      out.println(
          "prokura: listening on %s://%s:%d"
              .formatted(scheme, configuration.host(), server.port()));
      if (transport.isDevelopment()) {
        var made = DevelopmentCertificate.in(configuration.data());
        out.println("prokura: for commands: --trust " + made.certificateFile());
      }
      out.println("prokura: issuer " + configuration.issuer());
      out.println("prokura: the log's key " + server.logKey());
      out.println(
          server.isOpen()
              ? "prokura: an administrator's token: ./prokura admin token"
              : "prokura: CLOSED after a restore; see ./prokura admin acknowledge-restore");
      server
          .setupLink()
          .ifPresent(link -> out.println("prokura: set up the first administrator: " + link));
      out.flush();
      await(server);
      return 0;
    }
  }

  private Result<Config> configuration() {
    var options = new HashMap<String, String>();
    put(options, "data", data);
    put(options, "port", port);
    put(options, "issuer", issuer);
    put(options, "database", database);
    put(options, "organisation", organisation);
    put(options, "tlsCert", tlsCert);
    put(options, "tlsKey", tlsKey);
    put(options, "tlsDev", tlsDev ? "true" : null);
    var file = file();
    return file instanceof Ok(var values)
        ? Config.of(values, environment, Map.copyOf(options), home)
        : file.refusal();
  }

  private static void put(Map<String, String> options, String key, @Nullable String value) {
    if (value != null) {
      options.put(key, value);
    }
  }

  private Result<Json.Obj> file() {
    if (config == null) {
      return Result.ok(Json.object().build());
    }
    try {
      var read = new JsonReader(Limits.standard()).readYaml(Files.readAllBytes(config));
      return read instanceof Ok
          ? read
          : Result.refused(FIELD_INVALID, config + " is not one YAML mapping of keys to values");
    } catch (IOException e) {
      return Result.refused(FIELD_INVALID, "cannot read " + config);
    }
  }

  static Database open(Config config) {
    return config.database().isEmpty()
        ? SqliteDatabase.open(config.data(), SQLITE_PAGES_MAX)
        : PostgresDatabase.open(config.database(), POSTGRES_CONNECTIONS);
  }

  /// Waits until the process is told to end, and has the server finish what it is doing first.
  private static void await(Server server) {
    var end = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  end.countDown();
                }));
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
