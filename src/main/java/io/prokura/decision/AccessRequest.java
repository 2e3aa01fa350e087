package io.prokura.decision;

import io.prokura.json.Json;

/// The question an enforcer asks (AuthZEN Authorization API 1.0 §5): may this subject do this
/// action to this object? All of it is what the enforcer claims; `token` is the access token that
/// it was sent, empty when there is none, and stands in no other part.
public record AccessRequest(
    Named subject, Asked action, Named object, Json.Obj context, String token) {

  /// What is no question at all.
  static final AccessRequest NONE = new AccessRequest(new Named("", ""), "", new Named("", ""), "");

  /// A subject or an object, with what the enforcer says about it.
  public record Named(String type, String id, Json.Obj properties) {
    public Named(String type, String id) {
      this(type, id, Json.Obj.EMPTY);
    }
  }

  /// An action, with what the enforcer says about it.
  public record Asked(String name, Json.Obj properties) {
    public Asked(String name) {
      this(name, Json.Obj.EMPTY);
    }
  }

  /// A question without properties and without further circumstances.
  public AccessRequest(Named subject, String action, Named object, String token) {
    this(subject, new Asked(action), object, Json.Obj.EMPTY, token);
  }

  /// Without the token, so that it gets into no log.
  @Override
  public String toString() {
    return "AccessRequest[%s %s %s]".formatted(subject.type, action.name, object.type);
  }
}
