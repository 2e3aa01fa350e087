package io.prokura.cli;

import io.prokura.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// Why something was decided or issued, or what would happen, in sentences.
final class WhyCommand {
  private static final Map<String, String> KINDS = Map.of("tok_", "token", "dlg_", "delegation");
  private static final List<String> SUPPOSED =
      List.of("subject", "actors", "resource", "action", "object", "purpose");

  private final NounCommands nouns;

  WhyCommand(NounCommands nouns) {
    this.nouns = nouns;
  }

  CommandSpec command() {
    var spec =
        nouns.remote(
            "why", "Why it was decided or issued so, or what would happen now.", WhyCommand::why);
    spec.usageMessage()
        .footer(
            "",
            "Give dec_…, tok_… or dlg_…, or suppose: --subject ID --resource ID --action NAME, and",
            "--actors ID,… for who would act, the current one first.");
    spec.addPositional(Arguments.optionalOperand("ID", "dec_…, tok_… or dlg_…"));
    spec.addOption(Arguments.option("--item", "N", "which of the questions asked together (0)"));
    spec.addOption(Arguments.option("--subject", "ID", "for whom something would be done"));
    spec.addOption(Arguments.option("--actors", "ID,…", "who would do it, the current one first"));
    spec.addOption(Arguments.option("--resource", "ID", "id or identifier of the resource"));
    spec.addOption(Arguments.option("--action", "NAME", "what would be done"));
    spec.addOption(Arguments.option("--object", "TYPE:ID", "what it would be done to"));
    return spec.addOption(Arguments.option("--purpose", "NAME", "what for"));
  }

  private static void why(Arguments arguments, Remote remote) {
    var query = query(arguments);
    var answer = NounCommands.object(remote.get(NounCommands.API + "why?" + Call.encoded(query)));
    if (arguments.isJson()) {
      arguments.say(Text.pretty(answer));
      return;
    }
    answer.texts("sentences").orElse(List.of()).forEach(arguments::say);
    if (answer.get("policies").orElse(Json.flag(false)) instanceof Json.Arr(var policies)) {
      for (var policy : policies) {
        arguments.say("");
        ((Json.Obj) policy)
            .text("text")
            .orElse("")
            .lines()
            .forEach(line -> arguments.say("  " + line));
      }
    }
  }

  private static Map<String, String> query(Arguments arguments) {
    var query = new LinkedHashMap<String, String>();
    var id = arguments.operand();
    if (!id.isEmpty()) {
      query.put(KINDS.getOrDefault(id.substring(0, Math.min(4, id.length())), "decision"), id);
    }
    arguments.text("--item").ifPresent(item -> query.put("item", item));
    for (var name : SUPPOSED) {
      arguments.text("--" + name).ifPresent(value -> query.put(name, value));
    }
    if (query.isEmpty()) {
      throw Failure.usage("give dec_…, tok_… or dlg_…, or suppose something; see --help");
    }
    return query;
  }
}
