package io.prokura.cedar;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Writes policies, templates and policy sets in Cedar's JSON format, without white space.
final class PolicyJsonPrinter {
  private final StringBuilder out = new StringBuilder();

  private PolicyJsonPrinter() {}

  static String print(Policy policy) {
    var printer = new PolicyJsonPrinter();
    printer.policy(policy);
    return printer.out.toString();
  }

  static String print(PolicySet policies) {
    var printer = new PolicyJsonPrinter();
    printer.policySet(policies);
    return printer.out.toString();
  }

  private void policySet(PolicySet policies) {
    out.append("{\"staticPolicies\":");
    var fixed =
        policies.policies().values().stream()
            .filter(policy -> !policies.links().containsKey(policy.id()));
    list("{", fixed.iterator(), policy -> named(policy.id(), () -> policy(policy)), "}");
    out.append(",\"templates\":");
    list(
        "{",
        policies.templates().values().iterator(),
        template -> named(template.id(), () -> policy(template.open())),
        "}");
    out.append(",\"templateLinks\":");
    list("[", policies.links().values().iterator(), this::link, "]");
    out.append('}');
  }

  private void link(TemplateLink link) {
    out.append("{\"templateId\":");
    string(link.template());
    out.append(",\"newId\":");
    string(link.id());
    out.append(",\"values\":");
    list(
        "{",
        link.values().entrySet().iterator(),
        entry -> named(entry.getKey().text(), () -> entity(entry.getValue())),
        "}");
    out.append('}');
  }

  private void policy(Policy policy) {
    out.append("{\"effect\":\"").append(policy.effect() == Effect.PERMIT ? "permit" : "forbid");
    out.append("\",\"principal\":");
    scope(policy.principal());
    out.append(",\"action\":");
    scope(policy.action());
    out.append(",\"resource\":");
    scope(policy.resource());
    out.append(",\"conditions\":");
    list("[", policy.conditions().iterator(), this::condition, "]");
    if (!policy.annotations().isEmpty()) {
      out.append(",\"annotations\":");
      list("{", policy.annotations().entrySet().iterator(), this::annotation, "}");
    }
    out.append('}');
  }

  private void annotation(Map.Entry<String, String> annotation) {
    string(annotation.getKey());
    out.append(':');
    if (annotation.getValue().isEmpty()) {
      out.append("null");
    } else {
      string(annotation.getValue());
    }
  }

  private void condition(Condition condition) {
    out.append(
        condition.kind() == Condition.Kind.WHEN ? "{\"kind\":\"when\"" : "{\"kind\":\"unless\"");
    out.append(",\"body\":");
    expr(condition.body());
    out.append('}');
  }

  private void scope(Scope scope) {
    switch (scope) {
      case Scope.Any _ -> out.append("{\"op\":\"All\"}");
      case Scope.Equal(var entity) -> {
        out.append("{\"op\":\"==\",");
        reference(entity);
      }
      case Scope.In(var entity) -> {
        out.append("{\"op\":\"in\",");
        reference(entity);
      }
      case Scope.Is(var type) ->
          out.append("{\"op\":\"is\",\"entity_type\":\"").append(type).append("\"}");
      case Scope.IsIn(var type, var entity) -> {
        out.append("{\"op\":\"is\",\"entity_type\":\"").append(type).append("\",\"in\":{");
        reference(entity);
        out.append('}');
      }
    }
  }

  /// The reference as a member, and the end of the object it is in.
  private void reference(EntityReference reference) {
    switch (reference) {
      case EntityUid uid -> {
        out.append("\"entity\":");
        entity(uid);
      }
      case Slot slot -> out.append("\"slot\":\"").append(slot.text()).append('"');
    }
    out.append('}');
  }

  private void scope(ActionScope scope) {
    switch (scope) {
      case ActionScope.Any _ -> out.append("{\"op\":\"All\"}");
      case ActionScope.Equal(var action) -> {
        out.append("{\"op\":\"==\",");
        reference(action);
      }
      case ActionScope.In(var action) -> {
        out.append("{\"op\":\"in\",");
        reference(action);
      }
      case ActionScope.InAny(var actions) -> {
        out.append("{\"op\":\"in\",\"entities\":");
        list("[", actions.iterator(), this::entity, "]");
        out.append('}');
      }
    }
  }

  private void entity(EntityUid uid) {
    out.append("{\"type\":\"").append(uid.type()).append("\",\"id\":");
    string(uid.id());
    out.append('}');
  }

