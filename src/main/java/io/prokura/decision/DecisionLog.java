package io.prokura.decision;

import static io.prokura.kernel.Refusal.STATE_CONFLICT;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.audit.Fact;
import io.prokura.audit.Facts;
import io.prokura.audit.Leaf;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Puts decisions on record, with references to the facts they rest on.
final class DecisionLog {
  /// The type of the entries.
  static final String TYPE = "decision.made";

  private final Database database;
  private final AuditLog audit;
  private final Facts facts;
  private final Evidence evidence;

  DecisionLog(Database database, AuditLog audit, Facts facts) {
    this.database = database;
    this.audit = audit;
    this.facts = facts;
    evidence = new Evidence(facts);
  }

  /// A decision with what led to it and, in the form of the record, what it brings about.
  record Answer(Inquiry inquiry, Evaluated evaluated, Decision decision, Json.Obj effects) {

    /// Whether what was found out next rests on the same grounds, so that both fit in one entry.
    boolean isLike(Inquiry next) {
      return decision.grounds().equals(next.grounds())
          && inquiry.target().map(Target::resource).equals(next.target().map(Target::resource));
    }
  }

  /// Puts all answers on record, those with the same id in one entry. Returns when they are
  /// durable; throws `Outage` when they cannot be. What they bring about happens with it; when that
  /// does not fit any more it is false and nothing has happened.
  boolean record(Id.Principal enforcer, List<Answer> answers, Consequences.Together consequences) {
    var entries = new ArrayList<Leaf>();
    var rested = new LinkedHashSet<Fact>();
    int from = 0;
    while (from < answers.size()) {
      int to = from + 1;
      while (to < answers.size() && answers.get(to).decision().item() > 0) {
        to++;
      }
      var group = answers.subList(from, to);
      var behind = rested(group);
      alerts(group).forEach(alert -> entries.add(audit.leaf(alert)));
      entries.add(audit.leaf(event(enforcer, group, behind)));
      rested.addAll(behind);
      from = to;
    }
    var recorded =
        database.<Result<Boolean>>inTransaction(
            tx -> {
              if (!consequences.bringAbout(tx)) {
                return Result.refused(STATE_CONFLICT, "somebody else was faster");
              }
              rested.forEach(fact -> facts.keep(tx, fact));
              entries.forEach(leaf -> audit.append(tx, leaf));
              return Result.ok(true);
            });
    return recorded instanceof Result.Ok;
  }

  /// One alert for each policy that could not be evaluated: whatever it would have said, somebody
  /// has to mend it.
  private static List<Event> alerts(List<Answer> group) {
    var failed = new TreeSet<String>();
    group.stream()
        .map(Answer::decision)
        .filter(decision -> decision.reason() == Reason.POLICY_ERROR)
        .forEach(decision -> failed.addAll(decision.policies()));
    var first = group.getFirst().decision();
    return failed.stream()
        .map(
            policy ->
                Event.about("alert.policy-failed", policy)
                    .number("published", first.published())
                    .reference("decision", first.id())
                    .build())
        .toList();
  }

  private Set<Fact> rested(List<Answer> group) {
    var all = new LinkedHashSet<Fact>();
    for (var answer : group) {
      if (answer.inquiry().question() instanceof Passed(var question)) {
        all.addAll(evidence.of(question, answer.evaluated().registered()));
      }
    }
    return all;
  }

  /// Facts are what is registered; the objects, and whatever else the enforcer said, are not.
  private static Event event(Id.Principal enforcer, List<Answer> group, Set<Fact> facts) {
    var first = group.getFirst();
    var event =
        Event.about(TYPE, first.decision().id())
            .by(enforcer)
            .number("published", first.decision().published())
            .word("snapshot", first.decision().snapshot());
    first
        .inquiry()
        .target()
        .ifPresent(target -> event.reference("resource", target.resource().id()));
    who(event, first);
    if (!facts.isEmpty()) {
      event.number("asked", first.inquiry().at().toEpochMilli());
      event.words("facts", facts.stream().map(Fact::reference).toList());
    }
    if (group.size() == 1) {
      answered(first).members().forEach(event::value);
      said(first).members().forEach((name, value) -> event.free(name, text(value)));
    } else {
      event.value("items", new Json.Arr(group.stream().<Json>map(DecisionLog::answered).toList()));
      event.free(
          "items", new Json.Arr(group.stream().<Json>map(DecisionLog::said).toList()).toText());
    }
    return event.build();
  }

  private static void who(Event.Builder event, Answer answer) {
    var grounds = answer.decision().grounds();
    if (!grounds.chain().isEmpty()) {
      event.references("principals", grounds.chain());
      event.word("identity", grounds.verified() ? "verified" : "claimed");
    }
    if (grounds.purpose() instanceof Stated.Purpose(var id, _)) {
      event.reference("purpose", id);
    }
    event.reference("token", grounds.token());
    event.reference("task", grounds.task());
    if (!grounds.delegations().isEmpty()) {
      event.references("delegations", grounds.delegations());
    }
  }

  /// What the entry tells of one answer for ever.
  private static Json.Obj answered(Answer answer) {
    var decision = answer.decision();
    var json =
        Json.object()
            .put("allowed", decision.allowed())
            .put("reason", decision.reason().word())
            .put("policies", decision.policies());
    answer
        .inquiry()
        .target()
        .ifPresent(
            target ->
                json.put("resourceType", target.type().name())
                    .put("action", target.action().name()));
    if (answer.inquiry().question() instanceof Passed(var question)
        && !question.situation().equals(Situation.PLAIN)) {
      json.put("situation", question.situation().toJson());
    }
    answer.effects().members().forEach(json::put);
    return json.build();
  }

  /// What the enforcer said, and what it was told, for as long as free text is kept.
  private static Json.Obj said(Answer answer) {
    var request = answer.inquiry().request();
    var json =
        Json.object()
            .put("detail", answer.decision().detail())
            .put("object", request.object().type() + " " + request.object().id())
            .put("asserted", asserted(request));
    if (answer.inquiry().target().isEmpty()) {
      json.put("action", request.action().name());
    }
    if (!answer.decision().grounds().verified()) {
      json.put("subject", request.subject().type() + " " + request.subject().id());
    }
    return json.build();
  }

  private static String text(Json value) {
    return value instanceof Json.Str(var text) ? text : value.toText();
  }

  private static Json.Obj asserted(AccessRequest request) {
    return Json.object()
        .put("subject", request.subject().properties())
        .put("action", request.action().properties())
        .put("resource", request.object().properties())
        .put("context", request.context())
        .build();
  }
}
