package io.prokura.asgardeo;

import io.prokura.http.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes the parameters of a request in our own words.
final class Parameters {
  private Parameters() {}

  /// The form without the parameters `gone` and with those in `put` in the place of any it has.
  static Form of(Form form, Set<String> gone, Map<String, String> put) {
    var all = new LinkedHashMap<String, List<String>>();
    form.names().stream()
        .filter(name -> !gone.contains(name))
        .forEach(name -> all.put(name, form.all(name)));
    put.forEach((name, value) -> all.put(name, List.of(value)));
    return Form.ofAll(all);
  }
}
