package io.prokura.cedar;

import java.util.Map;
import java.util.Set;

/// A policy with slots in its scope. Linking fills the slots and gives a policy.
public final class Template {
  private final Policy policy;

  Template(Policy policy) {
    this.policy = policy;
  }

  /// Reads the one template in `text`.
  ///
  /// @throws CedarSyntaxException if the text is not exactly one policy with at least one slot
  public static Template parse(String id, String text) throws CedarSyntaxException {
    return new PolicyParser(text).templateAlone(id);
  }

  /// Reads one template in Cedar's JSON format.
  ///
  /// @throws CedarSyntaxException if the text is not JSON
  /// @throws TypeMismatchException if it is not a policy with at least one slot; see
  /// [Policy#parseJson]
  public static Template parseJson(String id, String json)
      throws CedarSyntaxException, TypeMismatchException {
    return PolicyJsonParser.template(id, json);
  }

  /// The id of the template itself.
  public String id() {
    return policy.id();
  }

  /// The slots that a link has to fill.
  public Set<Slot> slots() {
    return policy.slots();
  }

  /// The template as Cedar text, in one layout; see [Policy#print].
  public String print() {
    return policy.print();
  }

  /// The template in Cedar's JSON format, without white space.
  public String toJson() {
    return policy.toJson();
  }

  /// The template as a policy whose scope still has slots. A [PolicySet] refuses it.
  public Policy open() {
    return policy;
  }

  /// The policy that results from filling every slot.
  ///
  /// @throws IllegalArgumentException if `values` does not name exactly the slots of the template
  public Policy link(String id, Map<Slot, EntityUid> values) {
    if (!values.keySet().equals(slots())) {
      throw new IllegalArgumentException(
          "template " + id() + " has the slots " + slots() + ", not " + values.keySet());
    }
    return new Policy(
        id,
        policy.annotations(),
        policy.effect(),
        filled(policy.principal(), values),
        policy.action(),
        filled(policy.resource(), values),
        policy.conditions(),
        policy.source());
  }

  private static Scope filled(Scope scope, Map<Slot, EntityUid> values) {
    return switch (scope) {
      case Scope.Equal(var entity) -> new Scope.Equal(filled(entity, values));
      case Scope.In(var entity) -> new Scope.In(filled(entity, values));
      case Scope.IsIn(var type, var entity) -> new Scope.IsIn(type, filled(entity, values));
      case Scope.Any _, Scope.Is _ -> scope;
    };
  }

  private static EntityReference filled(EntityReference entity, Map<Slot, EntityUid> values) {
    return switch (entity) {
      case EntityUid uid -> uid;
      case Slot slot -> java.util.Objects.requireNonNull(values.get(slot));
    };
  }
}
