package io.prokura.cedar;

/// The question: may this principal do this action to this resource, the circumstances being these.
public record Request(
    EntityUid principal, EntityUid action, EntityUid resource, RecordValue context) {

  /// A request with an empty context.
  public Request(EntityUid principal, EntityUid action, EntityUid resource) {
    this(principal, action, resource, RecordValue.EMPTY);
  }
}
