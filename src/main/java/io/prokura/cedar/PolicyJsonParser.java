package io.prokura.cedar;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads policies, templates and policy sets in Cedar's JSON format. A policy in JSON is what its
/// text is: it is printed and parsed, so that it obeys the same limits and every position is one in
/// the text.
final class PolicyJsonParser {
  /// The JSON of a policy that can be parsed as text is at most so deep: two levels for each
  /// expression, and some around and inside of them.
  private static final int DEPTH_MAX = 2 * ExprParser.HEIGHT_MAX + 100;

  private final PlainPath path = new PlainPath();

  static Policy policy(String id, String json) throws CedarSyntaxException, TypeMismatchException {
    var policy = new PolicyJsonParser().policy(id, PlainJson.read(json, DEPTH_MAX));
    for (var slot : policy.slots()) {
      throw new TypeMismatchException("", "only a template may have the slot " + slot.text());
    }
    return policy;
  }

  static Template template(String id, String json)
      throws CedarSyntaxException, TypeMismatchException {
    return new PolicyJsonParser().template(id, PlainJson.read(json, DEPTH_MAX));
  }

  static PolicySet policySet(String json) throws CedarSyntaxException, TypeMismatchException {
    return new PolicyJsonParser().policySet(PlainJson.read(json, DEPTH_MAX));
  }

  private PolicySet policySet(@Nullable Object json) throws TypeMismatchException {
    var members =
        path.members(json, Set.of(), Set.of("staticPolicies", "templates", "templateLinks"));
    var policies = new ArrayList<Policy>();
    for (var entry : part(members, "staticPolicies").entrySet()) {
      path.enter("staticPolicies." + entry.getKey());
      var policy = policy(entry.getKey(), entry.getValue());
      if (!policy.slots().isEmpty()) {
        throw path.error("only a template may have slots");
      }
      policies.add(policy);
      path.leave();
    }
    var templates = new ArrayList<Template>();
    for (var entry : part(members, "templates").entrySet()) {
      path.enter("templates." + entry.getKey());
      templates.add(template(entry.getKey(), entry.getValue()));
      path.leave();
    }
    var links = new ArrayList<TemplateLink>();
    path.enter("templateLinks");
    for (var item : path.list(members.getOrDefault("templateLinks", List.of()))) {
      path.enter(Integer.toString(links.size()));
      links.add(link(item));
      path.leave();
    }
    path.leave();
    try {
      return PolicySet.of(policies, templates, links);
    } catch (IllegalArgumentException refusal) {
      throw path.error(String.valueOf(refusal.getMessage()));
    }
  }

  private Map<String, @Nullable Object> part(
      Map<String, ? extends @Nullable Object> members, String name) throws TypeMismatchException {
    path.enter(name);
    var part = path.object(members.containsKey(name) ? members.get(name) : Map.of());
    path.leave();
    return part;
  }

  private TemplateLink link(@Nullable Object json) throws TypeMismatchException {
    var members = path.members(json, Set.of("templateId", "newId", "values"), Set.of());
    var values = new LinkedHashMap<Slot, EntityUid>();
    path.enter("values");
    for (var entry : path.object(members.get("values")).entrySet()) {
      values.put(slot(entry.getKey()), entity(entry.getValue()));
    }
    path.leave();
    return new TemplateLink(
        path.string(members, "newId"), path.string(members, "templateId"), values);
  }

  private Slot slot(@Nullable Object text) throws TypeMismatchException {
    for (var slot : Slot.values()) {
      if (slot.text().equals(text)) {
        return slot;
      }
    }
    throw path.error("expected `?principal` or `?resource`");
  }

  private Template template(String id, @Nullable Object json) throws TypeMismatchException {
    var policy = policy(id, json);
    if (policy.slots().isEmpty()) {
      throw path.error("a template needs `?principal` or `?resource` in its scope");
    }
    return new Template(policy);
  }

  private Policy policy(String id, @Nullable Object json) throws TypeMismatchException {
    var members =
        path.members(
            json,
            Set.of("effect", "principal", "action", "resource", "conditions"),
            Set.of("annotations"));
    var policy =
        new Policy(
            id,
            annotations(members),
            effect(path.string(members, "effect")),
            scope(Variable.PRINCIPAL, Slot.PRINCIPAL, members),
            actionScope(members),
            scope(Variable.RESOURCE, Slot.RESOURCE, members),
            conditions(members),
            new Source("", new Position(1, 1), 0, new IdentityHashMap<>()));
    try {
      return new PolicyParser(policy.print()).policyOrTemplateAlone(id);
    } catch (CedarSyntaxException refusal) {
      throw path.error("the policy has no text: " + refusal.problem());
    }
  }

