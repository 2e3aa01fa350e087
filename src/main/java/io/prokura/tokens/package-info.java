/// Verifies presented tokens; mints, introspects and revokes ours.
@NullMarked
package io.prokura.tokens;

import org.jspecify.annotations.NullMarked;
