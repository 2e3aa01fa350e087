package io.prokura.cedar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The compiled policies of a set, found by what they require of the principal, the action, the
/// resource or one of their attributes or the context's. A policy is filed under the requirement
/// that it shares with the fewest others, so that a request meets few policies that do not concern
/// it.
final class PolicyIndex {
  /// So few policies are looked at one after the other: to find them takes longer.
  private static final int FEW = 2;

  private final CompiledPolicy[] always;
  private final List<AttributePart> attributes;
  private final List<Part> parts;

  /// The policies that require something of one variable.
  private static final class Part {
    private final Variable variable;
    private final Map<EntityUid, List<CompiledPolicy>> equal = new HashMap<>();
    private final Map<EntityUid, List<CompiledPolicy>> in = new HashMap<>();
    private final Map<EntityType, List<CompiledPolicy>> is = new HashMap<>();

    Part(Variable variable) {
      this.variable = variable;
    }

    void evaluate(Evaluation evaluation, Verdict verdict) {
      var uid = evaluation.uid(variable);
      if (!equal.isEmpty()) {
        evaluateAll(equal.get(uid), evaluation, verdict);
      }
      if (!is.isEmpty()) {
        evaluateAll(is.get(uid.type()), evaluation, verdict);
      }
      if (in.isEmpty()) {
        return;
      }
      evaluateAll(in.get(uid), evaluation, verdict);
      var entity = evaluation.entity(variable);
      if (entity == null) {
        return;
      }
      if (entity.ancestors().size() <= in.size()) {
        for (var ancestor : entity.ancestors()) {
          evaluateAll(in.get(ancestor), evaluation, verdict);
        }
      } else {
        in.forEach(
            (ancestor, policies) -> {
              if (entity.ancestors().contains(ancestor)) {
                evaluateAll(policies, evaluation, verdict);
              }
            });
      }
    }
  }

  /// The policies that require a value of one attribute, by that value.
  private record AttributePart(
      Variable variable, String name, Map<Value, List<CompiledPolicy>> policies) {

    /// Without the attribute all of them fail, unless something before spares them.
    void evaluate(Evaluation evaluation, Verdict verdict) {
      var value = evaluation.find(variable, name);
      if (value == null) {
        policies.values().forEach(list -> evaluateAll(list, evaluation, verdict));
      } else {
        evaluateAll(policies.get(value), evaluation, verdict);
      }
    }
  }

  PolicyIndex(Collection<Policy> policies) {
    if (policies.size() <= FEW) {
      var few = new ArrayList<CompiledPolicy>(FEW);
      policies.forEach(policy -> few.add(Compiler.compile(few.size(), policy)));
      always = few.toArray(new CompiledPolicy[0]);
      attributes = List.of();
      parts = List.of();
      return;
    }
    var unfiled = new ArrayList<CompiledPolicy>();
    attributes = new ArrayList<>();
    parts = new ArrayList<>();
    var required = new ArrayList<List<List<IndexKey>>>();
    var shared = new HashMap<IndexKey, Integer>();
    for (var policy : policies) {
      var lists = IndexKey.required(policy);
      required.add(lists);
      lists.forEach(keys -> keys.forEach(key -> shared.merge(key, 1, Integer::sum)));
    }
    int order = 0;
    for (var policy : policies) {
      var compiled = Compiler.compile(order, policy);
      if (!file(compiled, required.get(order), shared)) {
        unfiled.add(compiled);
      }
      order++;
    }
    always = unfiled.toArray(new CompiledPolicy[0]);
  }

  /// Evaluates every policy that the request could satisfy or make fail.
  void evaluate(Evaluation evaluation, Verdict verdict) {
    for (var policy : always) {
      policy.evaluate(evaluation, verdict);
    }
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).evaluate(evaluation, verdict);
    }
    for (int i = 0; i < attributes.size(); i++) {
      attributes.get(i).evaluate(evaluation, verdict);
    }
  }

  private static void evaluateAll(
      @Nullable List<CompiledPolicy> policies, Evaluation evaluation, Verdict verdict) {
    if (policies != null) {
      for (int i = 0; i < policies.size(); i++) {
        policies.get(i).evaluate(evaluation, verdict);
      }
    }
  }

  private Part part(Variable variable) {
    for (var part : parts) {
      if (part.variable == variable) {
        return part;
      }
    }
    var part = new Part(variable);
    parts.add(part);
    return part;
  }

  private AttributePart part(Variable variable, String name) {
    for (var part : attributes) {
      if (part.variable() == variable && part.name().equals(name)) {
        return part;
      }
    }
    var part = new AttributePart(variable, name, new HashMap<>());
    attributes.add(part);
    return part;
  }

  /// Files a policy under what it requires; false where it requires nothing.
  private boolean file(
      CompiledPolicy policy, List<List<IndexKey>> required, Map<IndexKey, Integer> shared) {
    List<IndexKey> best = List.of();
    long least = Long.MAX_VALUE;
    for (var keys : required) {
      long cost = 0;
      for (var key : keys) {
        cost += shared.getOrDefault(key, 0);
      }
      if (cost < least) {
        least = cost;
        best = keys;
      }
    }
    best.stream().distinct().forEach(key -> file(policy, key));
    return least < Long.MAX_VALUE;
  }

  private void file(CompiledPolicy policy, IndexKey key) {
    var policies =
        switch (key) {
          case IndexKey.Equal(var variable, var uid) ->
              part(variable).equal.computeIfAbsent(uid, _ -> new ArrayList<>());
          case IndexKey.In(var variable, var uid) ->
              part(variable).in.computeIfAbsent(uid, _ -> new ArrayList<>());
          case IndexKey.Is(var variable, var type) ->
              part(variable).is.computeIfAbsent(type, _ -> new ArrayList<>());
          case IndexKey.Attribute(var variable, var name, var value) ->
              part(variable, name).policies().computeIfAbsent(value, _ -> new ArrayList<>());
        };
    policies.add(policy);
  }
}