  private Map<String, String> annotations(Map<String, ? extends @Nullable Object> members)
      throws TypeMismatchException {
    var annotations = new LinkedHashMap<String, String>();
    for (var entry : part(members, "annotations").entrySet()) {
      if (!Names.isAnyIdentifier(entry.getKey())) {
        throw path.error("the name of an annotation is an identifier");
      }
      if (entry.getValue() == null) {
        annotations.put(entry.getKey(), "");
      } else if (entry.getValue() instanceof String value) {
        annotations.put(entry.getKey(), value);
      } else {
        throw path.error("the value of an annotation is a string or null");
      }
    }
    return annotations;
  }

  private Effect effect(String text) throws TypeMismatchException {
    return switch (text) {
      case "permit" -> Effect.PERMIT;
      case "forbid" -> Effect.FORBID;
      default -> throw path.error("the effect is `permit` or `forbid`");
    };
  }

  private Scope scope(Variable variable, Slot slot, Map<String, ? extends @Nullable Object> members)
      throws TypeMismatchException {
    path.enter(variable.text());
    var json = path.object(members.get(variable.text()));
    var scope =
        switch (path.string(json, "op")) {
          case "All" -> {
            path.members(json, Set.of("op"), Set.of());
            yield new Scope.Any();
          }
          case "==" -> new Scope.Equal(reference(json, Set.of("op"), slot));
          case "in" -> new Scope.In(reference(json, Set.of("op"), slot));
          case "is" -> {
            path.members(json, Set.of("op", "entity_type"), Set.of("in"));
            var type = path.entityType(json, "entity_type");
            yield json.get("in") != null
                ? new Scope.IsIn(type, reference(path.object(json.get("in")), Set.of(), slot))
                : new Scope.Is(type);
          }
          default -> throw path.error("`op` is `All`, `==`, `in` or `is`");
        };
    path.leave();
    return scope;
  }

  private EntityReference reference(
      Map<String, ? extends @Nullable Object> json, Set<String> others, Slot slot)
      throws TypeMismatchException {
    path.members(json, others, Set.of("entity", "slot"));
    if (json.containsKey("entity") == json.containsKey("slot")) {
      throw path.error("expected either `entity` or `slot`");
    }
    if (json.containsKey("entity")) {
      return entity(json.get("entity"));
    }
    if (slot(json.get("slot")) != slot) {
      throw path.error("the slot here is `" + slot.text() + "`");
    }
    return slot;
  }

  private EntityUid entity(@Nullable Object json) throws TypeMismatchException {
    return PlainValues.reference(path.toString(), json);
  }

  private ActionScope actionScope(Map<String, ? extends @Nullable Object> members)
      throws TypeMismatchException {
    path.enter("action");
    var json = path.object(members.get("action"));
    var scope =
        switch (path.string(json, "op")) {
          case "All" -> {
            path.members(json, Set.of("op"), Set.of());
            yield new ActionScope.Any();
          }
          case "==" -> {
            path.members(json, Set.of("op", "entity"), Set.of());
            yield new ActionScope.Equal(action(json.get("entity")));
          }
          case "in" -> actionsIn(path.members(json, Set.of("op"), Set.of("entity", "entities")));
          default -> throw path.error("`op` is `All`, `==` or `in`");
        };
    path.leave();
    return scope;
  }

  private ActionScope actionsIn(Map<String, ? extends @Nullable Object> json)
      throws TypeMismatchException {
    if (json.containsKey("entity") == json.containsKey("entities")) {
      throw path.error("expected either `entity` or `entities`");
    }
    if (json.containsKey("entity")) {
      return new ActionScope.In(action(json.get("entity")));
    }
    var actions = new ArrayList<EntityUid>();
    for (var item : path.list(json.get("entities"))) {
      actions.add(action(item));
    }
    return new ActionScope.InAny(actions);
  }

  private EntityUid action(@Nullable Object json) throws TypeMismatchException {
    var action = entity(json);
    if (!action.type().isAction()) {
      throw path.error("the type of an action is `Action`, in any namespace");
    }
    return action;
  }

  private List<Condition> conditions(Map<String, ? extends @Nullable Object> members)
      throws TypeMismatchException {
    var conditions = new ArrayList<Condition>();
    path.enter("conditions");
    for (var item : path.list(members.get("conditions"))) {
      path.enter(Integer.toString(conditions.size()));
      var clause = path.members(item, Set.of("kind", "body"), Set.of());
      var kind = kind(path.string(clause, "kind"));
      path.enter("body");
      conditions.add(new Condition(kind, new ExprJsonParser(path).expr(clause.get("body"))));
      path.leave();
      path.leave();
    }
    path.leave();
    return conditions;
  }

  private Condition.Kind kind(String text) throws TypeMismatchException {
    return switch (text) {
      case "when" -> Condition.Kind.WHEN;
      case "unless" -> Condition.Kind.UNLESS;
      default -> throw path.error("the kind of a condition is `when` or `unless`");
    };
  }
}
