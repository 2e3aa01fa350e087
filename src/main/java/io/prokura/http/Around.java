package io.prokura.http;

/// What the application does around every verb: it calls `verb.answer(request)`, or answers
/// without it. Exceptions from here are treated like the verb's own.
@FunctionalInterface
public interface Around {

  /// Calls the verb and does nothing else.
  Around NOTHING = (route, request, verb) -> verb.answer(request);

  Response answer(Route route, Request request, Verb verb);
}
