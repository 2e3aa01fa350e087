package io.prokura.app;

import io.prokura.bench.Bench;
import io.prokura.cli.Cli;
import io.prokura.demo.Demo;
import io.prokura.kernel.World;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program: one command with a subcommand for everything.
@Command(
    name = "prokura",
    description = "The register of who may act in a company's name: agents, workloads, people.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

  private Main() {}

  /// Runs the command in `arguments` and ends the process with its status.
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    var world = new World(InstantSource.system(), new SecureRandom());
    var environment = System.getenv();
    var home = Path.of(System.getProperty("user.home"));
    var main =
        new CommandLine(new Main())
            .addSubcommand(new Serve(world))
            .addSubcommand(new Demo(world, environment))
            .addSubcommand(new Bench(world));
    Cli.commands(world, environment, home).forEach(main::addSubcommand);
    return main;
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
