package io.prokura.delegation;

import io.prokura.kernel.Id;

/// Who presents itself at the token endpoint: a principal and the credential that proved it.
public record Presenter(Id.Principal principal, Id.Credential credential) {}
