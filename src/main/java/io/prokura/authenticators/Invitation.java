package io.prokura.authenticators;

import io.prokura.kernel.Id;
import java.util.Optional;

/// What a one-time link is for: the user who sets up how to sign in, or nobody yet, for whoever
/// becomes the first administrator.
public record Invitation(Optional<Id.User> user) {}
