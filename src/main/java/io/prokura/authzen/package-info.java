/// The AuthZEN Authorization API 1.0 over the policy decision point.
@NullMarked
package io.prokura.authzen;

import org.jspecify.annotations.NullMarked;
