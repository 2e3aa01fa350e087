package io.prokura.passkeys;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.Optional;

/// A passkey as its owner sees it.
///
/// @param name what the owner calls it
/// @param usedAt when somebody last signed with it, to sign in or to allow something
public record Passkey(Id.Credential id, String name, Instant createdAt, Optional<Instant> usedAt) {}
