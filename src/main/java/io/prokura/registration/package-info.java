/// Programs that register themselves as applications (RFC 7591, RFC 7592), and the tokens that
/// administrators hand out for it.
@NullMarked
package io.prokura.registration;

import org.jspecify.annotations.NullMarked;
