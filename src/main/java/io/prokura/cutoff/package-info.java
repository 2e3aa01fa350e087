/// Numbered cut-offs: the one write that ends everything resting on a thing.
@NullMarked
package io.prokura.cutoff;

import org.jspecify.annotations.NullMarked;
