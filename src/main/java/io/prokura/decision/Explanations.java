package io.prokura.decision;

import io.prokura.audit.Entries;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.Policy;
import io.prokura.decision.Explanation.Outline;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Stated;
import io.prokura.kernel.Id;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Explains decisions: recorded ones, on exactly what they saw, and supposed ones, on what holds
/// now.
public final class Explanations {
  private final Database database;
  private final Entries entries;
  private final Supplier<Recollections> recollections;
  private final Catalogue catalogue;
  private final Policies policies;
  private final Inquiries inquiries;
  private final Remedies remedies;

  Explanations(
      Database database,
      Entries entries,
      Supplier<Recollections> recollections,
      Catalogue catalogue,
      Policies policies,
      Inquiries inquiries,
      Remedies remedies) {
    this.database = database;
    this.entries = entries;
    this.recollections = recollections;
    this.catalogue = catalogue;
    this.policies = policies;
    this.inquiries = inquiries;
    this.remedies = remedies;
  }

  /// Why the recorded decision was made; empty when there is none of that id and item.
  Optional<Explanation> of(Id.Decision id, int item) {
    return database
        .read(
            tx ->
                entries.about(tx, id).stream()
                    .flatMap(entry -> recollections.get().of(tx, entry).stream())
                    .filter(one -> one.item() == item)
                    .findFirst())
        .map(this::explained);
  }

  private Explanation explained(Recalled recalled) {
    var unknown = new ArrayList<>(recalled.unknown());
    var snapshot =
        policies
            .snapshot(recalled.published())
            .filter(one -> one.digest().equals(recalled.snapshot()));
    if (snapshot.isEmpty() && recalled.wasAsked()) {
      unknown.add("the policies that decided");
    }
    var operands =
        snapshot.isPresent() && recalled.question().isPresent()
            ? Evaluator.voices(snapshot.get(), recalled.question().get())
            : Step.<List<Voice>>passed(List.of());
    var voices = operands instanceof Passed<List<Voice>>(var some) ? some : List.<Voice>of();
    var purpose = recalled.purpose().flatMap(Id.Purpose::parse).flatMap(catalogue::purpose);
    return new Explanation(
        outline(recalled, purpose),
        voices,
        covers(recalled.purpose().isPresent(), recalled.reason()),
        recalled.question().flatMap(Question::covering),
        snapshot.map(one -> named(one, recalled.question(), voices)).orElse(List.of()),
        recalled.allowed() ? List.of() : remedies(recalled, snapshot),
        unknown);
  }

  private Outline outline(Recalled recalled, Optional<Purpose> purpose) {
    return new Outline(
        Optional.of(recalled.id().text()),
        recalled.item(),
        recalled.at().toString(),
        recalled.allowed(),
        recalled.reason(),
        recalled.detail(),
        Optional.of(recalled.enforcer()),
        recalled.principals(),
        recalled.resource().map(this::identifier),
        recalled.action(),
        recalled.object(),
        purpose.map(Purpose::name).or(recalled::purpose),
        recalled.approval(),
        recalled.published(),
        recalled.snapshot());
  }

  private String identifier(Id.Resource id) {
    return catalogue.resource(id).map(one -> one.identifier()).orElse(id.text());
  }

  private List<Remedy> remedies(Recalled recalled, Optional<PolicySnapshot> snapshot) {
    var reason = Reason.parse(recalled.reason());
    if (snapshot.isEmpty() || reason.isEmpty()) {
      return List.of();
    }
    var denied = new Denied<List<String>>(reason.get(), recalled.detail().orElse(""), List.of());
    return remedies.of(snapshot.get(), inquiry(recalled, denied), denied);
  }

