package io.prokura.cedar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Asks the engine and the reference the same and compares the answers.
final class Differential {
  /// How many policies the reference was asked about, and how many of them both took for one, found
  /// valid, satisfied, failing.
  static final class Tally {
    long policies;
    long parsed;
    long valid;
    long satisfied;
    long failed;
    long requestsRefused;
  }

  private final CedarWorld world;
  private final Tally tally;
  private final Map<String, Policy> policies = new LinkedHashMap<>();
  private final Map<String, Template> templates = new LinkedHashMap<>();
  private final List<TemplateLink> links = new ArrayList<>();

  private Differential(CedarWorld world, Tally tally) {
    this.world = world;
    this.tally = tally;
  }

  /// The first thing that the two do not agree on, if there is one.
  static Optional<String> disagreement(CedarWorld world, Tally tally) {
    try {
      return new Differential(world, tally).compare();
    } catch (CedarSyntaxException | SchemaException | TypeMismatchException failure) {
      throw new AssertionError(world.toString(), failure);
    }
  }

  private Optional<String> compare()
      throws CedarSyntaxException, SchemaException, TypeMismatchException {
    for (var entry : world.texts().entrySet()) {
      boolean here = read(entry.getKey(), entry.getValue());
      // What fits the schema is a policy for the reference too, or it will not validate below.
      if (!here && Reference.isPolicy(entry.getValue())) {
        return Optional.of(entry.getKey() + " is a policy only there");
      }
    }
    var schema = Schema.parse("schema", world.schema());
    tally.policies += world.texts().size();
    tally.parsed += policies.size() + templates.size();
    var validation = validation(schema);
    return validation.isPresent() ? validation : decisions(schema);
  }

  /// Takes up a policy, or a template made of it and a link that fills its slots again.
  private boolean read(String id, String text) throws CedarSyntaxException {
    Policy policy;
    try {
      policy = Policy.parse(id, text);
    } catch (CedarSyntaxException _) {
      return false;
    }
    var values = new LinkedHashMap<Slot, EntityUid>();
    var slots = world.slots().getOrDefault(id, Set.of());
    var principal = opened(policy.principal(), Slot.PRINCIPAL, slots, values);
    var resource = opened(policy.resource(), Slot.RESOURCE, slots, values);
    if (values.isEmpty()) {
      policies.put(id, policy);
    } else {
      var open =
          new Policy(
              id,
              policy.annotations(),
              policy.effect(),
              principal,
              policy.action(),
              resource,
              policy.conditions(),
              policy.source());
      templates.put(id, Template.parse(id, open.print()));
      links.add(new TemplateLink(id + "-linked", id, values));
    }
    return true;
  }

  private static Scope opened(
      Scope scope, Slot slot, Set<Slot> slots, Map<Slot, EntityUid> values) {
    if (!slots.contains(slot)) {
      return scope;
    }
    return switch (scope) {
      case Scope.Equal(EntityUid uid) -> {
        values.put(slot, uid);
        yield new Scope.Equal(slot);
      }
      case Scope.In(EntityUid uid) -> {
        values.put(slot, uid);
        yield new Scope.In(slot);
      }
      case Scope.IsIn(var type, EntityUid uid) -> {
        values.put(slot, uid);
        yield new Scope.IsIn(type, slot);
      }
      case Scope.Any _, Scope.Is _, Scope.Equal _, Scope.In _, Scope.IsIn _ -> scope;
    };
  }

  private String asText(boolean linked) {
    var out = new StringBuilder("{\"staticPolicies\":");
    texts(policies, out, policy -> policy.source().text());
    out.append(",\"templates\":");
    texts(templates, out, Template::print);
    out.append(",\"templateLinks\":");
    var json = PolicySet.of(List.of(), templates.values(), linked ? links : List.of()).toJson();
    out.append(json, json.indexOf("\"templateLinks\":") + 16, json.length());
    return out.toString();
  }

  private static <T> void texts(Map<String, T> all, StringBuilder out, Function<T, String> text) {
    out.append('{');
    all.forEach(
        (id, one) -> {
          out.append(out.charAt(out.length() - 1) == '{' ? "" : ",");
          PlainJson.write(id, out);
          out.append(':');
          PlainJson.write(text.apply(one), out);
        });
    out.append('}');
  }

