package io.prokura.policy;

import io.prokura.cedar.Schema;
import io.prokura.cedar.Type;
import io.prokura.cedar.Type.Attribute;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The members of a policy's context that come from this server and from nobody else. The context
/// of an organisation's action declares those it wants, under these names and with these types,
/// and `subject`, `action` and `request` for what an enforcer asserts.
public final class ReservedMembers {
  public static final String NOW = "now";
  public static final String ON_BEHALF = "onBehalf";
  public static final String DEPTH = "depth";
  public static final String VERIFIED = "verified";
  public static final String PURPOSE = "purpose";
  public static final String DELEGATOR = "delegator";
  public static final String CHAIN = "chain";
  public static final String SENSITIVITY = "sensitivity";
  public static final String REVERSIBLE = "reversible";

  /// Whether exactly this action was approved by a person who may.
  public static final String APPROVED = "approved";

  /// Whether the person acted for takes part right now.
  public static final String ATTENDED = "attended";

  /// What is left of the budgets of the delegation, those of [#BUDGETS] that it has.
  public static final String BUDGET_LEFT = "budgetLeft";

  /// What is known of the task that the token belongs to.
  public static final String TASK_FACTS = "taskFacts";

  /// The day of the week in UTC: `mon` to `sun`.
  public static final String WEEKDAY = "weekday";

  /// The minute of the day in UTC, from 0.
  public static final String MINUTE = "minute";

  /// The budgets that a policy can see what is left of.
  public static final Set<String> BUDGETS = Set.of("calls", "seconds", "spend", "bytes");

  /// What an enforcer asserts of the subject, the action and the request.
  public static final Set<String> ASSERTED = Set.of("subject", "action", "request");

  /// The server's members as one record; those that need not be there are optional.
  public static final RecordType TYPE =
      new RecordType(
          Map.ofEntries(
              Map.entry(NOW, new Attribute(ExtensionType.DATETIME, true)),
              Map.entry(WEEKDAY, new Attribute(Primitive.STRING, true)),
              Map.entry(MINUTE, new Attribute(Primitive.LONG, true)),
              Map.entry(ON_BEHALF, new Attribute(BoolType.ANY, true)),
              Map.entry(ATTENDED, new Attribute(BoolType.ANY, true)),
              Map.entry(DEPTH, new Attribute(Primitive.LONG, true)),
              Map.entry(VERIFIED, new Attribute(BoolType.ANY, true)),
              Map.entry(PURPOSE, new Attribute(Primitive.STRING, false)),
              Map.entry(DELEGATOR, new Attribute(new EntityRef(Uids.USER), false)),
              Map.entry(CHAIN, new Attribute(new SetType(new EntityRef(Uids.AGENT)), true)),
              Map.entry(APPROVED, new Attribute(BoolType.ANY, true)),
              Map.entry(BUDGET_LEFT, new Attribute(budgets(), true)),
              Map.entry(TASK_FACTS, new Attribute(new SetType(Primitive.STRING), true)),
              Map.entry(SENSITIVITY, new Attribute(Primitive.STRING, true)),
              Map.entry(REVERSIBLE, new Attribute(BoolType.ANY, true))));

  private ReservedMembers() {}

  private static RecordType budgets() {
    return new RecordType(
        BUDGETS.stream()
            .collect(Collectors.toMap(name -> name, _ -> new Attribute(Primitive.LONG, false))));
  }

  /// Adds a finding for every context whose reserved members have other types, and for every
  /// member that nobody would ever fill.
  static void check(String file, Schema schema, List<String> findings) {
    for (var action : schema.actions().values()) {
      if (!Uids.isOwn(action.uid().type())) {
        action
            .context()
            .attributes()
            .forEach(
                (name, declared) ->
                    check(file, action.uid() + " context." + name, name, declared, findings));
      }
    }
  }

  private static void check(
      String file, String place, String name, Attribute declared, List<String> findings) {
    if (ASSERTED.contains(name)) {
      if (!(declared.type() instanceof RecordType)) {
        findings.add("%s: %s: a record of what the enforcer asserts".formatted(file, place));
      }
      return;
    }
    var reserved = TYPE.attribute(name);
    if (reserved.isEmpty()) {
      findings.add(
          "%s: %s: nobody fills this member; known are %s and %s"
              .formatted(file, place, sorted(TYPE.attributes().keySet()), sorted(ASSERTED)));
    } else if (!same(reserved.get().type(), declared.type())) {
      findings.add(
          "%s: %s: the server fills this member with %s"
              .formatted(file, place, reserved.get().type()));
    } else if (declared.required() && !reserved.get().required()) {
      findings.add("%s: %s: not always there; declare it as %s?".formatted(file, place, name));
    }
  }

  private static boolean same(Type one, Type other) {
    return Type.covering(one, other).isPresent();
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }
}
