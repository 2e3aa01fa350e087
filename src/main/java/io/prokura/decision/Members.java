package io.prokura.decision;

import io.prokura.cedar.BoolValue;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.SchemaAction;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.TypeUndeclared;
import io.prokura.cedar.Value;
import io.prokura.delegation.Stated;
import io.prokura.policy.ReservedMembers;
import io.prokura.policy.Uids;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The members of a policy's context that come from this server. Each is worked out when a context
/// declares it.
record Members(Instant at, Grounds grounds, Situation situation, Optional<Target> target) {
  private static final int MINUTES = 60;
  private static final int DAY_LETTERS = 3;

  static Members of(Question question) {
    return new Members(
        question.at(), question.grounds(), question.situation(), Optional.of(question.target()));
  }

  /// The context that an action declares: what the server knows, and what the enforcer asserts and
  /// is trusted for. All that the server knows where nothing is declared.
  RecordValue read(Optional<SchemaAction> action, Question question) throws TypeMismatchException {
    var type = action.map(SchemaAction::context).orElse(ReservedMembers.TYPE);
    var members = new RecordValue.Builder(type.attributes().size());
    for (var name : type.attributes().keySet()) {
      if (ReservedMembers.ASSERTED.contains(name)) {
        var asserted = asserted(name, question);
        if (!asserted.isEmpty() || type.attribute(name).orElseThrow().required()) {
          members.add(name, typed(name, type, asserted));
        }
      } else {
        add(members, name);
      }
    }
    return members.build();
  }

  /// The context that the server's own action declares, with members that it has besides.
  RecordValue read(RecordType declared, Map<String, ? extends Value> besides) {
    var members = new RecordValue.Builder(declared.attributes().size() + besides.size());
    besides.forEach(members::add);
    declared.attributes().keySet().stream()
        .filter(name -> !besides.containsKey(name))
        .forEach(name -> add(members, name));
    return members.build();
  }

  private void add(RecordValue.Builder members, String name) {
    var value = value(name);
    if (value != null) {
      members.add(name, value);
    }
  }

  private static Map<String, @Nullable Object> asserted(String name, Question question) {
    var asserts = question.target().resource().asserts();
    var request = question.request();
    return switch (name) {
      case "subject" -> PlainProperties.trusted("subject", request.subject().properties(), asserts);
      case "action" -> PlainProperties.trusted("action", request.action().properties(), asserts);
      default -> PlainProperties.trusted("context", request.context(), asserts);
    };
  }

  /// One asserted record as its declared type.
  private static Value typed(String name, RecordType whole, Map<String, @Nullable Object> asserted)
      throws TypeMismatchException {
    var alone = new RecordType(Map.of(name, whole.attribute(name).orElseThrow()));
    return alone
        .read(Map.of(name, asserted), TypeUndeclared.DROP)
        .attributes()
        .values()
        .iterator()
        .next();
  }

  /// What the server knows under that name; nothing where there is nothing to know.
  private @Nullable Value value(String name) {
    return switch (name) {
      case ReservedMembers.NOW -> DateTime.of(at);
      case ReservedMembers.WEEKDAY ->
          new StringValue(
              utc().getDayOfWeek().name().substring(0, DAY_LETTERS).toLowerCase(Locale.ROOT));
      case ReservedMembers.MINUTE -> new LongValue(utc().getHour() * MINUTES + utc().getMinute());
      case ReservedMembers.ON_BEHALF -> BoolValue.of(grounds.isDelegated());
      case ReservedMembers.DEPTH -> new LongValue(grounds.depth());
      case ReservedMembers.VERIFIED -> BoolValue.of(grounds.verified());
      case ReservedMembers.CHAIN -> SetValue.of(grounds.agents().stream().map(Uids::of).toList());
      case ReservedMembers.DELEGATOR -> grounds.delegator().map(Uids::of).orElse(null);
      case ReservedMembers.PURPOSE ->
          grounds.purpose() instanceof Stated.Purpose(_, var purpose)
              ? new StringValue(purpose)
              : null;
      case ReservedMembers.SENSITIVITY ->
          target.map(one -> new StringValue(one.action().sensitivity().word())).orElse(null);
      case ReservedMembers.REVERSIBLE ->
          target.map(one -> BoolValue.of(one.action().reversible())).orElse(null);
      case ReservedMembers.APPROVED -> BoolValue.of(situation.approved());
      case ReservedMembers.ATTENDED -> BoolValue.of(situation.attended());
      case ReservedMembers.BUDGET_LEFT -> budgetLeft();
      case ReservedMembers.TASK_FACTS ->
          SetValue.of(situation.taskFacts().stream().map(StringValue::new).toList());
      default -> null;
    };
  }

  private Value budgetLeft() {
    var left = new HashMap<String, Value>();
    situation.budgetLeft().forEach((name, amount) -> left.put(name, new LongValue(amount)));
    left.keySet().retainAll(ReservedMembers.BUDGETS);
    return new RecordValue(left);
  }

  private ZonedDateTime utc() {
    return at.atZone(ZoneOffset.UTC);
  }
}
