/// The whole server from one seed: what happens to it, what must then be so, and what was checked.
@NullMarked
package io.prokura.simulation;

import org.jspecify.annotations.NullMarked;
