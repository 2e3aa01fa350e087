package io.prokura.cli;

import io.prokura.cli.Noun.Verb;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/// Makes the commands of every [Noun].
final class NounCommands {
  static final String API = "/api/v1/";
  private static final List<String> FORMS = List.of(Arguments.JSON, Arguments.TABLE);
  private static final int SHOWN_DEFAULT = 500;
  private static final int SHOWN_MAX = 100_000;
  private static final int PAGE = 200;

  private final World world;
  private final RemoteOptions remotes;

  NounCommands(World world, RemoteOptions remotes) {
    this.world = world;
    this.remotes = remotes;
  }

  /// The command of the noun, with a subcommand for everything that can be done with it.
  CommandSpec of(Noun noun) {
    var parent = Arguments.parent(noun.name(), noun.description());
    for (var verb : Verb.values()) {
      if (noun.verbs().contains(verb)) {
        add(parent, of(noun, verb));
      }
    }
    noun.steps().forEach(step -> add(parent, step(noun, step)));
    return parent;
  }

  static void add(CommandSpec parent, CommandSpec child) {
    parent.addSubcommand(child.name(), child);
  }

  private CommandSpec of(Noun noun, Verb verb) {
    return switch (verb) {
      case LIST -> list(noun, "list", "List them.", noun.path());
      case MINE -> list(noun, "mine", "List those that are for you.", noun.path() + "/mine");
      case GET -> get(noun);
      case CREATE -> create(noun);
      case UPDATE -> update(noun);
      case DELETE -> delete(noun);
    };
  }

  /// A command that talks to a server.
  CommandSpec remote(String name, String description, RemoteWork work) {
    var spec =
        Arguments.command(
            name,
            description,
            arguments -> {
              try (var remote = remotes.remote(arguments)) {
                work.run(arguments, remote);
                return 0;
              }
            });
    spec.addOption(
        OptionSpec.builder("-o", "--output")
            .type(String.class)
            .paramLabel("json|table")
            .completionCandidates(FORMS)
            .converters(NounCommands::form)
            .description("form of what is printed (table)")
            .build());
    RemoteOptions.add(spec);
    return spec;
  }

  private static String form(String word) {
    if (!FORMS.contains(word)) {
      throw new TypeConversionException("it is " + String.join(" or ", FORMS));
    }
    return word;
  }

  @FunctionalInterface
  interface RemoteWork {
    void run(Arguments arguments, Remote remote);
  }

  /// A command that changes something, and can be repeated without doing it twice.
  CommandSpec change(String name, String description, RemoteWork work) {
    return remote(name, description, work)
        .addOption(
            Arguments.option(
                "--idempotency-key", "KEY", "of an earlier try, so that it is done once"));
  }

  String key(Arguments arguments) {
    return arguments.text("--idempotency-key").orElseGet(() -> Remote.key(world));
  }

  private CommandSpec list(Noun noun, String name, String description, String path) {
    var spec =
        remote(
            name,
            description,
            (arguments, remote) ->
                list(arguments, remote, path, query(arguments, noun), noun.columns()));
    noun.filters()
        .forEach(
            filter ->
                spec.addOption(Arguments.option("--" + filter.name(), "VALUE", filter.help())));
    return limited(spec);
  }

  static CommandSpec limited(CommandSpec spec) {
    return spec.addOption(
        Arguments.option("--limit", "N", "most that are shown (" + SHOWN_DEFAULT + ")"));
  }

  private static Map<String, String> query(Arguments arguments, Noun noun) {
    var query = new LinkedHashMap<String, String>();
    noun.filters()
        .forEach(
            filter ->
                arguments
                    .text("--" + filter.name())
                    .ifPresent(value -> query.put(filter.name(), value)));
    return query;
  }

  /// Reads page after page until everything, or as much as was asked for, is there.
  static void list(
      Arguments arguments,
      Remote remote,
      String path,
      Map<String, String> filters,
      List<String> columns) {
    long most = arguments.number("--limit", SHOWN_DEFAULT, SHOWN_MAX);
    var items = new ArrayList<Json.Obj>();
    var query = new LinkedHashMap<>(filters);
    boolean more = true;
    while (more && items.size() < most) {
      query.put("limit", String.valueOf(Math.min(PAGE, most - items.size())));
      var page = object(remote.get(API + path + "?" + Call.encoded(query)));
      var found = page.get("items").map(Json.Arr.class::cast).map(Json.Arr::items);
      found.orElse(List.of()).forEach(item -> items.add((Json.Obj) item));
      var next = page.text("next");
      more = next.isPresent();
      next.ifPresent(cursor -> query.put("cursor", cursor));
    }
    if (arguments.isJson()) {
      arguments.say(Text.pretty(Json.object().put("items", Json.array(items)).build()));
    } else {
      arguments.say(items.isEmpty() ? "none" : Table.of(columns, items));
    }
    if (more) {
      arguments.complain("there are more than these; --limit says how many are shown");
    }
  }

