package io.prokura.clients;

import io.prokura.kernel.Id;

/// Proof of which client sent a request; whether it may act is for [ClientAuthenticator#admit] to
/// say. Only [ClientAuthenticator] can make one.
public final class ProvenClient {
  private final Proven proven;
  private final long checked;

  ProvenClient(Proven proven, long checked) {
    this.proven = proven;
    this.checked = checked;
  }

  /// Who it is, for the record.
  public Id id() {
    return proven.holder().id();
  }

  Proven proven() {
    return proven;
  }

  long checked() {
    return checked;
  }
}
