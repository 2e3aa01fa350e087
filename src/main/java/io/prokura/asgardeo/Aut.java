package io.prokura.asgardeo;

import io.prokura.json.Json;
import io.prokura.kernel.Id;

/// The claim `aut`, by which Asgardeo's tokens say what kind of subject they have. It is for
/// reading and decides nothing here: an agent that acts for a person has the person's.
public final class Aut {
  private static final String NAME = "aut";

  private Aut() {}

  /// The claim about `subject`.
  public static Json.Obj of(Id.Principal subject) {
    var word =
        switch (subject) {
          case Id.Agent _ -> "AGENT";
          case Id.User _ -> "APPLICATION_USER";
          case Id.Workload _ -> "APPLICATION";
        };
    return Json.object().put(NAME, word).build();
  }
}
