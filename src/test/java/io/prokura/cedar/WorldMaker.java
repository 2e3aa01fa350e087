package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes entities, as JSON, and requests about them from a seed.
final class WorldMaker {
  static final List<String> NAMES =
      List.of("n", "s", "e", "t", "r", "d", "i", "m", "u", "b", "other", "an odd name", "");
  static final List<EntityUid> UIDS =
      List.of(
          EntityUid.of("A", "1"),
          EntityUid.of("A", "2"),
          EntityUid.of("B", "1"),
          EntityUid.of("B", ""),
          EntityUid.of("N::C", "\"\\\n\u00e9"),
          EntityUid.of("N::C", "2"),
          EntityUid.of("A", "absent"));
  static final List<EntityUid> ACTIONS =
      List.of(
          EntityUid.of("Action", "view"),
          EntityUid.of("Action", "edit"),
          EntityUid.of("N::Action", "all"),
          EntityUid.of("Action", "absent"));

  private final Random random;
  private final PolicyGenerator generator;

  WorldMaker(Random random) {
    this.random = random;
    this.generator = new PolicyGenerator(random);
  }

  Request request(RecordValue context) {
    return new Request(generator.uid(), generator.action(), generator.uid(), context);
  }

  /// The JSON of a record with some of the attributes.
  String record(int depth) {
    var members = new ArrayList<String>();
    for (var name : NAMES) {
      if (random.nextInt(4) != 0) {
        members.add(text(name) + ": " + value(name, depth));
      }
    }
    return "{" + String.join(", ", members) + "}";
  }

  /// The JSON of all entities. None is its own ancestor.
  String entities() {
    var all = new ArrayList<>(UIDS.subList(0, UIDS.size() - 1));
    all.addAll(ACTIONS.subList(0, ACTIONS.size() - 1));
    var entities = new ArrayList<String>();
    for (int i = 0; i < all.size(); i++) {
      var parents = new ArrayList<String>();
      for (int j = i + 1; j < all.size(); j++) {
        if (random.nextInt(4) == 0) {
          parents.add(reference(all.get(j)));
        }
      }
      entities.add(
          """
          {"uid": %s, "parents": %s, "attrs": %s, "tags": {"k1": %s, "a": %s}}"""
              .formatted(reference(all.get(i)), parents, record(1), value("s", 1), value("n", 1)));
    }
    return entities.toString();
  }

  private String value(String name, int depth) {
    return switch (name) {
      case "n" -> generator.pick(List.of("0", "1", "-1", "9223372036854775807"));
      case "b" -> Boolean.toString(random.nextBoolean());
      case "e" -> "{\"__entity\": " + reference(generator.uid()) + "}";
      case "t" -> depth <= 0 ? "[]" : "[1, 2, " + value(generator.pick(NAMES), depth - 1) + "]";
      case "r" -> depth <= 0 ? "{}" : record(depth - 1);
      case "d" -> extension("decimal", Spellings.DECIMALS.subList(0, 5));
      case "i" -> extension("ip", Spellings.IPS.subList(0, 15));
      case "m" -> extension("datetime", Spellings.DATETIMES.subList(0, 3));
      case "u" -> extension("duration", Spellings.DURATIONS.subList(0, 6));
      default -> text(generator.pick(Spellings.STRINGS));
    };
  }

  private String extension(String function, List<String> arguments) {
    return "{\"__extn\": {\"fn\": \"%s\", \"arg\": %s}}"
        .formatted(function, text(generator.pick(arguments)));
  }

  static String reference(EntityUid uid) {
    return "{\"type\": \"%s\", \"id\": %s}".formatted(uid.type(), text(uid.id()));
  }

  private static String text(String value) {
    var text = new StringBuilder("\"");
    value.chars().forEach(c -> text.append("\\u%04x".formatted(c)));
    return text.append('"').toString();
  }
}
