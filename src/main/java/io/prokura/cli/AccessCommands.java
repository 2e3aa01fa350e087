package io.prokura.cli;

import io.prokura.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// Who may do what, and what of it is used.
final class AccessCommands {
  private static final List<String> OF_PRINCIPAL =
      List.of("identifier", "type", "action", "mode", "access", "policies", "open");
  private static final List<String> OF_RESOURCE =
      List.of("principal", "type", "action", "mode", "access", "policies", "open");

  private final NounCommands nouns;

  AccessCommands(NounCommands nouns) {
    this.nouns = nouns;
  }

  CommandSpec command() {
    var spec =
        nouns.remote(
            "access",
            "Everything somebody may do, or everybody who may act on a resource.",
            AccessCommands::list);
    spec.addOption(Arguments.option("--principal", "ID", "usr_…, agt_… or wkl_… that may"));
    spec.addOption(Arguments.option("--resource", "ID", "res_… on which they may"));
    spec.addOption(Arguments.option("--action", "NAME", "only this action"));
    NounCommands.limited(spec);
    NounCommands.add(spec, unused());
    return spec;
  }

  private static void list(Arguments arguments, Remote remote) {
    var query = new LinkedHashMap<String, String>();
    for (var name : List.of("principal", "resource", "action")) {
      arguments.text("--" + name).ifPresent(value -> query.put(name, value));
    }
    if (query.containsKey("principal") == query.containsKey("resource")) {
      throw Failure.usage("give either --principal ID or --resource ID; see --help");
    }
    var columns = query.containsKey("principal") ? OF_PRINCIPAL : OF_RESOURCE;
    NounCommands.list(arguments, remote, "access", query, columns);
  }

  private CommandSpec unused() {
    var spec =
        nouns.remote(
            "unused",
            "What an agent holds and did not use, and the calls that would take it away.",
            AccessCommands::unused);
    spec.addOption(Arguments.option("--agent", "ID", "agt_… to look at"));
    return spec.addOption(Arguments.option("--days", "N", "how far to look back (30)"));
  }

  private static void unused(Arguments arguments, Remote remote) {
    var agent =
        arguments.text("--agent").orElseThrow(() -> Failure.usage("say whose with --agent ID"));
    var query = new LinkedHashMap<>(Map.of("agent", agent));
    arguments.text("--days").ifPresent(days -> query.put("days", days));
    var path = NounCommands.API + "access/unused?" + Call.encoded(query);
    var report = NounCommands.object(remote.get(path));
    if (arguments.isJson()) {
      arguments.say(Text.pretty(report));
      return;
    }
    section(arguments, report, "permissions", List.of("id", "identifier", "mode", "unused"));
    section(arguments, report, "dormant", List.of("id", "delegator", "expiresAt"));
    section(arguments, report, "wildcards", List.of("id", "wide", "conditional"));
    section(arguments, report, "proposal", List.of("method", "path", "body"));
    arguments.say(report.text("statement").orElse(""));
  }

  private static void section(
      Arguments arguments, Json.Obj report, String name, List<String> columns) {
    var items =
        report.get(name).map(Json.Arr.class::cast).map(Json.Arr::items).orElse(List.of()).stream()
            .map(Json.Obj.class::cast)
            .toList();
    arguments.say(name);
    arguments.say(items.isEmpty() ? "none" : Table.of(columns, items));
    arguments.say("");
  }
}
