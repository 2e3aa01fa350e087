package io.prokura.bench;

import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.Request;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Policies, entities and requests to measure the policy engine with, drawn from a seed.
record CedarWorkload(PolicySet policies, Entities entities, List<Request> requests) {
  private static final int TEAMS = 400;
  private static final int FOLDERS = 200;
  private static final int ACTIONS = 20;
  private static final int DEPARTMENTS = 20;
  private static final int REQUESTS = 1 << 16;

  CedarWorkload {
    requests = List.copyOf(requests);
  }

  /// 1,000 policies whose scopes name principals, teams, resources, folders and actions; 10,000
  /// principals in teams, 1,000 resources in folders, and requests among all of them.
  static CedarWorkload scoped(long seed) {
    var draw = new Draw(new Random(seed), 10_000, 1_000);
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < 1_000; i++) {
      texts.put("policy" + i, draw.scopedPolicy(i));
    }
    return draw.workload(texts);
  }

  /// Policies whose scopes say nothing, about the same entities. Each is for one of 20 departments,
  /// by its condition, and further conditions decide whether it is satisfied.
  static CedarWorkload unscoped(long seed, int policies) {
    var draw = new Draw(new Random(seed), 10_000, 1_000);
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < policies; i++) {
      texts.put("policy" + i, draw.unscopedPolicy(i));
    }
    return draw.workload(texts);
  }

  /// Policies that can be told apart by nothing but ranges, so that each is looked at for every
  /// request.
  static CedarWorkload ranges(long seed, int policies) {
    var draw = new Draw(new Random(seed), 10_000, 1_000);
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < policies; i++) {
      texts.put("policy" + i, draw.effect(i) + " (principal, action, resource)" + draw.range());
    }
    return draw.workload(texts);
  }

  /// What is drawn, and from what.
  private record Draw(Random random, int principals, int resources) {

    String scopedPolicy(int number) {
      var principal =
          switch (number % 4) {
            case 0 -> "principal == Agent::\"a" + random.nextInt(principals) + "\"";
            case 1 -> "principal";
            default -> "principal in Team::\"t" + random.nextInt(TEAMS) + "\"";
          };
      var resource =
          switch (number % 5) {
            case 0 -> number % 4 == 1 ? folder() : "resource";
            case 1 -> "resource == Tool::\"r" + random.nextInt(resources) + "\"";
            default -> folder();
          };
      var action = number % 3 == 0 ? "action" : "action == Action::\"act" + action() + "\"";
      return effect(number) + " (" + principal + ", " + action + ", " + resource + ")" + when();
    }

    String unscopedPolicy(int number) {
      return effect(number)
          + " (principal, action, resource) when { principal.department == \"d"
          + random.nextInt(DEPARTMENTS)
          + "\" && resource.sensitivity <= "
          + random.nextInt(4)
          + " && context.hour >= "
          + random.nextInt(24)
          + " };";
    }

    String range() {
      return " when { context.hour >= "
          + (12 + random.nextInt(12))
          + " && resource.sensitivity <= "
          + random.nextInt(4)
          + " };";
    }

    private String effect(int number) {
      return number % 10 == 9 ? "forbid" : "permit";
    }

    private String folder() {
      return "resource in Folder::\"f" + random.nextInt(FOLDERS) + "\"";
    }

    private int action() {
      return random.nextInt(ACTIONS);
    }

    private String when() {
      return switch (random.nextInt(4)) {
        case 0 -> ";";
        case 1 -> " when { context.hour >= " + random.nextInt(24) + " };";
        case 2 -> " when { resource.sensitivity <= " + random.nextInt(4) + " };";
        default ->
            " when { principal.department == \"d"
                + random.nextInt(DEPARTMENTS)
                + "\" } unless { context.hour < "
                + random.nextInt(8)
                + " };";
      };
    }

    CedarWorkload workload(Map<String, String> texts) {
      try {
        return new CedarWorkload(PolicySet.parse(texts), entities(), requests());
      } catch (CedarSyntaxException e) {
        throw new BenchmarkFailure("a generated policy is not one", e);
      }
    }

    private Entities entities() {
      var entities = new ArrayList<Entity>();
      for (int i = 0; i < principals; i++) {
        var teams =
            Set.of(uid("Team", "t", random.nextInt(TEAMS)), EntityUid.of("Team", "everyone"));
        entities.add(
            new Entity(
                uid("Agent", "a", i),
                Map.of("department", new StringValue("d" + random.nextInt(DEPARTMENTS))),
                teams));
      }
      for (int i = 0; i < resources; i++) {
        entities.add(
            new Entity(
                uid("Tool", "r", i),
                Map.of("sensitivity", new LongValue(random.nextInt(4))),
                Set.of(uid("Folder", "f", random.nextInt(FOLDERS)))));
      }
      return Entities.of(entities);
    }

    private List<Request> requests() {
      var requests = new ArrayList<Request>();
      for (int i = 0; i < REQUESTS; i++) {
        Map<String, Value> context = Map.of("hour", new LongValue(random.nextInt(24)));
        requests.add(
            new Request(
                uid("Agent", "a", random.nextInt(principals)),
                uid("Action", "act", action()),
                uid("Tool", "r", random.nextInt(resources)),
                new RecordValue(context)));
      }
      return requests;
    }

    private static EntityUid uid(String type, String prefix, int number) {
      return EntityUid.of(type, prefix + number);
    }
  }
}
