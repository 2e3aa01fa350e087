/// What a restored database needs before it may be served: the journal kept outside of it, and the
/// acknowledgement that ends everything issued before.
@NullMarked
package io.prokura.restore;

import org.jspecify.annotations.NullMarked;
