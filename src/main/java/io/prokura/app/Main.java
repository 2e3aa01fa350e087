package io.prokura.app;

import io.prokura.bench.Bench;
import io.prokura.cli.Cli;
import io.prokura.cli.Text;
import io.prokura.demo.Demo;
import io.prokura.demo.DemoCrm;
import io.prokura.jose.Crypto;
import io.prokura.kernel.Entropy;
import io.prokura.kernel.Outage;
import io.prokura.kernel.World;
import io.prokura.policy.InvalidPolicies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The program: one command with a subcommand for everything.
@Command(
    name = "prokura",
    description = "The register of who may act in a company's name: agents, workloads, people.",
    mixinStandardHelpOptions = true,
    usageHelpWidth = 100,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Main() {}

  /// Runs the command in `arguments` and ends the process with its status.
  public static void main(String[] arguments) {
    logQuietly();
    var home = Path.of(System.getProperty("user.home"));
    System.exit(commandLine(System.getenv(), home).execute(arguments));
  }

  /// One line for each thing worth knowing, unless whoever starts the program has set up logging.
  private static void logQuietly() {
    if (System.getProperty("java.util.logging.config.file") == null) {
      try (var file = Main.class.getResourceAsStream("/program-logging.properties")) {
        LogManager.getLogManager().readConfiguration(file);
      } catch (IOException e) {
        throw new UncheckedIOException("logging cannot be set up", e);
      }
    }
  }

  /// The program for somebody with this environment and home folder.
  public static CommandLine commandLine(Map<String, String> environment, Path home) {
    var world =
        new World(
            InstantSource.system(),
            new Entropy(() -> Crypto.random().orElseGet(SecureRandom::new)));
    var main =
        new CommandLine(new Main())
            .addSubcommand(new Serve(world, environment, home))
            .addSubcommand(new Restore())
            .addSubcommand(new Demo(world, environment))
            .addSubcommand(new DemoCrm(world, environment))
            .addSubcommand(new Bench(world));
    Cli.commands(world, environment, home).forEach(main::addSubcommand);
    @Nullable String version = Main.class.getPackage().getImplementationVersion();
    main.getCommandSpec().version("prokura " + (version == null ? "(not packaged)" : version));
    return main.setParameterExceptionHandler((e, _) -> misused(e))
        .setExecutionExceptionHandler((e, command, _) -> failed(e, command));
  }

  /// One line about what is wrong, or the list of commands where none was given.
  private static int misused(ParameterException e) {
    var command = e.getCommandLine();
    if (!command.getSubcommands().isEmpty() && !(e instanceof UnmatchedArgumentException)) {
      command.usage(command.getErr());
      return MISUSED;
    }
    complain(
        command, e.getMessage() + "; see " + command.getCommandSpec().qualifiedName() + " --help");
    return MISUSED;
  }

  /// One line about what is in the way. What is none of the caller's doing comes with its trace.
  private static int failed(Exception e, CommandLine command) {
    switch (e) {
      case Outage outage -> complain(command, reason(outage));
      case InvalidPolicies invalid ->
          invalid.findings().forEach(finding -> complain(command, finding));
      default -> {
        complain(command, "a bug: " + e);
        LOG.log(System.Logger.Level.ERROR, "a bug", e);
      }
    }
    return FAILED;
  }

  /// What does not answer, and what it or the system said last.
  private static String reason(Outage outage) {
    @Nullable Throwable last = outage.getCause();
    while (last != null && last.getCause() != null) {
      last = last.getCause();
    }
    if (last == null) {
      return String.valueOf(outage.getMessage());
    }
    @Nullable String why = last.getMessage();
    return outage.getMessage() + ": " + (why == null ? last : why.lines().findFirst().orElse(""));
  }

  private static void complain(CommandLine command, String line) {
    command.getErr().println("prokura: " + Text.printable(line));
    command.getErr().flush();
  }
}
