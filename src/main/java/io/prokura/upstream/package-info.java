/// Signing people in by a trusted issuer, as a client of it (OpenID Connect Core 1.0). Which
/// issuers there are, and which keys they have, is elsewhere.
@NullMarked
package io.prokura.upstream;

import org.jspecify.annotations.NullMarked;
