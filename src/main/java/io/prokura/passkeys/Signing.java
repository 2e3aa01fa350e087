package io.prokura.passkeys;

import io.prokura.kernel.Id;

/// What came of asking somebody to sign what they were shown.
public sealed interface Signing {
  /// A passkey of theirs signed it.
  ///
  /// @param digest the challenge that was signed: SHA-256 in base64url, with a nonce in it that
  ///     keeps anybody from guessing what it is of
  /// @param shown what they were shown, with the nonce, as canonical JSON (RFC 8785)
  /// @param chosen what they chose of it, likewise
  record Signed(Id.Credential passkey, String digest, String shown, String chosen)
      implements Signing {}

  /// What was signed is something else, or the passkey is not theirs; nothing says which.
  record Wrong() implements Signing {}

  /// The offer is too old, used, of another kind, or another person's.
  record Expired() implements Signing {}

  /// What they would allow now is not what they were shown.
  record Changed() implements Signing {}
}
