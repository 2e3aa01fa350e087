package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;

/// Actions on one resource that a purpose covers.
public record Coverage(Id.Resource resource, Scopes actions) {}
