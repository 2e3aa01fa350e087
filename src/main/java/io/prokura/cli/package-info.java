/// The command line: a client of the public API, and the offline verifier of the log.
@NullMarked
package io.prokura.cli;

import org.jspecify.annotations.NullMarked;
