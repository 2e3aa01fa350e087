package io.prokura.authorize;

import java.util.Optional;

/// An authorization request in order, and the place where it waits if it does.
record CurrentRequest(AuthorizationRequest request, Optional<WaitingRequest> waiting) {}
