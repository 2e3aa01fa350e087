/// Passkeys (WebAuthn Level 3): keys that people's devices hold for this server and use once the
/// person has unlocked the device. Pages and sessions are elsewhere.
@NullMarked
package io.prokura.passkeys;

import org.jspecify.annotations.NullMarked;
