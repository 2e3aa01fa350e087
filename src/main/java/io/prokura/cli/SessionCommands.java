package io.prokura.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// The commands for where people are signed in. `user logout` ends all sessions of one person.
final class SessionCommands {
  private static final List<String> COLUMNS =
      List.of("id", "startedAt", "seenAt", "endsAt", "amr", "issuer", "clients");
  private static final Noun SESSION =
      new Noun(
          "session",
          "sessions",
          "Where people are signed in.",
          List.of(),
          COLUMNS,
          List.of(),
          Set.of(),
          List.of(Noun.Step.of("end", "End one, and tell the applications it is used at.")));

  private final NounCommands commands;

  SessionCommands(NounCommands commands) {
    this.commands = commands;
  }

  CommandSpec command() {
    var parent = commands.of(SESSION);
    NounCommands.add(parent, list());
    return parent;
  }

  private CommandSpec list() {
    return NounCommands.limited(
            commands.remote(
                "list",
                "List those of one person.",
                (arguments, remote) ->
                    NounCommands.list(
                        arguments,
                        remote,
                        "users/" + Call.encoded(arguments.operand()) + "/sessions",
                        Map.of(),
                        COLUMNS)))
        .addPositional(Arguments.operand("USER", "usr_… that is signed in"));
  }
}
