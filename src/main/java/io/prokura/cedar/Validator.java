package io.prokura.cedar;

import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.ValidationFinding.Severity;
import java.util.List;

/// Checks policies against a schema, by the rules of strict validation: a policy without errors can
/// fail in evaluation only for an integer overflow or a missing entity, given requests and entities
/// that fit the schema.
public final class Validator {
  private final Schema schema;
  private final ValidatorScopes scopes;

  public Validator(Schema schema) {
    this.schema = schema;
    this.scopes = new ValidatorScopes(schema);
  }

  /// What is to be said about a policy, in the order of the text. It may be used if no finding is
  /// an error.
  public List<ValidationFinding> validate(Policy policy) {
    var report = new ValidatorReport(policy);
    try {
      validate(policy, report);
    } catch (ValidatorReport.TooMuchWork _) {
      report.tooMuchWork();
    }
    return report.findings();
  }

  /// What is to be said about a template, whatever its slots are filled with. A policy linked from
  /// it has to be validated too, for the entities in its slots.
  public List<ValidationFinding> validate(Template template) {
    return validate(template.open());
  }

  /// Why a request does not fit the schema; empty if it does. The action has to be declared and
  /// apply to the types of principal and resource, and the context has to have the declared
  /// attributes and no others.
  public List<String> problems(Request request) {
    return List.copyOf(new ValidationConformance(schema).problems(request));
  }

  /// Why an entity does not fit the schema; empty if it does. It has to have the declared
  /// attributes and no others, and its ancestors have to be of types that the schema allows.
  public List<String> problems(Entity entity) {
    return List.copyOf(new ValidationConformance(schema).problems(entity));
  }

  /// Whether none of the findings is an error.
  public static boolean accepts(List<ValidationFinding> findings) {
    return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
  }

  private void validate(Policy policy, ValidatorReport report) {
    var parts = ValidatorScopes.parts(policy);
    checkNames(policy, parts, report);
    var names = new ValidatorNames();
    boolean any =
        scopes.forEach(
            policy,
            report,
            environment -> {
              var checker = new ValidatorTypechecker(schema, environment, names, report);
              if (mayApply(policy, checker, report)) {
                report.applies();
              }
            });
    if (policy.action() instanceof ActionScope.InAny(var actions) && actions.isEmpty()) {
      report.error(parts.get(1), "the list of actions is empty");
    } else if (!any && report.errors() == 0) {
      scopes.reportNone(policy, parts, report);
    }
    report.warnOfFalseTests();
    report.warnOfInvisibleCharacters();
    if (!report.mayApply() && report.errors() == 0) {
      report.warning(
          policy.source().position(),
          ValidationFinding.NEVER
              + ": its conditions are false in every request that the schema allows");
    }
  }

  private void checkNames(Policy policy, List<Position> parts, ValidatorReport report) {
    var literals = new ValidatorLiterals(schema, report);
    literals.check(policy.principal(), () -> parts.get(0));
    literals.check(policy.action(), () -> parts.get(1));
    literals.check(policy.resource(), () -> parts.get(2));
    for (var condition : policy.conditions()) {
      literals.check(condition.body(), policy.source());
    }
  }

  /// Whether the conditions can hold in the environment, or have an error that keeps one from
  /// telling. Each clause is looked at with what the clauses before it tested.
  private static boolean mayApply(
      Policy policy, ValidatorTypechecker checker, ValidatorReport report) {
    var known = ValidatorCapabilities.NONE;
    for (var condition : policy.conditions()) {
      var typed = checker.bool(condition.body(), known);
      if (typed.isEmpty()) {
        return true;
      }
      var result = ValidatorTypechecker.boolOf(typed.get());
      var failing =
          switch (condition.kind()) {
            case WHEN -> BoolType.FALSE;
            case UNLESS -> BoolType.TRUE;
          };
      if (result == failing) {
        return false;
      }
      if (condition.kind() == Condition.Kind.WHEN) {
        report.step();
        known = known.and(typed.get().capabilities());
      }
    }
    return true;
  }
}
