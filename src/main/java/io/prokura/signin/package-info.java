/// Signing in with a password and a second factor, or with a passkey: the order of the steps, what
/// may be tried how often, and that nobody learns who is in the directory. Pages and sessions are
/// elsewhere.
@NullMarked
package io.prokura.signin;

import org.jspecify.annotations.NullMarked;
