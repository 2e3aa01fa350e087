package io.prokura.cedar;

/// A policy that could not be evaluated for a request, and therefore took no part in the decision.
///
/// @param message what went wrong, without the policy's id
public record PolicyError(Policy policy, String message) {

  @Override
  public String toString() {
    return policy.id() + ": " + message;
  }
}
