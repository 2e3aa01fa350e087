package io.prokura.authzen;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.decision.AccessRequest;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads an access evaluation request (AuthZEN Authorization API 1.0 §6.1). A member that is
/// missing or has the wrong type is refused, `FIELD_INVALID`; one that is not known is ignored.
final class EvaluationRequest {
  private static final String TOKEN = "access_token";
  private static final int TEXT_MAX = 1_000;
  private static final List<String> MEMBERS = List.of("subject", "action", "resource", "context");
  private static final Json.Obj NOTHING = Json.object().build();

  private EvaluationRequest() {}

  static Result<AccessRequest> parse(Json.Obj body) {
    return parse(body, NOTHING);
  }

  /// The question in `own`; a member that it lacks is the one of `defaults`, whole (§7.1.1).
  static Result<AccessRequest> parse(Json.Obj own, Json.Obj defaults) {
    return defaults.members().isEmpty() ? read(own) : read(merged(own, defaults));
  }

  private static Json.Obj merged(Json.Obj own, Json.Obj defaults) {
    var whole = new LinkedHashMap<String, Json>();
    for (var name : MEMBERS) {
      own.get(name).or(() -> defaults.get(name)).ifPresent(value -> whole.put(name, value));
    }
    return new Json.Obj(whole);
  }

  /// Whether what `defaults` has of a question is well formed, whatever it lacks.
  static Result<Json.Obj> checkDefaults(Json.Obj defaults) {
    var members = defaults.members().keySet();
    if (members.contains("subject") && named(defaults, "subject") instanceof Refused<?> refused) {
      return refused(refused.reason(), refused.detail());
    }
    if (members.contains("action") && action(defaults) instanceof Refused<?> refused) {
      return refused(refused.reason(), refused.detail());
    }
    if (members.contains("resource") && named(defaults, "resource") instanceof Refused<?> refused) {
      return refused(refused.reason(), refused.detail());
    }
    var context = optionalObject(defaults, "context", "context");
    return context instanceof Ok(var given) ? token(given).map(_ -> given) : context;
  }

  private static Result<AccessRequest> read(Json.Obj body) {
    var subject = named(body, "subject");
    if (!(subject instanceof Ok(var who))) {
      return subject.refusal();
    }
    var action = action(body);
    if (!(action instanceof Ok(var what))) {
      return action.refusal();
    }
    var resource = named(body, "resource");
    if (!(resource instanceof Ok(var which))) {
      return resource.refusal();
    }
    var circumstances = optionalObject(body, "context", "context");
    if (!(circumstances instanceof Ok(var context))) {
      return circumstances.refusal();
    }
    var token = token(context);
    return token.map(compact -> new AccessRequest(who, what, which, without(context), compact));
  }

  private static Result<Named> named(Json.Obj body, String name) {
    var object = object(body, name);
    if (!(object instanceof Ok(var entity))) {
      return object.refusal();
    }
    var type = text(entity, "type", name + ".type");
    if (!(type instanceof Ok(var typeName))) {
      return type.refusal();
    }
    var id = text(entity, "id", name + ".id");
    if (!(id instanceof Ok(var key))) {
      return id.refusal();
    }
    return optionalObject(entity, "properties", name + ".properties")
        .map(properties -> new Named(typeName, key, properties));
  }

  private static Result<Asked> action(Json.Obj body) {
    var object = object(body, "action");
    if (!(object instanceof Ok(var action))) {
      return object.refusal();
    }
    var name = text(action, "name", "action.name");
    if (!(name instanceof Ok(var known))) {
      return name.refusal();
    }
    return optionalObject(action, "properties", "action.properties")
        .map(properties -> new Asked(known, properties));
  }

  private static Result<Json.Obj> object(Json.Obj body, String name) {
    return body.object(name)
        .map(Result::ok)
        .orElseGet(() -> refused(FIELD_INVALID, name + " is required and is an object"));
  }

  private static Result<Json.Obj> optionalObject(Json.Obj body, String name, String path) {
    var value = body.get(name);
    if (value.isEmpty()) {
      return ok(NOTHING);
    }
    return value.get() instanceof Json.Obj object
        ? ok(object)
        : refused(FIELD_INVALID, path + " is an object");
  }

  private static Result<String> text(Json.Obj object, String name, String path) {
    return object
        .text(name)
        .filter(text -> !text.isEmpty() && text.length() <= TEXT_MAX)
        .map(Result::ok)
        .orElseGet(
            () ->
                refused(
                    FIELD_INVALID,
                    path + " is required and is a text of 1 to " + TEXT_MAX + " characters"));
  }

  private static Result<String> token(Json.Obj context) {
    var value = context.get(TOKEN);
    if (value.isEmpty()) {
      return ok("");
    }
    return value.get() instanceof Json.Str(var compact) && !compact.isEmpty()
        ? ok(compact)
        : refused(FIELD_INVALID, "context.access_token is a text");
  }

  /// The rest of the context: the token stands nowhere that is recorded or shown to a policy.
  private static Json.Obj without(Json.Obj context) {
    if (context.get(TOKEN).isEmpty()) {
      return context;
    }
    var rest = new LinkedHashMap<>(context.members());
    rest.remove(TOKEN);
    return new Json.Obj(rest);
  }
}
