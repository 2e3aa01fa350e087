package io.prokura.http;

import io.prokura.kernel.Refusal;

/// Is told of every request that is refused before it comes to a verb because of what was sent: a
/// body that is too long, a path or framing that can't be read.
@FunctionalInterface
public interface Unreached {

  /// Does nothing.
  Unreached IGNORED = (_, _, _) -> {};

  /// `route` is the template of the path where that is known, else `none`; `peer` the caller's
  /// address.
  void refused(String route, Refusal reason, String peer);
}
