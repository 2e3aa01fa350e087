package io.prokura.decision;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.audit.Fact;
import io.prokura.audit.Facts;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import java.util.List;

/// Puts decisions on record, with references to the facts they rest on.
final class DecisionLog {
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

  /// A decision with what led to it.
  record Answer(Inquiry inquiry, Evaluated evaluated, Decision decision) {}

  /// Returns when the answer is durable on record; throws `Outage` when it cannot be.
  void record(Id.Principal enforcer, Answer answer) {
    var rested = rested(answer);
    var leaf = audit.leaf(event(enforcer, answer, rested));
    database.inTransaction(
        tx -> {
          rested.forEach(fact -> facts.keep(tx, fact));
          return audit.append(tx, leaf);
        });
  }

  private List<Fact> rested(Answer answer) {
    return answer.inquiry().question() instanceof Passed(var question)
        ? evidence.of(question, answer.evaluated().registered())
        : List.of();
  }

  /// Facts are what is registered; the object, and whatever else the enforcer said, is not.
  private Event event(Id.Principal enforcer, Answer answer, List<Fact> facts) {
    var decision = answer.decision();
    var request = answer.inquiry().request();
    var target = answer.inquiry().target();
    var grounds = decision.grounds();
    var event =
        Event.about("decision.made", decision.id())
            .by(enforcer)
            .flag("allowed", decision.allowed())
            .word("reason", decision.reason().word())
            .words("policies", decision.policies())
            .word("snapshot", decision.snapshot())
            .free("detail", decision.detail())
            .free("object", request.object().type() + " " + request.object().id())
            .free("asserted", asserted(request).toText());
    target.ifPresent(
        known ->
            event
                .reference("resource", known.resource().id())
                .word("resourceType", known.type().name())
                .word("action", known.action().name()));
    if (target.isEmpty()) {
      event.free("action", request.action().name());
    }
    if (!grounds.chain().isEmpty()) {
      event.references("principals", grounds.chain());
      event.word("identity", grounds.verified() ? "verified" : "claimed");
    }
    if (!grounds.verified()) {
      event.free("subject", request.subject().type() + " " + request.subject().id());
    }
    if (grounds.purpose() instanceof Stated.Purpose(var id, _)) {
      event.reference("purpose", id);
    }
    event.reference("token", grounds.token());
    if (!grounds.delegations().isEmpty()) {
      event.references("delegations", grounds.delegations());
    }
    if (!facts.isEmpty()) {
      event.number("asked", answer.inquiry().at().toEpochMilli());
      event.words("facts", facts.stream().map(Fact::reference).toList());
    }
    return event.build();
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
