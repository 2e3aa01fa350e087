/// Certificates (RFC 5280) and TLS (RFC 8446, RFC 9325): what the server proves itself with, what
/// clients prove themselves with, and who vouches for them.
@NullMarked
package io.prokura.tls;

import org.jspecify.annotations.NullMarked;
