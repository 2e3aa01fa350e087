package io.prokura.cedar;

import java.util.BitSet;

/// The attributes and tags that are known to be present where an expression is evaluated, because a
/// `has` or a `hasTag` before it was true. They go by their numbers in [ValidatorNames]. Immutable.
final class ValidatorCapabilities {
  static final ValidatorCapabilities NONE = new ValidatorCapabilities(new BitSet());

  private final BitSet numbers;

  private ValidatorCapabilities(BitSet numbers) {
    this.numbers = numbers;
  }

  static ValidatorCapabilities of(int number) {
    var numbers = new BitSet();
    numbers.set(number);
    return new ValidatorCapabilities(numbers);
  }

  boolean contains(int number) {
    return numbers.get(number);
  }

  /// What is known when both are.
  ValidatorCapabilities and(ValidatorCapabilities other) {
    if (numbers.isEmpty()) {
      return other;
    }
    if (other.numbers.isEmpty()) {
      return this;
    }
    var both = (BitSet) numbers.clone();
    both.or(other.numbers);
    return new ValidatorCapabilities(both);
  }

  /// What is known when one of them is, but not which.
  ValidatorCapabilities or(ValidatorCapabilities other) {
    var common = (BitSet) numbers.clone();
    common.and(other.numbers);
    return common.isEmpty() ? NONE : new ValidatorCapabilities(common);
  }
}
