package io.prokura.http;

/// What a route does. Runs on a virtual thread of its own and may block; refusals are responses,
/// outages and bugs are thrown.
@FunctionalInterface
public interface Verb {
  Response answer(Request request);
}
