package io.prokura.management;

import static io.prokura.kernel.Refusal.FIELD_INVALID;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The strict reader of a request body. Every member must be asked for, have the right type and
/// keep its bound; the first that does not is the problem. Until then readers return stand-ins, so
/// a verb reads all its members and asks for [#problem()] once.
public final class Fields {
  private static final int ITEMS_MAX = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");
  private static final Pattern UTC =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");

  private final Json.Obj body;
  private final Set<String> asked = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  public Fields(Json.Obj body) {
    this.body = body;
  }

  /// The `reason` of a body that has nothing else, of 1 to `max` characters; refuses
  /// `FIELD_INVALID`.
  public static Result<String> reason(Json.Obj body, int max) {
    var fields = new Fields(body);
    var reason = fields.text("reason", max);
    var problem = fields.problem();
    return problem.isPresent() ? problem.get().refusal() : Result.ok(reason);
  }

  /// A text of 1 to `max` characters that is not blank and has no control characters.
  public String text(String name, int max) {
    return member(name).map(value -> checked(name, value, max)).orElseGet(() -> missing(name, ""));
  }

  /// The same where it may be absent. An empty text counts as absent: that is how an absent one is
  /// shown, and what was read can be written back.
  public String textOr(String name, String otherwise, int max) {
    return member(name)
        .filter(value -> !value.equals(Json.text("")))
        .map(value -> checked(name, value, max))
        .orElse(otherwise);
  }

  private String checked(String name, Json value, int max) {
    if (value instanceof Json.Str(var text) && isText(text, max)) {
      return text;
    }
    problems.add(name + " is a text of 1 to " + max + " characters");
    return "";
  }

  private static boolean isText(String text, int max) {
    return !text.isBlank()
        && text.length() <= max
        && text.chars().noneMatch(c -> (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f);
  }

  /// A text that `parse` understands, such as an id.
  public <T> Optional<T> optional(String name, String what, Function<String, Optional<T>> parse) {
    var value = member(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Json.Str(var text)) {
      var parsed = parse.apply(text);
      if (parsed.isPresent()) {
        return parsed;
      }
    }
    problems.add(name + " is " + what);
    return Optional.empty();
  }

  /// A required text that `parse` understands; `standIn` is returned when there is a problem.
  public <T> T required(String name, String what, Function<String, Optional<T>> parse, T standIn) {
    int before = problems.size();
    var value = optional(name, what, parse);
    return value.orElseGet(() -> problems.size() > before ? standIn : missing(name, standIn));
  }

  /// A list of different texts that `parse` understands; empty when the member is absent.
  public <T> List<T> list(String name, String what, Function<String, Optional<T>> parse) {
    var value = member(name);
    if (value.isEmpty()) {
      return List.of();
    }
    var texts =
        value.get() instanceof Json.Arr array ? array.texts() : Optional.<List<String>>empty();
    if (texts.isPresent() && texts.get().size() <= ITEMS_MAX) {
      var items = texts.get().stream().distinct().map(parse).flatMap(Optional::stream).toList();
      if (items.size() == texts.get().size()) {
        return items;
      }
    }
    problems.add(name + " is a list of at most " + ITEMS_MAX + " different items, each " + what);
    return List.of();
  }

  /// A list of objects; empty when the member is absent.
  public List<Json.Obj> objects(String name) {
    var value = member(name);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof Json.Arr(var items)
        && items.size() <= ITEMS_MAX
        && items.stream().allMatch(Json.Obj.class::isInstance)) {
      return items.stream().map(Json.Obj.class::cast).toList();
    }
    problems.add(name + " is a list of at most " + ITEMS_MAX + " objects");
    return List.of();
  }

  public Optional<Json.Obj> object(String name) {
    var value = member(name);
    if (value.isPresent() && !(value.get() instanceof Json.Obj)) {
      problems.add(name + " is an object");
    }
    return value.filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
  }

  public boolean flagOr(String name, boolean otherwise) {
    var value = member(name);
    if (value.isPresent() && value.get() instanceof Json.Bool(var flag)) {
      return flag;
    }
    if (value.isPresent()) {
      problems.add(name + " is true or false");
    }
    return otherwise;
  }

  /// A whole number from `min` to `max`.
  public long numberOr(String name, long otherwise, long min, long max) {
    var value = member(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get() instanceof Json.Whole(var number) && number >= min && number <= max) {
      return number;
    }
    problems.add(name + " is a whole number from " + min + " to " + max);
    return otherwise;
  }

  /// A point in time in UTC as RFC 3339 writes it, cut to the milliseconds that are stored.
  public Optional<Instant> instant(String name) {
    return optional(
        name,
        "a time such as 2027-01-31T12:00:00Z",
        text -> {
          if (!UTC.matcher(text).matches()) {
            return Optional.empty();
          }
          try {
            var instant = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            return instant.toEpochMilli() >= 0 ? Optional.of(instant) : Optional.empty();
          } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
          }
        });
  }

  /// Adds a problem that the verb itself found.
  public void wrong(String problem) {
    problems.add(problem);
  }

  /// The first thing wrong with the body, members nobody asked for included.
  public Optional<Result.Refused<?>> problem() {
    if (!problems.isEmpty()) {
      return Optional.of(new Result.Refused<>(FIELD_INVALID, problems.getFirst()));
    }
    return body.members().keySet().stream()
        .filter(name -> !asked.contains(name))
        .findFirst()
        .map(name -> new Result.Refused<>(FIELD_INVALID, unknown(name)));
  }

  /// Names the member where it looks like one; nothing else of the input is repeated.
  private String unknown(String name) {
    return (NAME.matcher(name).matches()
            ? name + " is not known here"
            : "a member is not known here")
        + "; known are "
        + known();
  }

  private String known() {
    return asked.isEmpty() ? "none" : String.join(", ", asked.stream().sorted().toList());
  }

  private Optional<Json> member(String name) {
    asked.add(name);
    return body.get(name).filter(value -> !(value instanceof Json.Null));
  }

  private <T> T missing(String name, T standIn) {
    problems.add(name + " is required");
    return standIn;
  }
}
