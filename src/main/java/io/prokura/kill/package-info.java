/// Ends an agent with everything below it in one write, and tells what died.
@NullMarked
package io.prokura.kill;

import org.jspecify.annotations.NullMarked;
