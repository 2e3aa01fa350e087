package io.prokura.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One kind of thing of the management API: where it is, what it is made of, and what can be done
/// with it.
///
/// @param path where its collection is, below `/api/v1/`
/// @param fields the members that can be written
/// @param columns what a list shows, the id first
/// @param filters the query parameters of its list
/// @param steps the changes of state, each `POST …/{id}/{step}` with a `reason`
record Noun(
    String name,
    String path,
    String description,
    List<Field> fields,
    List<String> columns,
    List<Filter> filters,
    Set<Verb> verbs,
    List<Step> steps) {

  /// What every kind of thing may have in common.
  enum Verb {
    LIST,
    /// What of the list is the caller's, at `…/mine`.
    MINE,
    GET,
    CREATE,
    UPDATE,
    DELETE
  }

  record Filter(String name, String help) {}

  /// A change of state.
  ///
  /// @param field what its body may have besides the reason
  record Step(String name, String description, Optional<Field> field) {
    static Step of(String name, String description) {
      return new Step(name, description, Optional.empty());
    }
  }

  Noun {
    fields = List.copyOf(fields);
    columns = List.copyOf(columns);
    filters = List.copyOf(filters);
    verbs = Set.copyOf(verbs);
    steps = List.copyOf(steps);
  }
}
