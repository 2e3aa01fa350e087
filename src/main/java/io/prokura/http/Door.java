package io.prokura.http;

import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// A server that may be shut: then it answers 503 with the reason, in the form that the callers of
/// each route expect, whatever is asked. Only the routes that tell of its health are reached.
public final class Door implements Around {
  private static final String OPEN = "";

  private final Set<String> health;
  private final AtomicReference<String> reason = new AtomicReference<>(OPEN);

  /// An open door. `health` are the paths of routes that are reached in any case.
  public Door(Set<String> health) {
    this.health = Set.copyOf(health);
  }

  /// Shuts the door. `why` is told to everybody, so it says nothing that is not for everybody.
  public void shut(String why) {
    reason.set(why);
  }

  public void open() {
    reason.set(OPEN);
  }

  public boolean isOpen() {
    return reason.get().isEmpty();
  }

  @Override
  public Response answer(Route route, Request request, Verb verb) {
    var why = reason.get();
    return why.isEmpty() || health.contains(route.path())
        ? verb.answer(request)
        : ErrorForm.of(route.access()).outage(why, request.id());
  }
}
