package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Follows the replay of a draft over a period of the record, part after part, and counts together
/// what would come out otherwise. Keeps counts alone, in a bounded number of groups; each single
/// decision goes to the file of `--list`.
final class PolicyReplay {
  private static final int GROUPS_MAX = 20_000;

  private final Arguments arguments;
  private final Remote remote;
  private final Map<Group, Tally> groups = new TreeMap<>();
  private long unchanged;
  private long unasked;
  private long unknown;
  private long flipped;
  private long broken;
  private long ungrouped;

  private PolicyReplay(Arguments arguments, Remote remote) {
    this.arguments = arguments;
    this.remote = remote;
  }

  /// Decisions that would change alike: of one current actor, on one resource, by the policies that
  /// decided then or would now.
  private record Group(String actor, String resource, String policies, String was, String would)
      implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      return key().compareTo(other.key());
    }

    /// No part of it holds a line break.
    private String key() {
      return String.join("\n", actor, resource, policies, was, would);
    }
  }

  private record Tally(long decisions, String example) {}

  /// Replays the record against the draft at `path` and tells what came of it.
  static void of(Arguments arguments, Remote remote, String path) {
    var period = new LinkedHashMap<String, String>();
    time(arguments, "--since").ifPresent(from -> period.put("from", from));
    time(arguments, "--until").ifPresent(until -> period.put("until", until));
    followed(arguments, remote, path, period).tell(Map.of());
  }

  /// Replays the record of a period, given as `from` and `until`, against the draft at `path`.
  static PolicyReplay followed(
      Arguments arguments, Remote remote, String path, Map<String, String> period) {
    var replay = new PolicyReplay(arguments, remote);
    var query = new LinkedHashMap<>(period);
    var list = arguments.text("--list");
    if (list.isEmpty()) {
      replay.follow(path, query, Writer.nullWriter());
    } else {
      try (var writer = file(list.get())) {
        replay.follow(path, query, writer);
      } catch (IOException | UncheckedIOException e) {
        throw Failure.usage("cannot write " + list.get());
      }
    }
    return replay;
  }

  private static BufferedWriter file(String name) throws IOException {
    try {
      return Files.newBufferedWriter(Path.of(name), UTF_8);
    } catch (InvalidPathException e) {
      throw Failure.usage("not the name of a file: " + name);
    }
  }

  private static Optional<String> time(Arguments arguments, String option) {
    var text = arguments.text(option);
    try {
      text.ifPresent(Instant::parse);
      return text;
    } catch (DateTimeParseException e) {
      throw Failure.usage(option + " is a time such as 2030-01-31T09:30:00Z");
    }
  }

  private void follow(String path, Map<String, String> query, Writer list) {
    boolean more = true;
    while (more) {
      var part = NounCommands.object(remote.get(path + "/replay?" + Call.encoded(query)));
      unchanged += part.number("unchanged").orElse(0L);
      unasked += part.number("unasked").orElse(0L);
      unknown += part.number("unknown").orElse(0L);
      flips(part).forEach(flip -> add(flip, list));
      var next = part.text("next");
      more = next.isPresent();
      next.ifPresent(after -> query.put("after", after));
      if (more) {
        arguments.complain(
            "replayed %d decisions, of which %d would change%s"
                .formatted(
                    replayed(),
                    flipped,
                    part.text("reached").map(at -> ", up to " + at).orElse("")));
      }
    }
  }

  private static List<Json.Obj> flips(Json.Obj part) {
    return part
        .get("flips")
        .map(Json.Arr.class::cast)
        .map(Json.Arr::items)
        .orElse(List.of())
        .stream()
        .map(Json.Obj.class::cast)
        .toList();
  }

  private void add(Json.Obj flip, Writer list) {
    flipped++;
    broken += flip.flag("allowed").orElse(false) ? 0 : 1;
    var group =
        new Group(
            flip.texts("principals").orElse(List.of()).stream().findFirst().orElse(""),
            flip.text("resource").orElse(""),
            String.join(" ", flip.texts("policies").orElse(List.of())),
            flip.text("was").orElse(""),
            flip.text("would").orElse(""));
    if (groups.size() < GROUPS_MAX || groups.containsKey(group)) {
      var example = new Tally(1, flip.text("decision").orElse(""));
      groups.merge(group, example, (one, _) -> new Tally(one.decisions() + 1, one.example()));
    } else {
      ungrouped++;
    }
    try {
      list.write(flip.toText() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long replayed() {
    return unchanged + unasked + unknown + flipped;
  }

  /// How many allowed decisions would be denied.
  long broken() {
    return broken;
  }

  /// How many decisions were replayed without being able to tell.
  long unknown() {
    return unknown;
  }

  /// Tells what came of it; as JSON with `more` members.
  void tell(Map<String, String> more) {
    var rows = groups.entrySet().stream().map(one -> row(one.getKey(), one.getValue())).toList();
    if (arguments.isJson()) {
      var told = Json.object();
      more.forEach(told::put);
      arguments.show(
          told.put("replayed", replayed())
              .put("unchanged", unchanged)
              .put("unasked", unasked)
              .put("unknown", unknown)
              .put("flipped", flipped)
              .put("broken", broken)
              .put("ungrouped", ungrouped)
              .put("groups", Json.array(rows))
              .build());
      return;
    }
    groups.forEach((group, tally) -> arguments.say(Text.printable(line(group, tally))));
    arguments.say(
        ("%d decisions replayed: %d would change, %d would not, %d were decided before any policy"
                + " was asked")
            .formatted(replayed(), flipped, unchanged, unasked));
    if (unknown > 0) {
      arguments.say(
          unknown + " are unknown: something they rested on is no longer there, or was not asked");
    }
    if (ungrouped > 0) {
      arguments.say(ungrouped + " that would change are in no group; --list FILE lists all");
    }
  }

  private static String line(Group group, Tally tally) {
    return "%d of %s on %s: %s, would be %s, by %s; for example %s"
        .formatted(
            tally.decisions(),
            group.actor(),
            group.resource(),
            group.was(),
            group.would(),
            group.policies(),
            tally.example());
  }

  private static Json.Obj row(Group group, Tally tally) {
    return Json.object()
        .put("actor", group.actor())
        .put("resource", group.resource())
        .put("policies", group.policies())
        .put("was", group.was())
        .put("would", group.would())
        .put("decisions", tally.decisions())
        .put("example", tally.example())
        .build();
  }
}
