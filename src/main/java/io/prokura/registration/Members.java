package io.prokura.registration;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Refused;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The lenient reader of client metadata: members that nobody asks for are passed over
/// (RFC 7591 §2); one that is asked for has to make sense. The first that does not is the problem.
final class Members {
  static final int ITEMS_MAX = 50;
  static final int TEXT_MAX = 200;
  static final int URL_MAX = 2_000;

  private final Json.Obj sent;
  private final Predicate<String> urls;
  private Optional<Refused<?>> problem = Optional.empty();

  /// `urls` says which URLs something is fetched from.
  Members(Json.Obj sent, Predicate<String> urls) {
    this.sent = sent;
    this.urls = urls;
  }

  Optional<Json> get(String name) {
    return sent.get(name).filter(value -> !(value instanceof Json.Null));
  }

  boolean has(String name) {
    return get(name).isPresent();
  }

  /// A text without control and formatting characters, which could make it look like another.
  Optional<String> text(String name, int max) {
    var value = get(name);
    if (value.isPresent() && !(value.get() instanceof Json.Str(var text) && isText(text, max))) {
      wrong(name + " is a text of 1 to " + max + " plain characters");
      return Optional.empty();
    }
    return value.map(one -> ((Json.Str) one).value());
  }

  private static boolean isText(String text, int max) {
    return !text.isBlank()
        && text.length() <= max
        && text.codePoints()
            .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
  }

  /// An https URL.
  Optional<String> url(String name) {
    var text = text(name, URL_MAX);
    if (text.isPresent() && !isHttps(text.get())) {
      wrong(name + " is an https URL");
      return Optional.empty();
    }
    return text;
  }

  /// A URL that something is fetched from.
  Optional<String> fetched(String name) {
    var text = text(name, URL_MAX);
    if (text.isPresent() && !urls.test(text.get())) {
      wrong(name + " is an https URL that something can be fetched from");
      return Optional.empty();
    }
    return text;
  }

  private static boolean isHttps(String text) {
    try {
      var uri = new URI(text);
      return "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /// A list of texts; nothing where it is absent.
  Optional<List<String>> texts(String name, int max) {
    var value = get(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    var texts =
        value.get() instanceof Json.Arr array ? array.texts() : Optional.<List<String>>empty();
    if (texts.isEmpty()
        || texts.get().size() > ITEMS_MAX
        || !texts.get().stream().allMatch(text -> isText(text, max))) {
      wrong("%s is a list of at most %d texts".formatted(name, ITEMS_MAX));
      return Optional.empty();
    }
    return texts.map(all -> all.stream().distinct().toList());
  }

  Optional<Json.Obj> object(String name) {
    var value = get(name);
    if (value.isPresent() && !(value.get() instanceof Json.Obj)) {
      wrong(name + " is an object");
    }
    return value.filter(Json.Obj.class::isInstance).map(Json.Obj.class::cast);
  }

  Optional<Boolean> flag(String name) {
    var value = get(name);
    if (value.isPresent() && !(value.get() instanceof Json.Bool)) {
      wrong(name + " is true or false");
    }
    return value.filter(Json.Bool.class::isInstance).map(one -> ((Json.Bool) one).value());
  }

  Optional<Long> number(String name, long max) {
    var value = get(name);
    if (value.isPresent()
        && !(value.get() instanceof Json.Whole(var number) && number >= 0 && number <= max)) {
      wrong(name + " is a whole number from 0 to " + max);
      return Optional.empty();
    }
    return value.map(one -> ((Json.Whole) one).value());
  }

  void wrong(String detail) {
    wrong(new Refused<>(Refusal.CLIENT_METADATA_INVALID, detail));
  }

  void wrong(Refused<?> refused) {
    problem = problem.or(() -> Optional.of(refused));
  }

  /// The first thing that is wrong.
  Optional<Refused<?>> problem() {
    return problem;
  }
}
