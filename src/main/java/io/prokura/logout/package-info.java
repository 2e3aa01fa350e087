/// Signing people out at the wish of an application, and telling applications that somebody has
/// signed out. Sessions themselves and the pages are elsewhere.
@NullMarked
package io.prokura.logout;

import org.jspecify.annotations.NullMarked;
