package io.prokura.passkeys;

/// What a browser says to prove that somebody holds a passkey, in base64url (WebAuthn §5.2.2).
/// Nothing of it is checked.
///
/// @param userHandle whose passkey the device says it is
public record Assertion(
    String credential,
    String clientData,
    String authenticatorData,
    String signature,
    String userHandle) {}
