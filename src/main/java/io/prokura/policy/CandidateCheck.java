package io.prokura.policy;

import java.util.List;

/// What else has to be right before policies are published, such as an organisation's own test
/// cases. Asked outside any transaction, with the compiled snapshot; its number is the one that is
/// live, since it has none of its own yet. Not asked for a rollback, which has to work at once.
@FunctionalInterface
public interface CandidateCheck {
  /// Nothing but what compilation finds.
  CandidateCheck NONE = _ -> List.of();

  /// What keeps the candidate from being published, each as `file:line:column: reason` where the
  /// place is known; empty when nothing does.
  List<String> findings(PolicySnapshot candidate);
}
