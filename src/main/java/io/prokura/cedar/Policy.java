package io.prokura.cedar;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One policy under the id its owner gave it. The `@id` annotation is an annotation like any other
/// and does not matter for the id.
///
/// @param annotations values by name; an annotation without a value has the empty string
/// @param conditions the `when` and `unless` clauses, all of which have to hold
/// @param source the text it was parsed from
public record Policy(
    String id,
    Map<String, String> annotations,
    Effect effect,
    Scope principal,
    ActionScope action,
    Scope resource,
    List<Condition> conditions,
    Source source) {

  public Policy {
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    conditions = List.copyOf(conditions);
  }

  /// Reads the one policy in `text`.
  ///
  /// @throws CedarSyntaxException if the text is not exactly one policy without slots, is longer
  /// than [PolicySet#TEXT_LENGTH_MAX], or is nested too deeply
  public static Policy parse(String id, String text) throws CedarSyntaxException {
    return new PolicyParser(text).policyAlone(id);
  }

  /// Reads one policy in Cedar's JSON format. Its source is the text that [#print] gives.
  ///
  /// @throws CedarSyntaxException if the text is not JSON
  /// @throws TypeMismatchException if it is not a policy without slots, has members that the format
  /// does not know, or is a policy that [#parse] would refuse as text
  public static Policy parseJson(String id, String json)
      throws CedarSyntaxException, TypeMismatchException {
    return PolicyJsonParser.policy(id, json);
  }

  /// The slots in the scope; a policy that can be evaluated has none.
  Set<Slot> slots() {
    var slots = EnumSet.noneOf(Slot.class);
    addSlot(principal, slots);
    addSlot(resource, slots);
    return slots;
  }

  private static void addSlot(Scope scope, Set<Slot> slots) {
    switch (scope) {
      case Scope.Equal(Slot slot) -> slots.add(slot);
      case Scope.In(Slot slot) -> slots.add(slot);
      case Scope.IsIn(_, Slot slot) -> slots.add(slot);
      case Scope.Equal _, Scope.In _, Scope.IsIn _, Scope.Any _, Scope.Is _ -> {}
    }
  }

  /// The policy as Cedar text, in one layout whatever the source looked like. Parsing it gives a
  /// policy that differs only in its source.
  public String print() {
    return PolicyPrinter.print(this);
  }

  /// The policy in Cedar's JSON format, without white space. Reading it gives a policy that differs
  /// only in its source.
  public String toJson() {
    return PolicyJsonPrinter.print(this);
  }
}
