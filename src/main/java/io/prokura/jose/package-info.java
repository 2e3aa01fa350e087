/// JWS, JWK, JWT: parse, sign, verify. The only package that touches a key's bytes.
@NullMarked
package io.prokura.jose;

import org.jspecify.annotations.NullMarked;
