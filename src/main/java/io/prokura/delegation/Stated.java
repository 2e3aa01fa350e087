package io.prokura.delegation;

import io.prokura.kernel.Id;

/// The purpose that authority is bound to. Authority with an agent in it has exactly one.
public sealed interface Stated {

  /// No purpose: possible only where no agent takes part.
  record Nothing() implements Stated {}

  /// A registered purpose; `name` is the value of the claim `purpose`.
  record Purpose(Id.Purpose id, String name) implements Stated {}
}
