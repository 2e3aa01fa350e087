package io.prokura.delegation;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Id;
import java.time.Instant;

/// Who presents itself at the token endpoint: a principal and the credential that proved it, which
/// is good until `until`. `checked` is the highest cut-off number that had been applied before the
/// proof was looked at, and `confirmation` what the tokens it gets are bound to.
public record Presenter(
    Id.Principal principal,
    Id.Credential credential,
    Instant until,
    long checked,
    Confirmation confirmation) {}