  private void expr(Expr expr) {
    switch (expr) {
      case Expr.Literal(var value) -> literal(value);
      case Expr.Var(var variable) ->
          out.append("{\"Var\":\"").append(variable.text()).append("\"}");
      case Expr.If(var condition, var consequent, var alternative) -> {
        kind("if-then-else", "if", condition);
        member("then", consequent);
        member("else", alternative);
        out.append("}}");
      }
      case Expr.And(var left, var right) -> binary("&&", left, right);
      case Expr.Or(var left, var right) -> binary("||", left, right);
      case Expr.Not(var operand) -> unary("!", operand);
      case Expr.Negate(var operand) -> unary("neg", operand);
      case Expr.Binary(var operator, var left, var right) -> binary(operator.text(), left, right);
      case Expr.IsEmpty(var operand) -> unary("isEmpty", operand);
      case Expr.Attribute(var operand, var name) -> {
        kind(".", "left", operand);
        out.append(",\"attr\":");
        string(name);
        out.append("}}");
      }
      case Expr.Has(var operand, var path) -> {
        kind("has", "left", operand);
        out.append(",\"attr\":");
        attributePath(path);
        out.append("}}");
      }
      case Expr.Like(var operand, var pattern) -> {
        kind("like", "left", operand);
        out.append(",\"pattern\":");
        pattern(pattern);
        out.append("}}");
      }
      case Expr.Is(var operand, var type) -> {
        kind("is", "left", operand);
        out.append(",\"entity_type\":\"").append(type).append("\"}}");
      }
      case Expr.IsIn(var operand, var type, var ancestor) -> {
        kind("is", "left", operand);
        out.append(",\"entity_type\":\"").append(type).append('"');
        member("in", ancestor);
        out.append("}}");
      }
      case Expr.SetOf(var elements) -> call("Set", elements);
      case Expr.RecordOf(var attributes) -> {
        out.append("{\"Record\":");
        list(
            "{",
            attributes.entrySet().iterator(),
            entry -> named(entry.getKey(), () -> expr(entry.getValue())),
            "}");
        out.append('}');
      }
      case Expr.Call(var function, var arguments) -> call(function.text(), arguments);
    }
  }

  private void literal(Value value) {
    out.append("{\"Value\":");
    switch (value) {
      case BoolValue _, LongValue _ -> out.append(value);
      case StringValue(var text) -> string(text);
      case EntityUid uid -> {
        out.append("{\"__entity\":");
        entity(uid);
        out.append('}');
      }
      case SetValue _, RecordValue _, Decimal _, IpAddress _, DateTime _, Duration _ ->
          throw new IllegalArgumentException("no literal: " + value);
    }
    out.append('}');
  }

  private void kind(String kind, String first, Expr operand) {
    out.append("{\"").append(kind).append("\":{\"").append(first).append("\":");
    expr(operand);
  }

  private void member(String name, Expr operand) {
    out.append(",\"").append(name).append("\":");
    expr(operand);
  }

  private void unary(String kind, Expr operand) {
    kind(kind, "arg", operand);
    out.append("}}");
  }

  private void binary(String kind, Expr left, Expr right) {
    kind(kind, "left", left);
    member("right", right);
    out.append("}}");
  }

  private void call(String kind, List<Expr> arguments) {
    out.append("{\"").append(kind).append("\":");
    list("[", arguments.iterator(), this::expr, "]");
    out.append('}');
  }

  private void attributePath(List<String> path) {
    if (path.size() == 1) {
      string(path.getFirst());
    } else {
      list("[", path.iterator(), this::string, "]");
    }
  }

  private void pattern(Pattern pattern) {
    var elements = new java.util.ArrayList<Runnable>();
    boolean first = true;
    for (var literal : pattern.literals()) {
      if (!first) {
        elements.add(() -> out.append("\"Wildcard\""));
      }
      first = false;
      if (!literal.isEmpty()) {
        elements.add(
            () -> {
              out.append("{\"Literal\":");
              string(literal);
              out.append('}');
            });
      }
    }
    list("[", elements.iterator(), Runnable::run, "]");
  }

  private void named(String name, Runnable value) {
    string(name);
    out.append(':');
    value.run();
  }

  private <T> void list(String open, Iterator<T> items, Consumer<? super T> print, String close) {
    out.append(open);
    while (items.hasNext()) {
      print.accept(items.next());
      out.append(items.hasNext() ? "," : "");
    }
    out.append(close);
  }

  private void string(String text) {
    PlainJson.write(text, out);
  }
}