  private CommandSpec get(Noun noun) {
    return remote(
            "get",
            "Show one.",
            (arguments, remote) ->
                arguments.show(object(remote.get(API + noun.path() + "/" + id(arguments)))))
        .addPositional(Arguments.operand("ID", "which one"));
  }

  private CommandSpec create(Noun noun) {
    var spec =
        change(
            "create",
            "Register a new one.",
            (arguments, remote) -> {
              var body = body(arguments, noun, Json.object().build());
              var path = API + noun.path();
              arguments.show(object(remote.change("POST", path, body, key(arguments), Map.of())));
            });
    return bodied(spec, noun.fields());
  }

  static CommandSpec bodied(CommandSpec spec, List<Field> fields) {
    fields.forEach(field -> spec.addOption(field.spec()));
    return spec.addOption(
        Arguments.option("--file", "FILE", "JSON body to send; - for standard input"));
  }

  /// Writes over what is there: what the options leave out stays as it is.
  private CommandSpec update(Noun noun) {
    var spec =
        change(
            "update",
            "Change one; what no option names stays. An empty value takes a member away.",
            (arguments, remote) -> {
              var path = API + noun.path() + "/" + id(arguments);
              var current = remote.get(path);
              var body = body(arguments, noun, object(current));
              arguments.show(
                  object(
                      remote.change(
                          "PUT", path, body, key(arguments), Map.of("If-Match", current.etag()))));
            });
    return bodied(spec, noun.fields()).addPositional(Arguments.operand("ID", "which one"));
  }

  private CommandSpec delete(Noun noun) {
    return change(
            "delete",
            "Take one away.",
            (arguments, remote) -> {
              var path = API + noun.path() + "/" + id(arguments);
              var match = Map.of("If-Match", remote.get(path).etag());
              var none = Json.object().build();
              arguments.show(object(remote.change("DELETE", path, none, key(arguments), match)));
            })
        .addPositional(Arguments.operand("ID", "which one"));
  }

  CommandSpec step(Noun noun, Noun.Step step) {
    var fields = new ArrayList<>(List.of(Field.text("reason", "why, for the record")));
    step.field().ifPresent(fields::add);
    var spec =
        change(
            step.name(),
            step.description(),
            (arguments, remote) -> {
              var path = API + noun.path() + "/" + id(arguments) + "/" + step.name();
              var body = written(arguments, fields, Json.object().build());
              arguments.show(object(remote.change("POST", path, body, key(arguments), Map.of())));
            });
    fields.forEach(field -> spec.addOption(field.spec()));
    return spec.addPositional(Arguments.operand("ID", "which one"));
  }

  /// The body in `--file`, or else the members of `current` that can be written, under what the
  /// options say.
  private static Json.Obj body(Arguments arguments, Noun noun, Json.Obj current) {
    var file = arguments.text("--file");
    var named = noun.fields().stream().map(Field::name).toList();
    if (file.isEmpty() && noun.fields().stream().noneMatch(field -> isGiven(arguments, field))) {
      throw Failure.usage("say what with --file or one of " + options(noun.fields()));
    }
    var base = Json.object();
    if (file.isPresent()) {
      base.putAll(object(file.get()).members());
    } else {
      current
          .members()
          .forEach(
              (name, value) -> {
                if (named.contains(name)) {
                  base.put(name, value);
                }
              });
    }
    return written(arguments, noun.fields(), base.build());
  }

  private static boolean isGiven(Arguments arguments, Field field) {
    return !arguments.words(field.option()).isEmpty();
  }

  private static String options(List<Field> fields) {
    return String.join(" ", fields.stream().map(Field::option).toList());
  }

  static Json.Obj written(Arguments arguments, List<Field> fields, Json.Obj base) {
    var members = new LinkedHashMap<>(base.members());
    for (var field : fields) {
      var words = arguments.words(field.option());
      if (words.equals(List.of(""))) {
        members.remove(field.name());
      } else if (!words.isEmpty()) {
        members.put(field.name(), field.value(words));
      }
    }
    return new Json.Obj(members);
  }

  static Json.Obj object(String file) {
    return Answer.read(Arguments.read(file))
        .orElseThrow(() -> Failure.usage(file + " is not a JSON object"));
  }

  static Json.Obj object(Answer answer) {
    return answer
        .object()
        .orElseThrow(() -> Failure.refused("the server's answer is not a JSON object"));
  }

  static String id(Arguments arguments) {
    return Call.encoded(arguments.operand());
  }
}
