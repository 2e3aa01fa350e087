/// Attacks on a running deployment by throw-away parties, each with the answer that holds.
@NullMarked
package io.prokura.selftest;

import org.jspecify.annotations.NullMarked;
