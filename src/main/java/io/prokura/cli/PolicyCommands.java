package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Formatter;
import io.prokura.decision.PolicyTests;
import io.prokura.json.Json;
import io.prokura.policy.InvalidPolicies;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicyDiff;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.SourceFile;
import io.prokura.policy.StarterPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/// Policies in a folder, and their way to the server and back.
final class PolicyCommands {
  private static final String SETS = NounCommands.API + "policies/";
  private static final List<String> COLUMNS =
      List.of("number", "publishedAt", "publishedBy", "restores", "note");

  private final NounCommands nouns;

  PolicyCommands(NounCommands nouns) {
    this.nouns = nouns;
  }

  CommandSpec command() {
    var parent = Arguments.parent("policy", "Policies: check, compare, publish, roll back.");
    NounCommands.add(parent, check());
    NounCommands.add(parent, test());
    NounCommands.add(parent, starter());
    NounCommands.add(parent, format());
    NounCommands.add(parent, withSet(diff()));
    NounCommands.add(parent, withSet(apply()));
    NounCommands.add(parent, replay());
    NounCommands.add(parent, withSet(publish()));
    NounCommands.add(parent, withSet(rollback()));
    NounCommands.add(parent, withSet(list()));
    NounCommands.add(parent, withSet(show()));
    return parent;
  }

  private static CommandSpec withSet(CommandSpec spec) {
    return spec.addOption(Arguments.option("--set", "SET", "organisation (default) or management"));
  }

  private static String set(Arguments arguments) {
    return SETS + Call.encoded(arguments.text("--set").orElse("organisation"));
  }