  /// What had been found out when the decision was made, as far as the record tells.
  private Inquiry inquiry(Recalled recalled, Denied<List<String>> denied) {
    if (recalled.question().isPresent()) {
      var question = recalled.question().get();
      return new Inquiry(
          question.at(),
          question.request(),
          Optional.of(question.target()),
          question.grounds(),
          Step.passed(question));
    }
    var action = recalled.action().orElse("");
    var object = new AccessRequest.Named("", "");
    var resource = recalled.resource().flatMap(catalogue::resource);
    var target =
        resource.flatMap(
            one ->
                one.action(action)
                    .flatMap(
                        known ->
                            one.types().stream()
                                .findFirst()
                                .map(
                                    type ->
                                        Target.of(one, known, new AccessRequest.Named(type, "")))));
    var chain =
        recalled.principals().stream().map(Id.Principal::parse).flatMap(Optional::stream).toList();
    var grounds =
        new Grounds(
            chain, true, new Stated.Nothing(), Optional.empty(), List.of(), Optional.empty());
    return new Inquiry(
        recalled.at(),
        new AccessRequest(object, action, object, ""),
        target,
        grounds,
        denied.denial());
  }

  /// Why what is supposed would be allowed or denied now. Nothing of it is a decision.
  Explanation of(Supposition supposition) {
    var snapshot = policies.current();
    var inquiry = inquiries.suppose(supposition);
    var evaluated =
        switch (inquiry.question()) {
          case Passed<Question>(var question) -> Evaluator.evaluate(snapshot, question).outcome();
          case Denied<Question> denied -> denied.<List<String>>denial();
        };
    var question =
        inquiry.question() instanceof Passed<Question>(var asked)
            ? Optional.of(asked)
            : Optional.<Question>empty();
    var voices =
        question.isPresent()
                && Evaluator.voices(snapshot, question.get()) instanceof Passed(var some)
            ? some
            : List.<Voice>of();
    var found =
        evaluated instanceof Denied<List<String>> denied
            ? remedies.of(snapshot, inquiry, denied)
            : List.<Remedy>of();
    var reason =
        evaluated instanceof Denied<List<String>> denied ? denied.reason() : Reason.ALLOWED;
    return new Explanation(
        outline(supposition, inquiry, evaluated, reason, snapshot),
        voices,
        covers(supposition.purpose().isPresent(), reason.word()),
        question.flatMap(Question::covering),
        named(snapshot, question, voices),
        found,
        List.of());
  }

  private static Outline outline(
      Supposition supposition,
      Inquiry inquiry,
      Step<List<String>> outcome,
      Reason reason,
      PolicySnapshot snapshot) {
    return new Outline(
        Optional.empty(),
        0,
        inquiry.at().toString(),
        reason == Reason.ALLOWED,
        reason.word(),
        outcome instanceof Denied<List<String>> denied
            ? Optional.of(denied.detail())
            : Optional.empty(),
        Optional.empty(),
        supposition.chain().stream().map(Id::text).toList(),
        Optional.of(supposition.resource().identifier()),
        Optional.of(supposition.action()),
        Optional.of(supposition.object().type() + " " + supposition.object().id()),
        supposition.purpose().map(Purpose::name),
        Optional.empty(),
        snapshot.number(),
        snapshot.digest());
  }

  /// Whether the purpose covered the action; nothing where the checks did not get that far.
  private static Optional<Boolean> covers(boolean stated, String reason) {
    if (reason.equals(Reason.PURPOSE_NOT_COVERING.word())) {
      return Optional.of(false);
    }
    boolean reached =
        List.of(Reason.ALLOWED, Reason.FORBIDDEN, Reason.NOT_PERMITTED, Reason.POLICY_ERROR)
            .stream()
            .anyMatch(one -> one.word().equals(reason));
    return stated && reached ? Optional.of(true) : Optional.empty();
  }

  /// The policies that the operands name, permissions included.
  private static List<Policy> named(
      PolicySnapshot snapshot, Optional<Question> question, List<Voice> voices) {
    var named = new LinkedHashMap<String, Policy>();
    for (int i = 0; i < voices.size(); i++) {
      Map<String, Policy> held =
          question.isPresent()
              ? question.get().participants().get(i).permissions().policies()
              : Map.of();
      for (var id : voices.get(i).policies()) {
        snapshot
            .policies()
            .find(id)
            .or(() -> Optional.ofNullable(held.get(id)))
            .ifPresent(policy -> named.put(id, policy));
      }
    }
    question.flatMap(Question::covering).ifPresent(policy -> named.put(policy.id(), policy));
    return List.copyOf(named.values());
  }
}
