package io.prokura.app;

import io.prokura.sql.SqliteBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Puts a backup of the embedded database into a data folder that no server uses.
@Command(
    name = "restore",
    description = "Put a backup of the embedded database into a data folder.",
    mixinStandardHelpOptions = true)
final class Restore implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "file that 'backup' has written")
  private Path file = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "folder of the embedded database")
  private Path data = Path.of("");

  @Option(
      names = "--replace",
      description = "put it in the place of the database that is there, which is kept aside")
  private boolean replace;

  @Override
  public Integer call() {
    var restored = SqliteBackup.restore(file, data, replace);
    var out = spec.commandLine().getOut();
    out.println(
        "prokura: restored %s: %d bytes, %d entries of the log"
            .formatted(data, restored.bytes(), restored.logSize()));
    restored
        .setAside()
        .ifPresent(
            aside ->
                out.println(
                    "prokura: the database that was there is kept in "
                        + aside
                        + "; delete it when you need it no more"));
    out.println("prokura: the master key is not part of a backup; the server needs its own");
    out.println("prokura: the server will start closed; then: ./prokura admin acknowledge-restore");
    out.flush();
    return 0;
  }
}
