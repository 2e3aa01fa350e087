package io.prokura.delegation;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.time.Instant;
import java.util.Optional;

/// Who presents itself at the token endpoint: a principal and the credential that proved it, which
/// is good until `until`; nothing where a public application does it for a person. `checked`
/// is the highest cut-off number that had been applied before the proof was looked at, and
/// `confirmation` what the tokens it gets are bound to. Where an issuer elsewhere proved it,
/// `rests` is what that rests on, and `asserted` which of its roles count.
public record Presenter(
    Id.Principal principal,
    Optional<Id.Credential> credential,
    Instant until,
    long checked,
    Confirmation confirmation,
    Lineage rests,
    Asserted asserted) {

  /// Somebody who is there by nobody's word.
  public Presenter(
      Id.Principal principal,
      Optional<Id.Credential> credential,
      Instant until,
      long checked,
      Confirmation confirmation) {
    this(principal, credential, until, checked, confirmation, Lineage.of(), Asserted.NOTHING);
  }

  /// Somebody who has proven themselves by a credential.
  public Presenter(
      Id.Principal principal,
      Id.Credential credential,
      Instant until,
      long checked,
      Confirmation confirmation) {
    this(principal, Optional.of(credential), until, checked, confirmation);
  }

  /// The same, who is there by somebody's word that rests on `more` too.
  public Presenter vouchedFor(Lineage more, Asserted said) {
    return new Presenter(
        principal, credential, until, checked, confirmation, rests.with(more), said.with(asserted));
  }

  /// What whatever it gets rests on.
  Lineage lineage() {
    var own = credential.map(one -> Lineage.of(principal, one)).orElse(Lineage.of(principal));
    return own.with(rests);
  }
}
