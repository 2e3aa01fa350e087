package io.prokura.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/// A member of a request body that can be given as an option. `displayName` is the option
/// `--display-name`.
record Field(String name, Kind kind, String help) {
  private static final JsonReader READER = new JsonReader(Limits.standard());
  private static final Pattern WINDOW = Pattern.compile("([^=]+)=([^=]+)/([^-]+)-([^-]+)");

  /// How the words after the option become JSON.
  enum Kind {
    TEXT("TEXT"),
    NUMBER("N"),
    FLAG("yes|no"),
    /// Repeatable, and split at commas.
    TEXTS("TEXT,…"),
    /// `RESOURCE=ACTION,…`, repeatable: a list of objects with `resource` and `actions`.
    COVERS("RES=ACTION,…"),
    /// `RESOURCE=ACTION,…[:own]`, repeatable: the permissions of a role.
    PERMISSIONS("RES=ACTION,…"),
    /// `ZONE=DAY,…/FROM-TO`, repeatable: the hours of a purpose, all in one zone.
    HOURS("ZONE=DAY,…/FROM-TO"),
    /// `NAME=NUMBER`, repeatable: a list of objects with `name` and `limit`.
    BUDGETS("NAME=N"),
    /// `NAME:SENSITIVITY[:reversible|:irreversible][:by=ARGUMENT,…]`, repeatable: the actions of a
    // resource.
    ACTIONS("NAME:LEVEL"),
    /// `CLIENT=CLIENT_ID:RESOURCE,…`, repeatable: clients with their ids elsewhere, and resources.
    RECEIVER("CLIENT=ID:RES,…"),
    /// A JSON object as it is sent, or the file that it is in.
    OBJECT("JSON|FILE");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    private boolean isRepeatable() {
      return this == TEXTS
          || this == COVERS
          || this == PERMISSIONS
          || this == HOURS
          || this == BUDGETS
          || this == ACTIONS
          || this == RECEIVER;
    }
  }

  static Field text(String name, String help) {
    return new Field(name, Kind.TEXT, help);
  }

  static Field texts(String name, String help) {
    return new Field(name, Kind.TEXTS, help);
  }

  String option() {
    return "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  OptionSpec spec() {
    var option = OptionSpec.builder(option()).paramLabel(kind.label).description(help);
    return kind.isRepeatable()
        ? option.type(List.class).auxiliaryTypes(String.class).arity("1").build()
        : option.type(String.class).arity("1").build();
  }

  /// What the words given mean. Throws [Failure] when they mean nothing.
  Json value(List<String> words) {
    return switch (kind) {
      case TEXT -> Json.text(words.getLast());
      case NUMBER -> number(words.getLast());
      case FLAG -> flag(words.getLast());
      case TEXTS -> Json.texts(words.stream().flatMap(word -> split(word).stream()).toList());
      case BUDGETS -> Json.array(words.stream().map(this::budget).toList());
      case COVERS -> Json.array(words.stream().map(this::cover).toList());
      case PERMISSIONS -> Json.array(words.stream().map(this::permission).toList());
      case HOURS -> hours(words);
      case ACTIONS -> Json.array(words.stream().map(this::action).toList());
      case RECEIVER -> receiver(words);
      case OBJECT -> object(words.getLast());
    };
  }

  private static List<String> split(String word) {
    var parts = new ArrayList<String>();
    for (var part : word.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private Json number(String word) {
    try {
      return Json.number(Long.parseLong(word));
    } catch (NumberFormatException e) {
      throw Failure.usage(option() + " is a whole number: " + word);
    }
  }

  private Json budget(String word) {
    int equals = word.indexOf('=');
    if (equals < 1) {
      throw Failure.usage(option() + " looks like calls=1000: " + word);
    }
    return Json.object()
        .put("name", word.substring(0, equals))
        .put("limit", number(word.substring(equals + 1)))
        .build();
  }

  private Json flag(String word) {
    return switch (word) {
      case "yes", "true" -> Json.flag(true);
      case "no", "false" -> Json.flag(false);
      default -> throw Failure.usage(option() + " is yes or no: " + word);
    };
  }

  private Json cover(String word) {
    int equals = word.indexOf('=');
    if (equals < 1) {
      throw Failure.usage(option() + " looks like res_…=contacts.read,contacts.delete: " + word);
    }
    return Json.object()
        .put("resource", word.substring(0, equals))
        .put("actions", split(word.substring(equals + 1)))
        .build();
  }

  private Json permission(String word) {
    boolean own = word.endsWith(":own");
    var cover = (Json.Obj) cover(own ? word.substring(0, word.length() - 4) : word);
    return Json.object().putAll(cover.members()).put("mode", own ? "own" : "onBehalf").build();
  }

  private Json hours(List<String> words) {
    var zone = words.getFirst().split("=", 2)[0];
    return Json.object()
        .put("zone", zone)
        .put("windows", Json.array(words.stream().map(word -> window(zone, word)).toList()))
        .build();
  }

  private Json window(String zone, String word) {
    var matched = WINDOW.matcher(word);
    if (!matched.matches() || !matched.group(1).equals(zone)) {
      throw Failure.usage(
          option() + " looks like Europe/Berlin=monday,friday/09:00-17:30, one zone: " + word);
    }
    return Json.object()
        .put("days", split(matched.group(2)))
        .put("from", matched.group(3))
        .put("to", matched.group(4))
        .build();
  }

  private Json object(String word) {
    var bytes = word.startsWith("{") ? word.getBytes(UTF_8) : Arguments.read(word);
    return switch (READER.readObject(bytes)) {
      case Result.Ok<Json.Obj>(var object) -> object;
      case Result.Refused<Json.Obj> _ -> throw Failure.usage(option() + " is a JSON object");
    };
  }

  private Json receiver(List<String> words) {
    var clients = new ArrayList<Json>();
    var resources = new TreeSet<String>();
    for (var word : words) {
      int equals = word.indexOf('=');
      int colon = word.lastIndexOf(':');
      if (equals < 1 || colon < equals + 2) {
        throw Failure.usage(option() + " looks like cli_…=its-id-there:res_…,res_…: " + word);
      }
      clients.add(
          Json.object()
              .put("client", word.substring(0, equals))
              .put("clientId", word.substring(equals + 1, colon))
              .build());
      resources.addAll(split(word.substring(colon + 1)));
    }
    return Json.object()
        .put("clients", Json.array(clients))
        .put("resources", List.copyOf(resources))
        .build();
  }

  private Json action(String word) {
    int by = word.lastIndexOf(":by=");
    var identifiedBy = by < 0 ? List.<String>of() : split(word.substring(by + 4));
    var facts = by < 0 ? word : word.substring(0, by);
    boolean reversible = facts.endsWith(":reversible");
    boolean isSaid = reversible || facts.endsWith(":irreversible");
    var rest = isSaid ? facts.substring(0, facts.lastIndexOf(':')) : facts;
    int colon = rest.lastIndexOf(':');
    if (colon < 1) {
      throw Failure.usage(
          option()
              + " looks like contacts.edit:low[:reversible|:irreversible][:by=contact]: "
              + word);
    }
    var action =
        Json.object()
            .put("name", rest.substring(0, colon))
            .put("sensitivity", rest.substring(colon + 1))
            .put("identifiedBy", identifiedBy);
    return isSaid ? action.put("reversible", reversible).build() : action.build();
  }
}
