package io.prokura.delegation;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who presents itself at the token endpoint: a principal and the credential that proved it, which
/// is good until `until`; nothing where a public application does it for a person. `checked`
/// is the highest cut-off number that had been applied before the proof was looked at, and
/// `confirmation` what the tokens it gets are bound to.
public record Presenter(
    Id.Principal principal,
    Optional<Id.Credential> credential,
    Instant until,
    long checked,
    Confirmation confirmation) {

  /// Somebody who has proven themselves by a credential.
  public Presenter(
      Id.Principal principal,
      Id.Credential credential,
      Instant until,
      long checked,
      Confirmation confirmation) {
    this(principal, Optional.of(credential), until, checked, confirmation);
  }

  /// The ids that whatever it gets rests on.
  List<Id> ids() {
    return credential.<List<Id>>map(one -> List.of(principal, one)).orElse(List.of(principal));
  }
}
