package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses policies and templates: annotations, effect, scope and the frame of the conditions. The
/// expressions are read by [ExprParser].
final class PolicyParser {
  private final Tokens tokens;

  PolicyParser(String text) throws CedarSyntaxException {
    if (text.length() > PolicySet.TEXT_LENGTH_MAX) {
      throw new CedarSyntaxException(
          new Position(1, 1),
          "the text is longer than " + PolicySet.TEXT_LENGTH_MAX + " characters");
    }
    this.tokens = new Tokens(text);
  }

  Policy policyAlone(String id) throws CedarSyntaxException {
    var policy = policyOrTemplateAlone(id);
    refuseSlots(policy);
    return policy;
  }

  Policy policyOrTemplateAlone(String id) throws CedarSyntaxException {
    var policy = policy(id);
    expectEnd();
    return policy;
  }

  Template templateAlone(String id) throws CedarSyntaxException {
    int start = tokens.peek().start();
    var policy = policyOrTemplateAlone(id);
    if (policy.slots().isEmpty()) {
      throw tokens.errorAt(start, "a template needs `?principal` or `?resource` in its scope");
    }
    return new Template(policy);
  }

  /// Every policy of the text in order, named `policy0`, `policy1` and so on.
  List<Policy> policies() throws CedarSyntaxException {
    var policies = new ArrayList<Policy>();
    while (!tokens.atEnd()) {
      var policy = policy("policy" + policies.size());
      refuseSlots(policy);
      policies.add(policy);
    }
    return policies;
  }

  /// Reads any number of policies and templates and keeps none.
  void requirePolicies() throws CedarSyntaxException {
    while (!tokens.atEnd()) {
      policy("");
    }
  }

  EntityUid entityAlone() throws CedarSyntaxException {
    var entity = entity();
    expectEnd();
    return entity;
  }

  private void expectEnd() throws CedarSyntaxException {
    if (!tokens.atEnd()) {
      throw tokens.expected("the end of the text");
    }
  }

  private void refuseSlots(Policy policy) throws CedarSyntaxException {
    for (var slot : policy.slots()) {
      throw new CedarSyntaxException(
          policy.source().position(), "only a template may have the slot `" + slot.text() + "`");
    }
  }

  private Policy policy(String id) throws CedarSyntaxException {
    int start = tokens.peek().start();
    var position = tokens.position();
    var annotations = annotations();
    var effect = effect();
    tokens.expect("(");
    var principal = scope(Variable.PRINCIPAL, Slot.PRINCIPAL);
    tokens.expect(",");
    var action = actionScope();
    tokens.expect(",");
    var resource = scope(Variable.RESOURCE, Slot.RESOURCE);
    tokens.takeIf(",");
    tokens.expect(")");
    var exprs = new ExprParser(tokens);
    var conditions = new ArrayList<Condition>();
    while (!tokens.at(";")) {
      conditions.add(condition(exprs));
    }
    int end = tokens.take().end();
    var text = tokens.text().substring(start, end);
    var source = new Source(text, position, start, exprs.offsets());
    return new Policy(id, annotations, effect, principal, action, resource, conditions, source);
  }

  private Map<String, String> annotations() throws CedarSyntaxException {
    var annotations = new LinkedHashMap<String, String>();
    while (tokens.takeIf("@")) {
      var name = tokens.peek();
      if (name.kind() != Token.Kind.IDENTIFIER) {
        throw tokens.expected("the name of an annotation");
      }
      tokens.take();
      var value = "";
      if (tokens.takeIf("(")) {
        value = tokens.expectString("a string, the value of the annotation,");
        tokens.expect(")");
      }
      if (annotations.putIfAbsent(name.text(), value) != null) {
        throw tokens.errorAt(name.start(), "the annotation `@" + name.text() + "` is repeated");
      }
    }
    return annotations;
  }

  private Effect effect() throws CedarSyntaxException {
    if (tokens.takeIf("permit")) {
      return Effect.PERMIT;
    }
    if (tokens.takeIf("forbid")) {
      return Effect.FORBID;
    }
    throw tokens.expected("`permit` or `forbid`");
  }

  private Condition condition(ExprParser exprs) throws CedarSyntaxException {
    Condition.Kind kind;
    if (tokens.takeIf("when")) {
      kind = Condition.Kind.WHEN;
    } else if (tokens.takeIf("unless")) {
      kind = Condition.Kind.UNLESS;
    } else {
      throw tokens.expected("`when`, `unless` or `;`");
    }
    tokens.expect("{");
    var body = exprs.expr();
    tokens.expect("}");
    return new Condition(kind, body);
  }

  private Scope scope(Variable variable, Slot slot) throws CedarSyntaxException {
    tokens.expect(variable.text());
    if (tokens.takeIf("==")) {
      return new Scope.Equal(reference(slot));
    }
    if (tokens.takeIf("in")) {
      return new Scope.In(reference(slot));
    }
    if (tokens.takeIf("is")) {
      var type = EntityType.lasting(path("an entity type"));
      return tokens.takeIf("in") ? new Scope.IsIn(type, reference(slot)) : new Scope.Is(type);
    }
    if (!tokens.at(",") && !tokens.at(")")) {
      throw tokens.expected("`==`, `in`, `is` or the end of the " + variable.text() + " scope");
    }
    return new Scope.Any();
  }

  private EntityReference reference(Slot slot) throws CedarSyntaxException {
    if (tokens.peek().kind() == Token.Kind.SLOT) {
      if (!tokens.peek().text().equals(slot.text())) {
        throw tokens.expected("an entity or `" + slot.text() + "`");
      }
      tokens.take();
      return slot;
    }
    return entity();
  }

  private ActionScope actionScope() throws CedarSyntaxException {
    tokens.expect("action");
    if (tokens.takeIf("==")) {
      return new ActionScope.Equal(action());
    }
    if (!tokens.takeIf("in")) {
      if (!tokens.at(",")) {
        throw tokens.expected("`==`, `in` or the end of the action scope");
      }
      return new ActionScope.Any();
    }
    if (!tokens.takeIf("[")) {
      return new ActionScope.In(action());
    }
    var actions = new ArrayList<EntityUid>();
    while (!tokens.at("]")) {
      actions.add(action());
      if (!tokens.takeIf(",") && !tokens.at("]")) {
        throw tokens.expected("`,` or `]`");
      }
    }
    tokens.expect("]");
    return new ActionScope.InAny(actions);
  }

  private EntityUid action() throws CedarSyntaxException {
    int start = tokens.peek().start();
    var action = entity();
    if (!action.type().isAction()) {
      throw tokens.errorAt(
          start, "expected an entity whose type is `Action` but found `" + action + "`");
    }
    return action;
  }

  private EntityUid entity() throws CedarSyntaxException {
    var type = new StringBuilder(tokens.expectIdentifier("an entity"));
    while (true) {
      tokens.expect("::");
      if (tokens.peek().kind() == Token.Kind.STRING) {
        return new EntityUid(
            EntityType.lasting(type.toString()), tokens.expectString("an entity's id"));
      }
      type.append("::").append(tokens.expectIdentifier("an identifier or an entity's id"));
    }
  }

  private String path(String what) throws CedarSyntaxException {
    var path = new StringBuilder(tokens.expectIdentifier(what));
    while (tokens.takeIf("::")) {
      path.append("::").append(tokens.expectIdentifier("an identifier"));
    }
    return path.toString();
  }
}
