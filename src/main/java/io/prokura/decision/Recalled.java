package io.prokura.decision;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A decision as it is read back from the record.
///
/// `question` is what the policies were asked, put together again from the facts that the entry
/// refers to. It is missing where they were never asked, and where something that they saw has been
/// forgotten: `unknown` then says what. `principals` has a person who was erased as a pseudonym.
public record Recalled(
    Id.Decision id,
    int item,
    Instant at,
    boolean allowed,
    String reason,
    Optional<String> detail,
    List<String> policies,
    long published,
    String snapshot,
    String enforcer,
    List<String> principals,
    Optional<Id.Resource> resource,
    Optional<String> action,
    Optional<String> object,
    Optional<String> purpose,
    Optional<String> token,
    Optional<String> approval,
    Optional<Question> question,
    List<String> unknown) {

  public Recalled {
    policies = List.copyOf(policies);
    principals = List.copyOf(principals);
    unknown = List.copyOf(unknown);
  }

  /// Whether the policies were asked at all.
  public boolean wasAsked() {
    return question.isPresent() || !unknown.isEmpty();
  }
}
