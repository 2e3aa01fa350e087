package io.prokura.passkeys;

/// What a browser says of a new passkey, in base64url (WebAuthn §5.2.1). Nothing of it is checked.
public record Attestation(String clientData, String attestationObject) {}