  private Optional<String> validation(Schema schema) {
    var refused = Reference.refused(world.schema(), asText(false));
    if (refused.isEmpty()) {
      return Optional.of("the schema or a policy is one only here");
    }
    var here = new TreeSet<String>();
    var validator = new Validator(schema);
    var findings = new LinkedHashMap<String, List<ValidationFinding>>();
    policies.forEach((id, policy) -> findings.put(id, validator.validate(policy)));
    templates.forEach((id, template) -> findings.put(id, validator.validate(template)));
    findings.forEach(
        (id, found) -> {
          if (!Validator.accepts(found)) {
            here.add(id);
          }
        });
    tally.valid += findings.size() - here.size();
    if (here.equals(refused.get())) {
      return Optional.empty();
    }
    var all = new TreeSet<>(here);
    refused.get().forEach(id -> all.add((String) id));
    all.removeIf(id -> here.contains(id) && refused.get().contains(id));
    return Optional.of(
        "valid only %s: %s".formatted(here.contains(all.first()) ? "there" : "here", all)
            + findings.get(all.first()));
  }

  private Optional<String> decisions(Schema schema)
      throws CedarSyntaxException, TypeMismatchException {
    var set = PolicySet.of(policies.values(), templates.values(), links);
    boolean first = true;
    for (var question : world.questions()) {
      var fitting = fitting(schema, question);
      var answer =
          first
              ? Reference.authorize(
                  question, world.entitiesJson(), asText(true), Optional.of(world.schema()))
              : Optional.<Reference.Outcome>empty();
      if (first && fitting.isPresent() != answer.isPresent()) {
        return Optional.of("fits the schema only " + (fitting.isPresent() ? "here" : "there"));
      }
      Optional<Reference.Outcome> here;
      if (fitting.isPresent() && answer.isPresent()) {
        var request = question.request(fitting.get().context());
        var entities = fitting.get().entities();
        here = Optional.of(Reference.Outcome.of(Authorizer.authorize(request, entities, set)));
      } else {
        tally.requestsRefused += first ? 1 : 0;
        here = withoutSchema(question, set);
        answer =
            Reference.authorize(question, world.entitiesJson(), set.toJson(), Optional.empty());
      }
      if (!here.equals(answer)) {
        return Optional.of("decided " + here + " here and " + answer + " there");
      }
      tally.satisfied += here.map(outcome -> outcome.determining().size()).orElse(0);
      tally.failed += here.map(outcome -> outcome.errors().size()).orElse(0);
      first = false;
    }
    return Optional.empty();
  }

  /// The outcome, or nothing if the entities are none, one being its own ancestor.
  private Optional<Reference.Outcome> withoutSchema(CedarWorld.Question question, PolicySet set)
      throws CedarSyntaxException {
    var plain = PlainJson.object(PlainJson.read(question.context())).orElseThrow();
    try {
      var request = question.request(PlainValues.record("context", plain));
      var entities = Entities.parse(world.entitiesJson());
      return Optional.of(Reference.Outcome.of(Authorizer.authorize(request, entities, set)));
    } catch (TypeMismatchException _) {
      return Optional.empty();
    }
  }

  private record Fitting(RecordValue context, Entities entities) {}

  /// Context and entities as the schema reads them, if everything fits it.
  private Optional<Fitting> fitting(Schema schema, CedarWorld.Question question)
      throws CedarSyntaxException {
    var validator = new Validator(schema);
    var plain = PlainJson.object(PlainJson.read(question.context())).orElseThrow();
    try {
      var type = schema.contextOf(question.action());
      var context =
          type.isEmpty()
              ? PlainValues.record("context", plain)
              : type.get().read(plain, TypeUndeclared.REFUSE);
      var entities = schema.readEntities(world.entitiesJson());
      boolean fits =
          validator.problems(question.request(context)).isEmpty()
              && entities.stream().allMatch(entity -> validator.problems(entity).isEmpty());
      return fits ? Optional.of(new Fitting(context, Entities.of(entities))) : Optional.empty();
    } catch (TypeMismatchException _) {
      return Optional.empty();
    }
  }
}
