package io.prokura.cedar;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.exception.InternalException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The reference implementation, as cedar-java carries it. Speaks to its native library in JSON
/// directly, for the Java classes around it cost more time than an answer.
final class Reference {
  private static final Method CALL = method();

  private Reference() {}

  private static Method method() {
    try {
      var engine = new BasicAuthorizationEngine();
      var call = engine.getClass().getDeclaredMethod("callCedarJNI", String.class, String.class);
      call.setAccessible(true);
      return call;
    } catch (NoSuchMethodException missing) {
      throw new AssertionError(missing);
    }
  }

  private static Map<String, ?> call(String operation, String json) {
    try {
      return PlainJson.object(PlainJson.read((String) CALL.invoke(null, operation, json)))
          .orElseThrow();
    } catch (IllegalAccessException | InvocationTargetException | CedarSyntaxException failure) {
      throw new AssertionError(failure);
    }
  }

  /// Decision, determining and erroring policies. The ids have no order.
  record Outcome(boolean allowed, Set<?> determining, Set<?> errors) {

    static Outcome of(Response response) {
      return new Outcome(
          response.allowed(),
          Set.copyOf(response.determiningIds()),
          Set.copyOf(response.errorIds()));
    }
  }

  /// A policy set as the reference takes it, of texts by id.
  static String policies(Map<String, String> texts) {
    var out = new StringBuilder("{\"staticPolicies\":{");
    texts.forEach(
        (id, text) -> {
          out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
          PlainJson.write(id, out);
          out.append(':');
          PlainJson.write(text, out);
        });
    return out.append("}}").toString();
  }

  /// The outcome, or nothing if the reference refuses the request, the entities or the context.
  static Optional<Outcome> authorize(
      CedarWorld.Question question, String entities, String policies, Optional<String> schema) {
    var json = new StringBuilder("{\"principal\":");
    json.append(WorldMaker.reference(question.principal())).append(",\"action\":");
    json.append(WorldMaker.reference(question.action())).append(",\"resource\":");
    json.append(WorldMaker.reference(question.resource())).append(",\"context\":");
    json.append(question.context());
    schema.ifPresent(
        text -> {
          json.append(",\"validateRequest\":true,\"schema\":");
          PlainJson.write(text, json);
        });
    json.append(",\"policies\":").append(policies);
    json.append(",\"entities\":").append(entities).append('}');
    var answer = call("AuthorizationOperation", json.toString());
    if (!(answer.get("response") instanceof Map<?, ?> response)
        || !(response.get("diagnostics") instanceof Map<?, ?> diagnostics)
        || !(diagnostics.get("reason") instanceof List<?> reason)
        || !(diagnostics.get("errors") instanceof List<?> errors)) {
      return Optional.empty();
    }
    return Optional.of(
        new Outcome("allow".equals(response.get("decision")), new HashSet<>(reason), ids(errors)));
  }

  /// The ids of the policies that strict validation refuses, or nothing if the schema is none or a
  /// text is no policy.
  static Optional<Set<Object>> refused(String schema, String policies) {
    var json = new StringBuilder("{\"validationSettings\":{\"mode\":\"strict\"},\"schema\":");
    PlainJson.write(schema, json);
    json.append(",\"policies\":").append(policies).append('}');
    var answer = call("ValidateOperation", json.toString());
    return answer.get("validationErrors") instanceof List<?> errors
        ? Optional.of(ids(errors))
        : Optional.empty();
  }

  private static Set<Object> ids(List<?> errors) {
    var ids = new HashSet<Object>();
    for (var error : errors) {
      ids.add(java.util.Objects.requireNonNull(((Map<?, ?>) error).get("policyId")));
    }
    return ids;
  }

  static boolean isPolicy(String text) {
    try {
      com.cedarpolicy.model.policy.Policy.parseStaticPolicy(text);
      return true;
    } catch (InternalException _) {
      return false;
    }
  }

  /// The JSON of a policy.
  static String toJson(String text) {
    try {
      return new com.cedarpolicy.model.policy.Policy(text, "p").toJson();
    } catch (InternalException failure) {
      throw new AssertionError(text, failure);
    }
  }

  /// The text of a policy in JSON, if it is one.
  static Optional<String> fromJson(String json) {
    try {
      return Optional.of(com.cedarpolicy.model.policy.Policy.fromJson("p", json).policySrc);
    } catch (InternalException _) {
      return Optional.empty();
    }
  }

  /// The JSON of a policy set that is one text.
  static String setToJson(String text) {
    try {
      return com.cedarpolicy.model.policy.PolicySet.parsePolicies(text).toJson();
    } catch (InternalException | com.fasterxml.jackson.core.JsonProcessingException failure) {
      throw new AssertionError(text, failure);
    }
  }
}
