package io.prokura.decision;

import io.prokura.json.Json;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What holds for one request beside who asks for what: whether exactly this action was approved,
/// whether the person acted for is there, what is left of the delegation's budgets, and what is
/// known of the task so far.
public record Situation(
    boolean approved,
    boolean attended,
    SortedMap<String, Long> budgetLeft,
    SortedSet<String> taskFacts) {
  /// Nothing approved, nobody there, no budget, no task.
  public static final Situation PLAIN =
      new Situation(false, false, new TreeMap<>(), new TreeSet<>());

  private static final String APPROVED = "approved";
  private static final String ATTENDED = "attended";
  private static final String BUDGET_LEFT = "budgetLeft";
  private static final String TASK_FACTS = "taskFacts";

  public Situation {
    budgetLeft = Collections.unmodifiableSortedMap(new TreeMap<>(budgetLeft));
    taskFacts = Collections.unmodifiableSortedSet(new TreeSet<>(taskFacts));
  }

  /// The same, with the action approved.
  public Situation withApproval() {
    return new Situation(true, attended, budgetLeft, taskFacts);
  }

  /// The same, with the person acted for taking part.
  public Situation withAttendance() {
    return new Situation(approved, true, budgetLeft, taskFacts);
  }

  /// Its form in the record, with what is out of the ordinary alone.
  Json.Obj toJson() {
    var json = Json.object();
    if (approved) {
      json.put(APPROVED, true);
    }
    if (attended) {
      json.put(ATTENDED, true);
    }
    if (!budgetLeft.isEmpty()) {
      var left = Json.object();
      budgetLeft.forEach(left::put);
      json.put(BUDGET_LEFT, left.build());
    }
    if (!taskFacts.isEmpty()) {
      json.put(TASK_FACTS, taskFacts);
    }
    return json.build();
  }

  /// What [#toJson] wrote.
  static Situation of(Json.Obj json) {
    var left = new TreeMap<String, Long>();
    json.object(BUDGET_LEFT)
        .map(Json.Obj::members)
        .orElse(Collections.emptySortedMap())
        .keySet()
        .forEach(name -> left.put(name, number(json, name)));
    return new Situation(
        json.flag(APPROVED).orElse(false),
        json.flag(ATTENDED).orElse(false),
        left,
        new TreeSet<>(json.texts(TASK_FACTS).orElse(List.of())));
  }

  private static long number(Json.Obj json, String name) {
    return json.object(BUDGET_LEFT).flatMap(left -> left.number(name)).orElseThrow();
  }
}
