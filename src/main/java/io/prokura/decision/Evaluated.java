package io.prokura.decision;

import io.prokura.cedar.Entity;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import java.util.List;

/// What the policies answered: the ids of those that allow it or the denial; `own`, which of them
/// are the snapshot's and no permissions; and which entities of the registers they looked at.
record Evaluated(Step<List<String>> outcome, List<String> own, List<Entity> registered) {

  /// One that no policy decided.
  Evaluated(Step<List<String>> outcome, List<Entity> registered) {
    this(outcome, List.of(), registered);
  }

  Reason reason() {
    return outcome instanceof Denied<List<String>> denied ? denied.reason() : Reason.ALLOWED;
  }

  String detail() {
    return outcome instanceof Denied<List<String>> denied ? denied.detail() : "allowed";
  }

  List<String> policies() {
    return switch (outcome) {
      case Passed<List<String>>(var policies) -> policies;
      case Denied<List<String>> denied -> denied.policies();
    };
  }
}
