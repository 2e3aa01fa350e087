/// Encryption at rest: the master key and what is wrapped under it.
@NullMarked
package io.prokura.seal;

import org.jspecify.annotations.NullMarked;
