/// The server's signing keys: rotation and the JWK Set.
@NullMarked
package io.prokura.keys;

import org.jspecify.annotations.NullMarked;
