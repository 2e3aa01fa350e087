package io.prokura.delegation;

import io.prokura.kernel.Scopes;

/// What is asked of the token endpoint: a resource by its identifier, scopes and a purpose by its
/// name. Empty scopes and an empty name ask for whatever is usual.
public record Wanted(String resource, Scopes scopes, String purpose) {}
