package io.prokura.passkeys;

import io.prokura.json.Json;

/// A challenge for a browser.
///
/// @param options what the page asks the browser for, with binary values in base64url
///     (WebAuthn §5.4, §5.5)
/// @param sealed what the same browser has to bring along with the answer, fit for a cookie
public record Offer(Json.Obj options, String sealed) {}
