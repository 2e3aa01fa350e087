package io.prokura.policy;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// How one state of a set differs from another: in its files, and, where both are valid, in its
/// policies by their ids.
public record PolicyDiff(List<Difference> policies, List<Difference> files) {

  public PolicyDiff {
    policies = List.copyOf(policies);
    files = List.copyOf(files);
  }

  /// What became of one policy or file.
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED,
    /// A policy that says the same in another layout.
    LAYOUT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// One policy or file that differs; `diff` is unified text.
  public record Difference(String name, Kind kind, String diff) {}

  /// From `before` to `after`, which need not be valid.
  static PolicyDiff of(
      PolicySnapshot before, PolicySources after, Optional<PolicySnapshot> compiled) {
    return new PolicyDiff(
        compiled.map(valid -> policies(before, valid)).orElse(List.of()),
        files(before.sources().own(), after.own()));
  }

  private static List<Difference> policies(PolicySnapshot before, PolicySnapshot after) {
    var old = before.policies().policies();
    var fresh = after.policies().policies();
    var ids = new LinkedHashSet<>(old.keySet());
    ids.addAll(fresh.keySet());
    var differences = new ArrayList<Difference>();
    for (var id : ids.stream().sorted().toList()) {
      var one = Optional.ofNullable(old.get(id));
      var other = Optional.ofNullable(fresh.get(id));
      var difference =
          difference(
              id,
              one.map(policy -> policy.source().text()),
              other.map(policy -> policy.source().text()));
      difference
          .map(
              found ->
                  found.kind == Kind.CHANGED
                          && one.orElseThrow().print().equals(other.orElseThrow().print())
                      ? new Difference(id, Kind.LAYOUT, found.diff)
                      : found)
          .ifPresent(differences::add);
    }
    return differences;
  }

  /// How the files of a set differ.
  public static List<Difference> files(List<SourceFile> before, List<SourceFile> after) {
    var old = new TreeMap<String, String>();
    var all = new TreeMap<String, String>();
    before.forEach(file -> old.put(file.name(), file.text()));
    after.forEach(file -> all.put(file.name(), file.text()));
    var fresh = new TreeMap<>(all);
    all.putAll(old);
    var differences = new ArrayList<Difference>();
    for (var name : all.keySet()) {
      difference(name, Optional.ofNullable(old.get(name)), Optional.ofNullable(fresh.get(name)))
          .ifPresent(differences::add);
    }
    return differences;
  }

  private static Optional<Difference> difference(
      String name, Optional<String> before, Optional<String> after) {
    if (before.equals(after)) {
      return Optional.empty();
    }
    var kind = before.isEmpty() ? Kind.ADDED : after.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
    var diff = TextDiff.unified(before.orElse(""), after.orElse(""));
    return Optional.of(new Difference(name, kind, diff));
  }

  Json.Obj view() {
    return Json.object().put("policies", view(policies)).put("files", view(files)).build();
  }

  private static Json.Arr view(List<Difference> differences) {
    return Json.array(
        differences.stream()
            .map(
                one ->
                    Json.object()
                        .put("name", one.name)
                        .put("change", one.kind.word())
                        .put("diff", one.diff)
                        .build())
            .toList());
  }
}
