package io.prokura.decision;

import io.prokura.delegation.Authority;
import io.prokura.delegation.Stated;
import io.prokura.kernel.Id;
import java.util.List;
import java.util.Optional;

/// Who takes part in what is asked, and on what that rests. `chain` has the current actor first and
/// whose authority is exercised last; it is empty while nobody is known. `verified` says whether
/// the identities come from a token that was checked or are what the enforcer claims; only such a
/// token tells the `task`.
public record Grounds(
    List<Id.Principal> chain,
    boolean verified,
    Stated purpose,
    Optional<Id.Token> token,
    List<Id.Delegation> delegations,
    Optional<Id.Task> task) {
  static final Grounds NONE =
      new Grounds(
          List.of(), false, new Stated.Nothing(), Optional.empty(), List.of(), Optional.empty());

  public Grounds {
    chain = List.copyOf(chain);
    delegations = List.copyOf(delegations);
  }

  static Grounds of(Authority authority, Optional<Id.Token> token) {
    return new Grounds(
        authority.chain(),
        true,
        authority.purpose(),
        token,
        authority.delegations(),
        Optional.of(authority.task()));
  }

  static Grounds claimed(Id.Principal subject, Stated purpose) {
    return new Grounds(
        List.of(subject), false, purpose, Optional.empty(), List.of(), Optional.empty());
  }

  Grounds withPurpose(Stated other) {
    return new Grounds(chain, verified, other, token, delegations, task);
  }

  /// Whether somebody is acted for.
  boolean isDelegated() {
    return chain.size() > 1;
  }

  /// Whether this participant acts for another one: all do but the last, who is acted for.
  boolean actsForSomebody(Id.Principal principal) {
    return !principal.equals(chain.getLast());
  }

  /// How many actors there are before the subject.
  int depth() {
    return Math.max(0, chain.size() - 1);
  }

  /// The person whose authority is exercised by somebody else, if it is a person.
  Optional<Id.User> delegator() {
    return isDelegated() && chain.getLast() instanceof Id.User user
        ? Optional.of(user)
        : Optional.empty();
  }

  boolean hasAgents() {
    for (var principal : chain) {
      if (principal instanceof Id.Agent) {
        return true;
      }
    }
    return false;
  }

  List<Id.Agent> agents() {
    return chain.stream().filter(Id.Agent.class::isInstance).map(Id.Agent.class::cast).toList();
  }
}
