/// What all verbs of the management API share: the caller, strict bodies, versions, pages and
/// requests that may be repeated safely.
@NullMarked
package io.prokura.management;

import org.jspecify.annotations.NullMarked;
