package io.prokura.cli;

import io.prokura.json.Json;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// What whoever runs the server on this machine does with it, over its Unix socket.
final class AdminCommands {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofHours(2);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'prokura-'yyyyMMdd-HHmmss'.db'").withZone(ZoneOffset.UTC);

  private final RemoteOptions remotes;

  AdminCommands(RemoteOptions remotes) {
    this.remotes = remotes;
  }

  CommandSpec command() {
    var parent = Arguments.parent("admin", "For whoever runs the server on this machine.");
    for (var spec : List.of(token(), acknowledge(), rotateMasterKey(), rotateLogKey())) {
      RemoteOptions.data(spec);
      NounCommands.add(parent, spec);
    }
    return parent;
  }

  private CommandSpec token() {
    var token =
        Arguments.command(
            "token",
            "An administrator's access token over the server's Unix socket.",
            arguments -> {
              var data = remotes.data(arguments);
              var given =
                  arguments
                      .text("--for")
                      .map(whom -> AdminDoor.askFor(data, user(whom)))
                      .orElseGet(() -> AdminDoor.ask(data));
              arguments.say(given.accessToken());
              if (!arguments.isSet("-q")) {
                arguments.complain(
                    "a token for %s/api/v1, good for %d seconds"
                        .formatted(given.issuer(), given.expiresIn()));
              }
              return 0;
            });
    token.addOption(Arguments.flag("-q", "print only the token"));
    token.addOption(
        Arguments.option("--for", "USER", "a token of this person (usr_… or user name) instead"));
    return token;
  }

  /// One line is what the socket takes.
  private static String user(String whom) {
    if (whom.isBlank() || whom.chars().anyMatch(c -> c < ' ')) {
      throw Failure.usage("--for is the id or the name of a user");
    }
    return whom;
  }

  private CommandSpec acknowledge() {
    var spec =
        Arguments.command(
            "acknowledge-restore",
            "Say what acknowledging a restore will do, and with --yes have it done.",
            this::acknowledge);
    spec.addOption(
        Arguments.flag("--yes", "do it: end every token and serve the restored database"));
    spec.addOption(
        Arguments.flag(
            "--journal-lost", "although kills and erasures since the backup are not all known"));
    return spec;
  }

  private int acknowledge(Arguments arguments) {
    var data = remotes.data(arguments);
    var plan = AdminDoor.said(data, "restore", SOON);
    arguments.say(words(plan));
    if (!arguments.isSet("--yes")) {
      arguments.complain("nothing was done; give --yes to have it done");
      return Failure.USAGE;
    }
    var lost = arguments.isSet("--journal-lost") ? " journal-lost" : "";
    var done = AdminDoor.said(data, "restore acknowledge" + lost, LONG);
    arguments.say(
        Text.printable(
            "DONE: the server serves; its log goes on as " + done.text("origin").orElse("?")));
    return 0;
  }

  private static String words(Json.Obj plan) {
    var journal = plan.text("journal").orElse("?");
    boolean torn = plan.flag("journalTorn").orElse(false);
    return String.join(
        "\n",
        line("CLOSED", plan.text("finding").orElse("?")),
        line(
            "published",
            "%d entries of %s"
                .formatted(
                    plan.number("publishedSize").orElse(0L),
                    plan.text("publishedOrigin").orElse("?"))),
        line(
            "restored",
            "%d entries of %s, the newest of %s"
                .formatted(
                    plan.number("restoredSize").orElse(0L),
                    plan.text("restoredOrigin").orElse("?"),
                    plan.text("restoredNewest").orElse("never"))),
        line("journal", journal + (torn ? ", but its last line was not written to its end" : "")),
        "An acknowledgement will",
        line(
            "- apply again",
            "%d cut-offs and %d erasures from the journal"
                .formatted(plan.number("cutOffs").orElse(0L), plan.number("erasures").orElse(0L))),
        line("- end", "every token that this issuer has issued"),
        line("- continue", "the log as " + plan.text("origin").orElse("?")),
        "What else was changed since the backup is lost; see docs/operations.md.");
  }

  private static String line(String name, String value) {
    return Text.printable("%-13s %s".formatted(name, value));
  }

  private CommandSpec rotateMasterKey() {
    return Arguments.command(
        "rotate-master-key",
        "Replace the master key, while the server serves.",
        arguments -> {
          var done = AdminDoor.said(remotes.data(arguments), "rotate-master-key", LONG);
          arguments.say(
              Text.printable(
                  "the master key is now %s; %d things were wrapped again"
                      .formatted(
                          done.text("masterKey").orElse("?"), done.number("wrapped").orElse(0L))));
          arguments.complain(
              done.flag("done").orElse(false)
                  ? "the old key is gone from the file; backups from before still need it"
                  : "the old key stays in the file until no node can need it");
          return 0;
        });
  }

  private CommandSpec rotateLogKey() {
    var spec =
        Arguments.command(
            "rotate-log-key",
            "Have a new key sign the log beside the old one, and with --finish alone.",
            arguments -> {
              var line = arguments.isSet("--finish") ? "rotate-log-key finish" : "rotate-log-key";
              var done = AdminDoor.said(remotes.data(arguments), line, SOON);
              for (var vkey : done.texts("vkeys").orElse(List.of())) {
                arguments.say(Text.printable(vkey));
              }
              return 0;
            });
    spec.addOption(
        Arguments.flag(
            "--finish", "have the old key sign no more; all verifiers know the new one"));
    return spec;
  }

  CommandSpec backup() {
    var spec =
        Arguments.command(
            "backup",
            "Copy the embedded database of this machine's server, while it serves.",
            this::backup);
    spec.addPositional(
        Arguments.operand("FILE_OR_DIR", "a new file, or the folder to make one in"));
    RemoteOptions.data(spec);
    return spec;
  }

  private int backup(Arguments arguments) {
    var file = target(arguments.operand());
    var done = AdminDoor.said(remotes.data(arguments), "backup " + file, LONG);
    arguments.say(
        Text.printable(
            "%s: %d bytes, %d entries of the log"
                .formatted(
                    done.text("file").orElse("?"),
                    done.number("bytes").orElse(0L),
                    done.number("logSize").orElse(0L))));
    arguments.complain(
        "the master key %s is not in it: keep a copy of the key elsewhere, the backup needs it"
            .formatted(done.text("masterKey").orElse("?")));
    return 0;
  }

  /// The server has a working directory of its own, so the path is made absolute here.
  private static Path target(String operand) {
    try {
      var named = Path.of(operand).toAbsolutePath().normalize();
      var file = Files.isDirectory(named) ? named.resolve(NAME.format(Instant.now())) : named;
      if (file.toString().chars().anyMatch(c -> c < ' ')) {
        throw Failure.usage("the name has a control character");
      }
      return file;
    } catch (InvalidPathException e) {
      throw Failure.usage("not the name of a file");
    }
  }
}
