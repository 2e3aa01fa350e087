package io.prokura.cli;

import io.prokura.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// Where somebody types commands, with an environment and a home folder.
public final class Terminal {
  private final Path home;
  private final CommandLine program;

  public Terminal(Map<String, String> environment, Path home) {
    this.home = home;
    program = Main.commandLine(environment, home);
  }

  /// What a command left behind.
  public record Said(int status, String out, String err) {}

  public Path home() {
    return home;
  }

  public Said run(String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    program.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int status = program.execute(words);
    return new Said(status, out.toString(), err.toString());
  }

  public Said run(List<String> words) {
    return run(words.toArray(String[]::new));
  }
}
