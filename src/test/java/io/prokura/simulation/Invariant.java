package io.prokura.simulation;

/// Something that must be so, whatever happens. Each method is called when there is something to
/// look at, and throws an `AssertionError` when it is not so.
interface Invariant {

  /// A request was answered, or the answer was lost. The model has learned from it.
  default void answered(Exchange exchange) {}

  /// The same, when the answer was a token.
  default void given(Exchange exchange, HeldToken token) {}

  /// A node has done a piece of its periodic work, and nobody else did anything meanwhile.
  default void worked(Node node, String work) {}

  /// A node has started.
  default void started(Node node) {}

  /// A step is over.
  default void stepped() {}

  /// The run is over and nothing goes wrong any more.
  default void over() {}
}
