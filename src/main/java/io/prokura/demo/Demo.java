package io.prokura.demo;

import io.prokura.cli.HttpCaller;
import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Plays the story on a server of its own, then leaves the server up to be looked at.
@Command(
    name = "demo",
    description = "Play the story of one agent, step by step, on a server of its own.",
    mixinStandardHelpOptions = true)
public final class Demo implements Callable<Integer> {
  private final World world;
  private final Map<String, String> environment;

  @Option(names = "--once", description = "end after the story; status 0 if every step held")
  private boolean once;

  @Option(names = "--port", paramLabel = "N", description = "port of the server (any free one)")
  private int port;

  @Option(
      names = "--in-process",
      hidden = true,
      description =
          "run the server in this process and end after the story: one run that trains"
              + " an AOT cache for both")
  private boolean inProcess;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// The command for somebody with this environment.
  public Demo(World world, Map<String, String> environment) {
    this.world = world;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Integer call() {
    try {
      var folder = Files.createTempDirectory("prokura-demo");
      int at = port == 0 ? ServerProcess.freePort() : port;
      var narrator = new Narrator(spec.commandLine().getOut(), style());
      return inProcess ? trained(narrator, folder, at) : play(narrator, folder, at);
    } catch (IOException e) {
      spec.commandLine().getErr().println("prokura: the demo needs a temporary folder: " + e);
      return 1;
    }
  }

  private int play(Narrator narrator, Path folder, int at) throws IOException {
    var server = ServerProcess.start(folder, at);
    try {
      // However the demo ends, the server goes first and then all it kept.
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.end();
                    delete(folder);
                  }));
      narrator.heading("Prokura: the story of one agent");
      int failed = story(narrator, folder, server.issuer(), server);
      if (failed > 0 && !server.isAlive()) {
        narrator.failed("the server ended: " + server.lastWords());
      }
      if (!once) {
        stay(narrator, server, folder);
      }
      narrator.last("demo: " + Story.STEPS + " steps, " + failed + " failed");
      return failed == 0 ? 0 : 1;
    } finally {
      server.end();
    }
  }

  private int story(Narrator narrator, Path folder, String issuer, ServerProcess... own) {
    try (var http = new HttpCaller()) {
      if (!ServerProcess.isReady(http, issuer, own)) {
        narrator.failed("the server at " + issuer + " doesn't get ready");
        return Story.STEPS;
      }
      var stage = Stage.of(world, http, issuer, ServerProcess.data(folder), folder);
      return new Story(stage, narrator).play();
    }
  }

  /// Runs `serve` in this process and plays against it.
  private int trained(Narrator narrator, Path folder, int at) {
    var serve = Objects.requireNonNull(spec.root().commandLine().getSubcommands().get("serve"));
    var options = ServerProcess.serving(folder, at).toArray(String[]::new);
    Thread.ofPlatform().daemon(true).name("serve").start(() -> serve.execute(options));
    int failed = story(narrator, folder, ServerProcess.issuer(at));
    narrator.last("demo: " + Story.STEPS + " steps, " + failed + " failed");
    return failed == 0 ? 0 : 1;
  }

  private static void stay(Narrator narrator, ServerProcess server, Path folder) {
    var data = " --data " + ServerProcess.data(folder);
    narrator.heading(
        "The server stays up at " + server.issuer() + " (process " + server.pid() + ")");
    narrator.plain("Try, in another terminal:");
    narrator.plain("  ./prokura agent list" + data);
    narrator.plain("  ./prokura delegation list" + data);
    narrator.plain("  ./prokura audit list --limit 20" + data);
    narrator.plain("  curl " + server.issuer() + "/.well-known/oauth-authorization-server");
    narrator.plain("Ctrl-C ends it and takes away all it kept.");
    try {
      server.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Colours only on a terminal that has some and whose owner wants them (no-color.org).
  @SuppressWarnings("SystemConsoleNull") // its declaration says that it may be null
  private Narrator.Style style() {
    var console = System.console();
    boolean colour =
        console != null
            && console.isTerminal()
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    var encoding = System.getProperty("stdout.encoding", "UTF-8");
    return new Narrator.Style(colour, encoding.equalsIgnoreCase("UTF-8"));
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("prokura: cannot take away " + folder);
    }
  }
}
