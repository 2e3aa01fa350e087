package io.prokura.catalogue;

import io.prokura.json.Json;

/// Whether what an action does can be undone, as far as its resource says. Where it does not say,
/// policies take it that it cannot, and people are told nothing: an action that only reads leaves
/// nothing to undo.
public enum Reversibility {
  REVERSIBLE,
  IRREVERSIBLE,
  UNSAID;

  public static Reversibility of(boolean reversible) {
    return reversible ? REVERSIBLE : IRREVERSIBLE;
  }

  /// The member `reversible` of an action, absent where nothing is said.
  static Reversibility read(Json.Obj action) {
    return action.flag("reversible").map(Reversibility::of).orElse(UNSAID);
  }

  /// What [#read] makes this of.
  Json.Obj toJson() {
    return this == UNSAID
        ? Json.object().build()
        : Json.object().put("reversible", this == REVERSIBLE).build();
  }
}
