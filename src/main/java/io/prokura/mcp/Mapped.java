package io.prokura.mcp;

import io.prokura.json.Json;

/// What an MCP message comes to. Only [PassThrough] may proceed without an allow of the decision
/// point.
public sealed interface Mapped {

  /// A message that nobody has to be asked about: `ping` and notifications.
  record PassThrough() implements Mapped {}

  /// One question, as the body of an access evaluation request.
  record Evaluation(Json.Obj request) implements Mapped {}

  /// Several questions, as the body of an access evaluations request; the message may proceed when
  /// every one of them is allowed.
  record Evaluations(Json.Obj request) implements Mapped {}

  /// A method that the binding does not know: denied without asking.
  record UnknownMethod() implements Mapped {}

  /// A message or a mapping that no valid request can be made from.
  record Faulty(String detail) implements Mapped {}
}
