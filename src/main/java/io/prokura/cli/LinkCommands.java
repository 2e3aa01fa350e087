package io.prokura.cli;

import io.prokura.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// The commands for whom trusted issuers mean by their names.
final class LinkCommands {
  private static final List<String> COLUMNS =
      List.of("id", "sub", "principal", "issuer", "linkedAt");
  private static final Field SUB = Field.text("sub", "name that the issuer has for them");
  private static final List<Field> LINKED =
      List.of(SUB, Field.text("principal", "usr_…, agt_… or wkl_… it means"));
  private static final List<Field> UNLINKED =
      List.of(SUB, Field.text("reason", "why, for the record"));
  private static final Noun LINK =
      new Noun(
          "link",
          "links",
          "Whom trusted issuers mean by their names.",
          List.of(),
          COLUMNS,
          List.of(),
          Set.of(),
          List.of());

  private final NounCommands commands;

  LinkCommands(NounCommands commands) {
    this.commands = commands;
  }

  CommandSpec command() {
    var parent = commands.of(LINK);
    NounCommands.add(parent, list());
    NounCommands.add(parent, post("create", "Link a name to somebody.", "link", LINKED));
    NounCommands.add(
        parent, post("delete", "Take a link away, with what rests on it.", "unlink", UNLINKED));
    return parent;
  }

  private CommandSpec list() {
    return of(
        NounCommands.limited(
            commands.remote(
                "list",
                "List those of one issuer.",
                (arguments, remote) ->
                    NounCommands.list(
                        arguments, remote, path(arguments, "links"), Map.of(), COLUMNS))));
  }

  private CommandSpec post(String name, String description, String verb, List<Field> fields) {
    return of(
        NounCommands.bodied(
            commands.change(
                name,
                description,
                (arguments, remote) -> {
                  var path = NounCommands.API + path(arguments, verb);
                  var body = NounCommands.written(arguments, fields, Json.object().build());
                  var key = commands.key(arguments);
                  arguments.show(
                      NounCommands.object(remote.change("POST", path, body, key, Map.of())));
                }),
            fields));
  }

  private static CommandSpec of(CommandSpec spec) {
    return spec.addPositional(Arguments.operand("ISSUER", "iss_… that has the names"));
  }

  private static String path(Arguments arguments, String verb) {
    return "trusted-issuers/" + Call.encoded(arguments.operand()) + "/" + verb;
  }
}
