/// The few words every feature speaks: results and refusals, ids, limits, and the world outside.
@NullMarked
package io.prokura.kernel;

import org.jspecify.annotations.NullMarked;
