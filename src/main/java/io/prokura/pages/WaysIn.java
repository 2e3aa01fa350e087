package io.prokura.pages;

import io.prokura.authenticators.Authenticators;
import io.prokura.kernel.Id;
import io.prokura.passkeys.Passkeys;
import io.prokura.sql.Tx;
import io.prokura.upstream.Linking;
import io.prokura.upstream.Linking.Linked;

/// In how many ways somebody can sign in, so that nobody takes away the last one they have: a
/// password with its second factor, each passkey, and each account at an issuer by which people
/// sign in now.
public final class WaysIn {
  private final Authenticators authenticators;
  private final Passkeys passkeys;
  private final Linking linking;

  public WaysIn(Authenticators authenticators, Passkeys passkeys, Linking linking) {
    this.authenticators = authenticators;
    this.passkeys = passkeys;
    this.linking = linking;
  }

  /// Whether `user` has at most one.
  boolean isLast(Tx tx, Id.User user) {
    long linked = linking.of(tx, user).stream().filter(Linked::signsIn).count();
    int withPassword = authenticators.isSetUp(tx, user) ? 1 : 0;
    return withPassword + passkeys.of(tx, user).size() + linked <= 1;
  }
}
