package io.prokura.http;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.kernel.Result;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// The parameters of a form or a query, decoded. A parameter without a value counts as absent
/// (RFC 6749 §3.1), and none stands twice unless the reader said that it may.
public final class Form {
  private final SequencedMap<String, List<String>> parameters;

  Form(SequencedMap<String, List<String>> parameters) {
    this.parameters = Collections.unmodifiableSequencedMap(parameters);
  }

  /// A form of parameters that each stand once, in the order of the map.
  public static Form of(Map<String, String> parameters) {
    var lists = new LinkedHashMap<String, List<String>>();
    parameters.forEach((name, value) -> lists.put(name, List.of(value)));
    return ofAll(lists);
  }

  /// A form of parameters that may stand several times; those without a value are left out.
  public static Form ofAll(Map<String, List<String>> parameters) {
    var lists = new LinkedHashMap<String, List<String>>();
    parameters.forEach(
        (name, values) -> {
          var said = values.stream().filter(value -> !value.isEmpty()).toList();
          if (!said.isEmpty()) {
            lists.put(name, said);
          }
        });
    return new Form(lists);
  }

  public Optional<String> get(String name) {
    var values = parameters.get(name);
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /// The parameter's value; refuses `MALFORMED_REQUEST` when there is none. `name` is a constant
  /// of the endpoint, for it stands in the detail.
  public Result<String> require(String name) {
    var values = parameters.get(name);
    return values == null
        ? refused(MALFORMED_REQUEST, "the parameter " + name + " is missing")
        : ok(values.getFirst());
  }

  /// All values of a parameter that may be repeated, in order; empty when it is absent.
  public List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /// The names of the parameters that have a value, in order of first appearance.
  public Set<String> names() {
    return parameters.keySet();
  }
}
