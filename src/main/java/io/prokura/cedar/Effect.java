package io.prokura.cedar;

/// What a satisfied policy does to the decision.
public enum Effect {
  PERMIT,
  FORBID
}
