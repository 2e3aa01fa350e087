package io.prokura.upstream;

import io.prokura.kernel.Id;
import java.time.Instant;

/// Whom the issuer means by `sub`. What rests on the issuer's word about that ends with the link.
public record Link(
    Id.Link id, Id.Issuer issuer, String sub, Id.Principal principal, Instant linkedAt) {}
