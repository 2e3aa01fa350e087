/// The append-only record of what the server did, and the tree that proves it. Speaks only kernel
/// words.
@NullMarked
package io.prokura.audit;

import org.jspecify.annotations.NullMarked;
