package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes up schemas in the Cedar syntax: a handful of entity types, one of them enumerated, with
/// attributes of all types, and a few actions and groups.
final class SchemaMaker {
  static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g");

  private static final List<String> ENTITIES = List.of("User", "Group", "File", "Folder");

  private final Random random;

  SchemaMaker(Random random) {
    this.random = random;
  }

  String schema() {
    var out = new StringBuilder();
    boolean namespace = random.nextInt(3) == 0;
    if (namespace) {
      out.append("namespace Shop {\n");
    }
    out.append("type Pair = {left: Long, right?: String};\n");
    out.append("entity Level enum [\"low\", \"high\"];\n");
    for (var entity : ENTITIES) {
      out.append("entity ").append(entity).append(parents()).append(' ').append(record(3));
      if (random.nextInt(3) == 0) {
        out.append(" tags ").append(type(1));
      }
      out.append(";\n");
    }
    out.append("action all;\naction read in all").append(";\n");
    for (var action : List.of("view", "list", "edit")) {
      out.append("action ").append(action);
      out.append(random.nextInt(3) == 0 ? "" : random.nextBoolean() ? " in [read]" : " in all");
      out.append(" appliesTo {principal: ").append(some(2)).append(", resource: ");
      out.append(some(3)).append(", context: ").append(record(2)).append("};\n");
    }
    return out.append(namespace ? "}\n" : "").toString();
  }

  private String parents() {
    return random.nextInt(3) == 0 ? "" : " in " + some(2);
  }

  private String some(int atMost) {
    var names = new ArrayList<>(ENTITIES);
    java.util.Collections.shuffle(names, random);
    return names.subList(0, 1 + random.nextInt(atMost)).toString();
  }

  private String record(int depth) {
    var out = new StringBuilder("{");
    for (var name : NAMES) {
      if (random.nextInt(4) != 0) {
        out.append(name).append(random.nextInt(3) == 0 ? "?: " : ": ");
        out.append(type(depth - 1)).append(", ");
      }
    }
    return out.append('}').toString();
  }

  private String type(int depth) {
    return switch (random.nextInt(depth > 0 ? 15 : 12)) {
      case 0, 1 -> "Bool";
      case 2, 3 -> "Long";
      case 4, 5 -> "String";
      case 6 -> "datetime";
      case 7 -> random.nextBoolean() ? "duration" : "decimal";
      case 8 -> "ipaddr";
      case 9, 10 -> ENTITIES.get(random.nextInt(ENTITIES.size()));
      case 11 -> random.nextBoolean() ? "Level" : "Pair";
      case 12, 13 -> "Set<" + type(depth - 1) + ">";
      default -> record(depth);
    };
  }
}
