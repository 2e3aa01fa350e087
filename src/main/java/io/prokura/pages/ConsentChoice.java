package io.prokura.pages;

import io.prokura.http.Form;
import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a person chose on the page that [ConsentPage] shows.
///
/// @param allowed whether they allow anything at all
/// @param depth how many agents in a row may act by it
record ConsentChoice(boolean allowed, Scopes scopes, Duration lasts, int depth) {
  /// How long a person may allow something, by the value of the field.
  private static final Map<String, Duration> DURATIONS =
      Map.of("hour", Duration.ofHours(1), "day", Duration.ofDays(1), "month", Duration.ofDays(30));

  /// The fields by which somebody chooses, in the order of their names.
  static final List<String> FIELDS = List.of("depth", "lasts", "scope");

  /// The fields as they were sent, which is what a passkey signs.
  static Json.Obj sent(Form form) {
    var chosen = Json.object();
    FIELDS.forEach(name -> chosen.put(name, form.all(name)));
    return chosen.build();
  }

  /// The fields of the form; what is not understood is the least.
  static ConsentChoice of(Form form) {
    var depth = form.get("depth").filter(text -> text.matches("[1-9]")).orElse("1");
    return new ConsentChoice(
        form.get("decision").equals(Optional.of("allow")),
        Scopes.of(form.all("scope")),
        DURATIONS.getOrDefault(form.get("lasts").orElse(""), Duration.ofHours(1)),
        Integer.parseInt(depth));
  }
}
