/// The benchmarks: how fast this machine does what the server promises, and what was checked.
@NullMarked
package io.prokura.bench;

import org.jspecify.annotations.NullMarked;
