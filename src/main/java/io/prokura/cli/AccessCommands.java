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
    NounCommands.add(spec, tighten());
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

  private CommandSpec tighten() {
    var spec =
        nouns.change(
            "tighten",
            "Draft a policy that keeps an agent to what it used, and replay the record against it.",
            this::tighten);
    spec.addOption(Arguments.option("--agent", "ID", "agt_… to keep to what it used"));
    spec.addOption(Arguments.option("--days", "N", "how far to look back (30)"));
    return spec.addOption(
        Arguments.option("--list", "FILE", "write each that would change there, a line of JSON"));
  }

  private void tighten(Arguments arguments, Remote remote) {
    var report = report(arguments, remote);
    var tightening = report.object("tightening").orElse(Json.object().build());
    var file = tightening.text("file").orElse("");
    var text = tightening.text("text").orElseThrow(() -> Failure.refused(why(report)));
    var key = nouns.key(arguments);
    var drafts = NounCommands.API + "policies/organisation/drafts";
    var note = Json.object().put("note", "keeps " + file + " to what was used").build();
    var made = remote.change("POST", drafts, note, key, Map.of());
    var draft = NounCommands.object(made).text("id").orElse("");
    var put = Json.object().put("name", file).put("text", text).build();
    var body = Json.object().put("put", Json.array(List.of(put))).build();
    var path = drafts + "/" + draft;
    remote.change("POST", path + "/files", body, key + "-file", Map.of("If-Match", made.etag()));
    var period = new LinkedHashMap<String, String>();
    for (var end : List.of("from", "until")) {
      report.text(end).ifPresent(time -> period.put(end, time));
    }
    var replay = PolicyReplay.followed(arguments, remote, path, period);
    if (!arguments.isJson()) {
      text.lines().forEach(line -> arguments.say(Text.printable(line)));
      arguments.say("");
    }
    replay.tell(Map.of("draft", draft, "file", file, "text", text));
    if (!arguments.isJson()) {
      boolean proven = replay.broken() == 0 && replay.unknown() == 0;
      arguments.say(
          proven
              ? "nothing that was used would break"
              : "it is not proven that nothing that was used would break");
      arguments.say("draft " + draft + " is ready: prokura policy publish " + draft);
    }
  }

  private static String why(Json.Obj report) {
    var undeclared =
        report.object("tightening").flatMap(one -> one.texts("undeclared")).orElse(List.of());
    if (!undeclared.isEmpty()) {
      return "no policy can name what the schema does not declare: "
          + String.join(", ", undeclared);
    }
    return report.object("checked").flatMap(one -> one.flag("complete")).orElse(false)
        ? "the schema declares nothing for agents that this one left unused"
        : "the record of the period was not looked at to its end; ask for fewer days";
  }

  private static Json.Obj report(Arguments arguments, Remote remote) {
    var agent =
        arguments.text("--agent").orElseThrow(() -> Failure.usage("say whose with --agent ID"));
    var query = new LinkedHashMap<>(Map.of("agent", agent));
    arguments.text("--days").ifPresent(days -> query.put("days", days));
    var path = NounCommands.API + "access/unused?" + Call.encoded(query);
    return NounCommands.object(remote.get(path));
  }

  private static void unused(Arguments arguments, Remote remote) {
    var report = report(arguments, remote);
    if (arguments.isJson()) {
      arguments.say(Text.pretty(report));
      return;
    }
    section(arguments, report, "permissions", List.of("id", "identifier", "mode", "unused"));
    section(arguments, report, "dormant", List.of("id", "delegator", "expiresAt"));
    section(arguments, report, "wildcards", List.of("id", "wide", "conditional"));
    section(arguments, report, "roles", List.of("id", "name", "used"));
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
