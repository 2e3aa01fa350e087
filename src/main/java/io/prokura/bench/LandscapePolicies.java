package io.prokura.bench;

import static io.prokura.bench.Landscape.OBJECTS;
import static io.prokura.bench.Landscape.RESOURCES;
import static io.prokura.bench.Landscape.type;

import io.prokura.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The thousand policies of a [Landscape], ten for each resource, its schema, and its ten thousand
/// objects: of a resource's hundred, a tenth are closed, and policies name two.
final class LandscapePolicies {
  private static final int OBJECTS_EACH = OBJECTS / RESOURCES;
  private static final int LEVELS = 4;

  /// Of so many resources one has a policy whose scope says nothing.
  private static final int UNSCOPED = 25;

  /// The agents of each resource, by their turn, that a policy names.
  static final List<Integer> NAMED = List.of(101, 201, 301);

  /// The objects of each resource that a policy names.
  static final List<Integer> HELD = List.of(OBJECTS_EACH - 2, OBJECTS_EACH - 1);

  private final Landscape landscape;

  LandscapePolicies(Landscape landscape) {
    this.landscape = landscape;
  }

  static boolean isClosed(int object) {
    return object % 10 == 0;
  }

  static String name(int object) {
    return "object" + object;
  }

  /// Writes everything into a new folder.
  Path write(Workspace workspace) {
    var folder = workspace.folder().resolve("landscape");
    try {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve("schema.cedarschema"), schema());
      Files.writeString(folder.resolve("all.cedar"), policies());
      Files.writeString(folder.resolve("entities.json"), objects().toText());
      return folder;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot write " + folder, e);
    }
  }

  private static String schema() {
    var types =
        IntStream.range(0, RESOURCES).mapToObj(Landscape::type).collect(Collectors.joining(", "));
    return """
        entity %s = { status: String, level: Long };

        action read, write appliesTo {
          principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
          resource: [%s],
          context: {
            now: datetime, onBehalf: Bool, depth: Long, verified: Bool, approved: Bool,
            attended: Bool, purpose?: String
          },
        };
        """
        .formatted(types, types);
  }

  private String policies() {
    var text = new StringBuilder();
    for (int resource = 0; resource < RESOURCES; resource++) {
      int number = 0;
      for (var policy : policies(resource)) {
        text.append("@id(\"r%d.%d\")\n%s\n".formatted(resource, number, policy));
        number++;
      }
    }
    return text.toString();
  }

  private List<String> policies(int resource) {
    var type = type(resource);
    var some = new ArrayList<String>();
    some.add(
        "forbid (principal, action == Action::\"write\", resource is %s)".formatted(type)
            + " when { resource.status == \"closed\" };");
    some.add(
        "forbid (principal is Prokura::Agent, action, resource is %s)".formatted(type)
            + " unless { context has purpose && context.purpose == \"%s\" };"
                .formatted(Landscape.purpose(resource)));
    some.add(
        "@obligation(\"notification to=owner@example.org body=used\")\n"
            + "permit (principal is Prokura::Agent, action == Action::\"read\", resource is %s)"
                .formatted(type)
            + " when { resource.level == 3 };");
    for (int turn : NAMED) {
      var agent = landscape.agent(turn * RESOURCES + resource).text();
      some.add(
          "forbid (principal == Prokura::Agent::\"%s\", action, resource is %s);"
              .formatted(agent, type));
    }
    for (int object : HELD) {
      some.add("forbid (principal, action, resource == %s::\"%s\");".formatted(type, name(object)));
    }
    some.add(
        "forbid (principal is Prokura::Agent, action == Action::\"write\", resource is %s)"
                .formatted(type)
            + " when { principal.risk == \"high\" };");
    some.add(
        "forbid (principal, action in [Action::\"read\", Action::\"write\"], resource%s)"
                .formatted(resource % UNSCOPED == 0 ? "" : " is " + type)
            + " when { context.depth > 3 };");
    return some;
  }

  private static Json objects() {
    var all = new ArrayList<Json>();
    for (int resource = 0; resource < RESOURCES; resource++) {
      for (int object = 0; object < OBJECTS_EACH; object++) {
        all.add(
            Json.object()
                .put(
                    "uid",
                    Json.object().put("type", type(resource)).put("id", name(object)).build())
                .put(
                    "attrs",
                    Json.object()
                        .put("status", isClosed(object) ? "closed" : "open")
                        .put("level", object % LEVELS)
                        .build())
                .put("parents", List.of())
                .build());
      }
    }
    return Json.array(all);
  }
}