  private static CommandSpec folder(CommandSpec spec) {
    return spec.addPositional(Arguments.operand("DIR", "the folder"));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw Failure.usage("not the name of a folder: " + text);
    }
  }

  // Without a server

  private static CommandSpec check() {
    return folder(
        Arguments.command(
            "check",
            "Validate an organisation's folder without a server.",
            arguments -> {
              try {
                var snapshot = Policies.of(path(arguments.operand())).current();
                snapshot.warnings().forEach(one -> arguments.complain("warning: " + one));
                arguments.say(snapshot.policies().policies().size() + " policies, all valid");
                return 0;
              } catch (InvalidPolicies e) {
                e.findings().forEach(one -> arguments.say(Text.printable(one)));
                return Failure.REFUSED;
              }
            }));
  }

  /// The cases rest on nothing but the folder, so that the server's answer is the same.
  private static CommandSpec test() {
    return folder(
        Arguments.command(
            "test",
            "Run the cases of a folder's tests.yaml without a server.",
            arguments -> {
              try {
                return tested(arguments, Policies.of(path(arguments.operand())).current());
              } catch (InvalidPolicies e) {
                e.findings().forEach(one -> arguments.say(Text.printable(one)));
                return Failure.REFUSED;
              }
            }));
  }

  private static int tested(Arguments arguments, PolicySnapshot snapshot) {
    var outcomes = new PolicyTests().run(snapshot);
    long failed = outcomes.stream().filter(one -> !one.passed()).count();
    for (var one : outcomes) {
      arguments.say((one.passed() ? "pass  " : "FAIL  ") + Text.printable(one.name()));
      one.wrong().forEach(why -> arguments.say("      " + Text.printable(why)));
    }
    arguments.say("%d cases, %d failed".formatted(outcomes.size(), failed));
    return failed == 0 ? 0 : Failure.REFUSED;
  }

  private static CommandSpec starter() {
    return folder(
        Arguments.command(
            "starter",
            "Write policies to begin with into a folder that has none of their files yet.",
            arguments -> {
              var folder = path(arguments.operand());
              var files = StarterPolicies.files();
              for (var file : files) {
                if (Files.exists(folder.resolve(file.name()))) {
                  throw Failure.refused(folder.resolve(file.name()) + " is there already");
                }
              }
              files.forEach(file -> write(folder, file));
              arguments.say(files.size() + " files written to " + folder);
              return 0;
            }));
  }

  private static void write(Path folder, SourceFile file) {
    var path = folder.resolve(file.name());
    try {
      Files.createDirectories(folder);
      Files.writeString(path, file.text(), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw Failure.usage("cannot write " + path);
    }
  }

  private static CommandSpec format() {
    var spec =
        Arguments.command(
            "fmt",
            "Lay out the *.cedar files of a folder, or one file, anew; comments stay.",
            arguments -> {
              boolean changed = false;
              for (var file : cedarFiles(path(arguments.operand()))) {
                changed |= format(file, arguments);
              }
              return changed && arguments.isSet("--check") ? Failure.REFUSED : 0;
            });
    spec.addOption(Arguments.flag("--check", "change nothing; tell which files would change"));
    return spec.addPositional(Arguments.operand("PATH", "the folder or file"));
  }

  private static List<Path> cedarFiles(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    try (var files = Files.list(path)) {
      return files
          .filter(file -> file.toString().endsWith(SourceFile.POLICIES))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Failure.usage("cannot read " + path);
    }
  }

  private static boolean format(Path file, Arguments arguments) {
    try {
      var text = new String(Arguments.read(file.toString()), UTF_8);
      var formatted = Formatter.format(text);
      if (formatted.equals(text)) {
        return false;
      }
      arguments.say(Text.printable(file.toString()));
      if (!arguments.isSet("--check")) {
        Files.writeString(file, formatted);
      }
      return true;
    } catch (CedarSyntaxException e) {
      var at = e.position();
      throw Failure.refused("%s:%d:%d: %s".formatted(file, at.line(), at.column(), e.problem()));
    } catch (IOException e) {
      throw Failure.usage("cannot write " + file);
    }
  }

  // With a server

  private CommandSpec diff() {
    return folder(
        nouns.remote(
            "diff",
            "Show how a folder differs from what is live.",
            (arguments, remote) ->
                PolicyPlan.of(remote, set(arguments), files(arguments)).print(arguments)));
  }

  private CommandSpec replay() {
    var spec =
        nouns.change(
            "replay",
            "Show which recorded decisions would come out otherwise by a folder or a draft.",
            this::replay);
    spec.addOption(Arguments.option("--since", "TIME", "decisions from then on (all)"));
    spec.addOption(Arguments.option("--until", "TIME", "decisions before then (all)"));
    spec.addOption(
        Arguments.option("--list", "FILE", "write each that would change there, a line of JSON"));
    return spec.addPositional(
        Arguments.operand("DIR|DRAFT", "the folder, or drf_… that is on the server"));
  }

  /// A folder goes to the server as a draft for as long as the replay takes.
  private void replay(Arguments arguments, Remote remote) {
    var set = SETS + "organisation";
    var drafts = set + "/drafts/";
    if (arguments.operand().matches("drf_[0-9a-z]+")) {
      PolicyReplay.of(arguments, remote, drafts + arguments.operand());
      return;
    }
    var files = files(arguments);
    var plan = PolicyPlan.of(remote, set, files);
    var key = nouns.key(arguments);
    var draft = new PolicyUpload(remote, set, key).draft(plan, files, "to be replayed");
    var path = drafts + draft.id();
    try {
      PolicyReplay.of(arguments, remote, path);
    } finally {
      var nothing = Json.object().build();
      remote.change("DELETE", path, nothing, key + "-discard", Map.of("If-Match", draft.etag()));
    }
  }

  private CommandSpec apply() {
    var spec =
        nouns.change(
            "apply",
            "Publish a folder: show the plan, ask, publish. Does nothing when it is live already.",
            this::apply);
    spec.addOption(Arguments.flag("--yes", "do not ask"));
    spec.addOption(Arguments.flag("--draft", "leave it as a draft for somebody else to publish"));
    spec.addOption(Arguments.option("--note", "TEXT", "why, for the record"));
    return folder(spec);
  }

  private void apply(Arguments arguments, Remote remote) {
    var files = files(arguments);
    var plan = PolicyPlan.of(remote, set(arguments), files);
    plan.print(arguments);
    if (plan.isEmpty()) {
      return;
    }
    boolean yes = arguments.isSet("--yes");
    if (!yes && !arguments.confirms("Publish this over number " + plan.live() + "?")) {
      throw Failure.refused("nothing was published");
    }
    var note = arguments.text("--note").orElse("");
    var draft =
        new PolicyUpload(remote, set(arguments), nouns.key(arguments)).draft(plan, files, note);
    if (arguments.isSet("--draft")) {
      arguments.say("draft " + draft.id() + " is ready: prokura policy publish " + draft.id());
      return;
    }
    published(arguments, remote, draft.id(), draft.etag());
  }

  private void published(Arguments arguments, Remote remote, String draft, String etag) {
    var path = set(arguments) + "/drafts/" + draft + "/publish";
    var body = Json.object().put("note", arguments.text("--note").orElse("")).build();
    var key = nouns.key(arguments) + "-publish";
    var done =
        NounCommands.object(remote.change("POST", path, body, key, Map.of("If-Match", etag)));
    told(arguments, done);
  }

  private static void told(Arguments arguments, Json.Obj done) {
    if (arguments.isJson()) {
      arguments.show(done);
    } else {
      arguments.say("published as number " + done.number("number").orElse(0L));
    }
  }

  /// The files of the folder.
  private static List<SourceFile> files(Arguments arguments) {
    var findings = new ArrayList<String>();
    var files = SourceFile.in(path(arguments.operand()), findings);
    if (!findings.isEmpty()) {
      throw Failure.refused(findings.getFirst());
    }
    return files;
  }

  private CommandSpec publish() {
    var spec =
        nouns.change(
            "publish",
            "Publish a draft that somebody has written.",
            (arguments, remote) -> {
              var draft = NounCommands.id(arguments);
              var read = remote.get(set(arguments) + "/drafts/" + draft);
              published(arguments, remote, draft, read.etag());
            });
    spec.addOption(Arguments.option("--note", "TEXT", "why, for the record"));
    return spec.addPositional(Arguments.operand("DRAFT", "drf_…"));
  }

  private CommandSpec rollback() {
    var spec =
        nouns.change(
            "rollback",
            "Publish again what an earlier number had, at once.",
            (arguments, remote) -> {
              if (!arguments.operand().matches("[0-9]{1,18}")) {
                throw Failure.usage("NUMBER is the number of a snapshot");
              }
              var body =
                  Json.object()
                      .put("number", Long.parseLong(arguments.operand()))
                      .put("note", arguments.text("--note").orElse(""))
                      .build();
              var path = set(arguments) + "/rollback";
              var key = nouns.key(arguments);
              told(
                  arguments, NounCommands.object(remote.change("POST", path, body, key, Map.of())));
            });
    spec.addOption(Arguments.option("--note", "TEXT", "why, for the record"));
    return spec.addPositional(Arguments.operand("NUMBER", "which one; 0 is the built-in policies"));
  }

  private CommandSpec list() {
    return NounCommands.limited(
        nouns.remote(
            "list",
            "List what was published, newest first.",
            (arguments, remote) ->
                NounCommands.list(
                    arguments,
                    remote,
                    (set(arguments) + "/snapshots").substring(NounCommands.API.length()),
                    Map.of(),
                    COLUMNS)));
  }

  private CommandSpec show() {
    return nouns
        .remote(
            "show",
            "Show the files that were published under a number.",
            (arguments, remote) -> {
              var path = set(arguments) + "/snapshots/" + NounCommands.id(arguments);
              var snapshot = NounCommands.object(remote.get(path));
              if (arguments.isJson()) {
                arguments.show(snapshot);
                return;
              }
              for (var file : PolicyPlan.files(snapshot)) {
                arguments.say("// " + Text.printable(file.name()));
                file.text().lines().forEach(line -> arguments.say(Text.printable(line)));
              }
            })
        .addPositional(Arguments.operand("NUMBER", "which one"));
  }

  /// The sign before a file in a plan.
  static String sign(PolicyDiff.Kind kind) {
    return switch (kind) {
      case ADDED -> "+";
      case REMOVED -> "-";
      case CHANGED, LAYOUT -> "~";
    };
  }
}
