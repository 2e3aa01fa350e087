package io.prokura.clients;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// Proof that a request comes from a client that is active: an agent or workload as itself, or an
/// application, a public one by its id alone. Only [ClientAuthenticator] can make one.
public final class AuthenticatedClient {
  private final Proven proven;
  private final long checked;
  private final boolean fapi2;
  private final Confirmation confirmation;

  AuthenticatedClient(Proven proven, long checked, boolean fapi2) {
    this(proven, checked, fapi2, proven.confirmation());
  }

  private AuthenticatedClient(
      Proven proven, long checked, boolean fapi2, Confirmation confirmation) {
    this.proven = proven;
    this.checked = checked;
    this.fapi2 = fapi2;
    this.confirmation = confirmation;
  }

  /// The same client once it has proven that it holds a key, to which its tokens are bound then.
  AuthenticatedClient showing(Confirmation.Key key) {
    return new AuthenticatedClient(proven, checked, fapi2, key);
  }

  /// Whether it is held to the FAPI 2.0 security profile.
  boolean isFapi2() {
    return fapi2;
  }

  public Holder holder() {
    return proven.holder();
  }

  public String clientId() {
    return holder().id().text();
  }

  /// The principal the client is; empty for an application.
  public Optional<Id.Principal> principal() {
    return holder().principal();
  }

  /// The credential that proved it, which belongs into the lineage of all that is issued; nothing
  /// for a public application.
  public Optional<Id.Credential> credential() {
    return proven.credential();
  }

  /// Until when that credential is good, unless it is revoked before.
  public Instant until() {
    return proven.until();
  }

  public AuthenticationMethod method() {
    return proven.method();
  }

  /// What the tokens that it gets have to be bound to.
  public Confirmation confirmation() {
    return confirmation;
  }

  /// The highest cut-off number that had been applied before the proof was looked at.
  public long checked() {
    return checked;
  }

  @Override
  public String toString() {
    return "AuthenticatedClient " + clientId() + " by " + method().label();
  }
}
