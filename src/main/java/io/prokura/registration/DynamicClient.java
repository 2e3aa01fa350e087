package io.prokura.registration;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// A client that registered itself.
///
/// @param digest of the token by which it reads and changes its registration (RFC 7592 §1.2)
/// @param madeWith the token it was registered with; nothing where anybody may
/// @param metadata what was registered of it
/// @param dueAt when somebody looks whether it is still used
record DynamicClient(
    Id.Client id,
    String digest,
    Optional<Id.RegistrationToken> madeWith,
    Json.Obj metadata,
    Instant registeredAt,
    Instant dueAt) {}
