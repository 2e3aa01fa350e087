package io.prokura.cli;

import io.prokura.json.Json;
import io.prokura.policy.PolicyDiff;
import io.prokura.policy.SourceFile;
import java.util.List;

/// What publishing a folder would change: `live` is the number it would replace.
record PolicyPlan(long live, List<SourceFile> before, List<PolicyDiff.Difference> differences) {

  PolicyPlan {
    before = List.copyOf(before);
    differences = List.copyOf(differences);
  }

  /// The plan for these files, compared with what the server at `set` has live.
  static PolicyPlan of(Remote remote, String set, List<SourceFile> files) {
    var live = NounCommands.object(remote.get(set)).number("number").orElse(0L);
    List<SourceFile> before =
        live == 0 ? List.of() : files(NounCommands.object(remote.get(set + "/snapshots/" + live)));
    return new PolicyPlan(live, before, PolicyDiff.files(before, files));
  }

  /// The files in the answer about a snapshot.
  static List<SourceFile> files(Json.Obj snapshot) {
    return snapshot
        .get("files")
        .filter(Json.Arr.class::isInstance)
        .map(files -> ((Json.Arr) files).items().stream().map(PolicyPlan::file).toList())
        .orElse(List.of());
  }

  private static SourceFile file(Json one) {
    if (one instanceof Json.Obj file) {
      return new SourceFile(file.text("name").orElse(""), file.text("text").orElse(""));
    }
    throw Failure.refused("the server's answer has no files");
  }

  boolean isEmpty() {
    return differences.isEmpty();
  }

  /// Writes the plan for a person, or as JSON.
  void print(Arguments arguments) {
    if (arguments.isJson()) {
      arguments.show(view());
      return;
    }
    if (isEmpty()) {
      arguments.say("nothing to do: this is what is live (number " + live + ")");
      return;
    }
    for (var one : differences) {
      arguments.say(PolicyCommands.sign(one.kind()) + " " + Text.printable(one.name()));
      one.diff().lines().forEach(line -> arguments.say("    " + Text.printable(line)));
    }
    arguments.say(
        "%d added, %d removed, %d changed, against number %d"
            .formatted(
                count(PolicyDiff.Kind.ADDED),
                count(PolicyDiff.Kind.REMOVED),
                count(PolicyDiff.Kind.CHANGED),
                live));
  }

  private long count(PolicyDiff.Kind kind) {
    return differences.stream().filter(one -> one.kind() == kind).count();
  }

  private Json.Obj view() {
    return Json.object()
        .put("live", live)
        .put(
            "files",
            Json.array(
                differences.stream()
                    .map(
                        one ->
                            Json.object()
                                .put("name", one.name())
                                .put("change", one.kind().name().toLowerCase(java.util.Locale.ROOT))
                                .put("diff", one.diff())
                                .build())
                    .toList()))
        .build();
  }
}
