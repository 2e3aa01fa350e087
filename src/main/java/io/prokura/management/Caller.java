package io.prokura.management;

import io.prokura.kernel.Id;

/// Who calls the management API: authenticated by an access token, and allowed by policy to call
/// the route at hand.
public record Caller(Id.Principal principal, Id.Token token) {}
