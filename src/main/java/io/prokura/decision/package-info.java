/// The policy decision point: an access request in, a decision out, recorded before it is answered.
@NullMarked
package io.prokura.decision;

import org.jspecify.annotations.NullMarked;
