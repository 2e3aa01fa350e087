/// Main, configuration, the wiring and the surface. Owns every thread.
@NullMarked
package io.prokura.app;

import org.jspecify.annotations.NullMarked;
