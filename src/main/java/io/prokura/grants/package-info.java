/// The token endpoint: one file per `grant_type`.
@NullMarked
package io.prokura.grants;

import org.jspecify.annotations.NullMarked;
