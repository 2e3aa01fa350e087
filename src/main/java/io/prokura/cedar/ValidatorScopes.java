package io.prokura.cedar;

import java.util.Collection;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which environments the scope of a policy can match, and where its three parts stand.
final class ValidatorScopes {
  private final Schema schema;

  ValidatorScopes(Schema schema) {
    this.schema = schema;
  }

  /// Hands on each environment that the scope does not rule out, and says whether there is one.
  boolean forEach(Policy policy, ValidatorReport report, Consumer<ValidatorEnvironment> use) {
    boolean any = false;
    for (var action : schema.actions().values()) {
      if (!matches(policy.action(), action)) {
        continue;
      }
      for (var principal : action.principals()) {
        if (!mayMatch(policy.principal(), principal)) {
          continue;
        }
        for (var resource : action.resources()) {
          report.step();
          if (mayMatch(policy.resource(), resource)) {
            use.accept(new ValidatorEnvironment(principal, action, resource));
            any = true;
          }
        }
      }
    }
    return any;
  }

  private boolean mayMatch(Scope scope, EntityType type) {
    return switch (scope) {
      case Scope.Any _ -> true;
      case Scope.Equal(EntityUid uid) -> type.equals(uid.type());
      case Scope.In(EntityUid uid) -> schema.mayDescend(type, uid.type());
      case Scope.Is(var wanted) -> type.equals(wanted);
      case Scope.IsIn(var wanted, EntityUid uid) ->
          type.equals(wanted) && schema.mayDescend(type, uid.type());
      case Scope.Equal(Slot _), Scope.In(Slot _) -> true;
      case Scope.IsIn(var wanted, Slot _) -> type.equals(wanted);
    };
  }

  private static boolean matches(ActionScope scope, SchemaAction action) {
    return switch (scope) {
      case ActionScope.Any _ -> true;
      case ActionScope.Equal(var uid) -> action.uid().equals(uid);
      case ActionScope.In(var group) -> action.isIn(group);
      case ActionScope.InAny(var groups) -> groups.stream().anyMatch(action::isIn);
    };
  }

  /// Reports that the scope matches no environment, naming the part that is to blame if one is.
  void reportNone(Policy policy, List<Position> parts, ValidatorReport report) {
    var actions =
        schema.actions().values().stream()
            .filter(action -> matches(policy.action(), action))
            .filter(action -> !action.principals().isEmpty() && !action.resources().isEmpty())
            .toList();
    if (actions.isEmpty()) {
      report.error(parts.get(1), "no action of this scope applies to anything");
      return;
    }
    var principals = types(actions, SchemaAction::principals);
    var resources = types(actions, SchemaAction::resources);
    if (principals.stream().noneMatch(type -> mayMatch(policy.principal(), type))) {
      report.error(parts.get(0), never("principal", principals));
    } else if (resources.stream().noneMatch(type -> mayMatch(policy.resource(), type))) {
      report.error(parts.get(2), never("resource", resources));
    } else {
      report.error(
          parts.get(0), "no action of this scope applies to this principal and this resource");
    }
  }

  private static SequencedSet<EntityType> types(
      Collection<SchemaAction> actions, Function<SchemaAction, SequencedSet<EntityType>> types) {
    return actions.stream()
        .flatMap(action -> types.apply(action).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String never(String variable, SequencedSet<EntityType> types) {
    int shown = 5;
    var names = types.stream().limit(shown).map(EntityType::name).toList();
    return "no action of this scope applies to such a "
        + variable
        + ": it has to be of type "
        + String.join(" or ", names)
        + (types.size() > shown ? " or others" : "");
  }

  /// Where the principal, the action and the resource of the scope stand.
  static List<Position> parts(Policy policy) {
    var source = policy.source();
    try {
      var tokens = new Tokens(source.text());
      skipTo(tokens, "(", true);
      var principal = tokens.peek();
      skipTo(tokens, ",", false);
      var action = tokens.peek();
      skipTo(tokens, ",", false);
      return List.of(at(source, principal), at(source, action), at(source, tokens.peek()));
    } catch (CedarSyntaxException _) {
      return List.of(source.position(), source.position(), source.position());
    }
  }

  /// Goes behind the next such symbol outside brackets. Annotations come first and have parentheses
  /// of their own.
  private static void skipTo(Tokens tokens, String symbol, boolean annotations) {
    int open = 0;
    while (annotations && !tokens.at("permit") && !tokens.at("forbid") && !tokens.atEnd()) {
      boolean name = tokens.take().is("@");
      if (name) {
        tokens.take();
      }
    }
    while (!tokens.atEnd() && (open > 0 || !tokens.at(symbol))) {
      open += tokens.at("[") ? 1 : tokens.at("]") ? -1 : 0;
      tokens.take();
    }
    tokens.take();
  }

  private static Position at(Source source, Token token) {
    return source.at(token.start());
  }
}
