package io.prokura.logout;

import io.prokura.kernel.Id;
import java.time.Instant;

/// An application that is to be told that somebody's session has ended.
///
/// @param attempts how often that was tried
/// @param dueAt when it is tried next
record LogoutNotice(
    Id.Session session, Id.Client client, Id.User user, long attempts, Instant dueAt) {

  LogoutNotice tried(Instant next) {
    return new LogoutNotice(session, client, user, attempts + 1, next);
  }
}
