package io.prokura.clients;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.Map;

/// The most that may be asked for through an application, whoever uses it.
public sealed interface Ceiling {

  /// The application sets no bound of its own.
  record Everything() implements Ceiling {}

  /// These actions on these resources and nothing else.
  record Only(Map<Id.Resource, Scopes> covers) implements Ceiling {
    public Only {
      covers = Map.copyOf(covers);
    }
  }

  /// What is left of `asked` on `resource` under this ceiling.
  default Scopes limit(Id.Resource resource, Scopes asked) {
    return switch (this) {
      case Everything _ -> asked;
      case Only(var covers) -> asked.intersect(covers.getOrDefault(resource, Scopes.NONE));
    };
  }
}
