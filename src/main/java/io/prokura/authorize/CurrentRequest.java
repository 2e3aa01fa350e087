package io.prokura.authorize;

import java.util.Optional;

/// An authorization request in order, and the place where it waits if it does.
record CurrentRequest(AuthorizationRequest request, Optional<WaitingRequest> waiting) {

  /// Whether it was pushed where the application may ask in no other way (RFC 9126 §5). One that
  /// waits may have come by a browser all the same, before anybody knew the application.
  boolean isPushedIfNeeded() {
    return !request.client().registration().pushedOnly()
        || waiting.filter(WaitingRequest::pushed).isPresent();
  }
}
