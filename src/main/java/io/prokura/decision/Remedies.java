package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.BoolValue;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Value;
import io.prokura.decision.Inquiries.Inquiry;
import io.prokura.decision.Remedy.Kind;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Stated;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.ReservedMembers;
import io.prokura.policy.Uids;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Finds the smallest change that would turn a denial into an allow. What is proposed was tried:
/// the same policies, asked again with the change made, allow it.
final class Remedies {
  private static final int CHANGES_MAX = 3;
  private static final int CANDIDATES_MAX = 8;
  private static final String ATTESTED = "attested";

  /// In which policies can see what is changed beside permissions.
  private static final Set<String> ATTRIBUTES =
      Set.of(ReservedMembers.APPROVED, ReservedMembers.ATTENDED, ReservedMembers.PURPOSE, ATTESTED);

  /// What stands for a permission that somebody would have.
  private static final PolicySet PERMISSION = permission();

  private static final Candidate ATTENDANCE =
      new Candidate(
          Remedy.of(Kind.ATTENDANCE, "the person acted for has to take part"),
          ReservedMembers.ATTENDED,
          one -> one.in(one.situation().withAttendance()));

  private static final Candidate ATTESTATION =
      new Candidate(
          Remedy.of(Kind.ATTESTATION, "the agent has to prove that it is what is registered"),
          ATTESTED,
          one -> one.withRegisters(attested(one.registers())));

  private final Roster roster;
  private final Catalogue catalogue;
  private final Cache<Policy, Set<String>> reads =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  Remedies(Roster roster, Catalogue catalogue) {
    this.roster = roster;
    this.catalogue = catalogue;
  }

  /// A change, the attribute in which policies see it, and what the question is once it is made.
  private record Candidate(Remedy remedy, String attribute, UnaryOperator<Question> made) {}

  /// What would turn the denial of what was found out into an allow.
  List<Remedy> of(PolicySnapshot snapshot, Inquiry inquiry, Denied<?> denied) {
    var action = inquiry.request().action().name();
    return switch (denied.reason()) {
      case ALLOWED -> List.of();
      case FORBIDDEN, NOT_PERMITTED, POLICY_ERROR ->
          inquiry.question() instanceof Passed(var question) ? of(snapshot, question) : List.of();
      case SCOPE_LACKING ->
          one(
              Remedy.of(Kind.SCOPE, "ask for a token with the scope " + action)
                  .with("scope", action));
      case TOKEN_REQUIRED ->
          one(Remedy.of(Kind.TOKEN, "send the caller's access token as context.access_token"));
      case TOKEN_INVALID, TOKEN_AUDIENCE ->
          one(Remedy.of(Kind.TOKEN, "the caller has to get a token for this resource"));
      case PURPOSE_REQUIRED, PURPOSE_NOT_COVERING ->
          inquiry.target().map(aim -> purposes(aim, inquiry.grounds())).orElse(List.of());
      case PRINCIPAL_NOT_ACTIVE ->
          one(Remedy.of(Kind.ACTIVATION, "everybody in the chain has to be active"));
      case BUDGET_EXHAUSTED ->
          one(Remedy.of(Kind.BUDGET, "the delegation's budget has to be raised"));
      case TASK_FACTS_FULL ->
          one(Remedy.of(Kind.TOKEN, "the work has to go on in a new task, with a new token"));
      case OBLIGATION_UNSUPPORTED ->
          one(Remedy.of(Kind.ENFORCER, "the enforcer has to be able to do what is obliged"));
      case NOT_CURRENT -> one(Remedy.of(Kind.RETRY, "ask again in a moment"));
      case NOT_YOUR_RESOURCE, ENFORCER_NOT_ACTIVE, RESOURCE_AMBIGUOUS ->
          one(
              Remedy.of(
                  Kind.ENFORCER, "register the caller as the enforcer of the one resource meant"));
      case REQUEST_INVALID,
          UNKNOWN_ACTION,
          UNKNOWN_SUBJECT,
          SUBJECT_MISMATCH,
          NOT_APPLICABLE,
          PROPERTY_INVALID ->
          one(Remedy.of(Kind.REQUEST, denied.detail()));
    };
  }

  /// The smallest set of changes after which the policies of the snapshot allow what they deny now;
  /// that the policies themselves are in the way when no such set is found.
  List<Remedy> of(PolicySnapshot snapshot, Question question) {
    if (Evaluator.voices(snapshot, question) instanceof Passed(var voices)
        && canBeLifted(snapshot, voices, ATTRIBUTES)) {
      var candidates = candidates(question, voices);
      int sizeMax =
          canBeLifted(snapshot, voices, attributes(candidates))
              ? Math.min(CHANGES_MAX, candidates.size())
              : 0;
      for (int size = 1; size <= sizeMax; size++) {
        var found = first(snapshot, question, candidates, size, 0, new ArrayList<>());
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    return one(Remedy.of(Kind.POLICY, "no change of the request or of permissions allows this"));
  }

  private static Set<String> attributes(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::attribute).collect(Collectors.toUnmodifiableSet());
  }

  /// Whether each policy that is in the way looks at one of the attributes that would change.
  private boolean canBeLifted(PolicySnapshot snapshot, List<Voice> voices, Set<String> attributes) {
    for (var voice : voices) {
      for (var id : voice.isYes() ? List.<String>of() : voice.policies()) {
        var policy = snapshot.policies().find(id);
        if (policy.isPresent()
            && Collections.disjoint(reads.get(policy.get(), Remedies::read), attributes)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Which of the attributes a policy may look at. An escape could spell any of them.
  private static Set<String> read(Policy policy) {
    var text = policy.source().text();
    return ATTRIBUTES.stream()
        .filter(name -> text.contains(name) || text.indexOf('\\') >= 0)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<List<Remedy>> first(
      PolicySnapshot snapshot,
      Question question,
      List<Candidate> candidates,
      int size,
      int from,
      List<Remedy> chosen) {
    if (size == 0) {
      boolean allowed = Evaluator.evaluate(snapshot, question).outcome() instanceof Passed;
      return allowed ? Optional.of(List.copyOf(chosen)) : Optional.empty();
    }
    for (int i = from; i <= candidates.size() - size; i++) {
      var candidate = candidates.get(i);
      chosen.add(candidate.remedy);
      var found =
          first(snapshot, candidate.made.apply(question), candidates, size - 1, i + 1, chosen);
      if (found.isPresent()) {
        return found;
      }
      chosen.removeLast();
    }
    return Optional.empty();
  }

  private List<Candidate> candidates(Question question, List<Voice> voices) {
    var candidates = new ArrayList<Candidate>();
    for (int i = 0; i < voices.size(); i++) {
      if (voices.get(i).verdict() == Voice.Verdict.SILENT) {
        candidates.add(permission(question, i));
      }
    }
    if (!question.situation().approved() && RequestableDenials.exactAction(question).isPresent()) {
      candidates.add(
          new Candidate(
              Remedy.of(Kind.APPROVAL, "a person who may has to approve exactly this action"),
              ReservedMembers.APPROVED,
              one -> one.in(one.situation().withApproval())));
    }
    if (!question.situation().attended()) {
      candidates.add(ATTENDANCE);
    }
    if (question.grounds().hasAgents()) {
      candidates.add(ATTESTATION);
      others(question.target(), question.grounds())
          .forEach(purpose -> candidates.add(forPurpose(purpose)));
    }
    return candidates.subList(0, Math.min(CANDIDATES_MAX, candidates.size()));
  }

  private static Candidate permission(Question question, int place) {
    var principal = question.grounds().chain().get(place);
    var target = question.target();
    var who = Participants.called(principal);
    var remedy =
        Remedy.of(
                Kind.PERMISSION,
                "give %s a permission for %s on %s"
                    .formatted(who, target.action().name(), target.resource().identifier()))
            .with("action", target.action().name())
            .with("resource", target.resource().identifier());
    // A person's id is nothing to tell an enforcer that may know them by another name.
    var named = principal instanceof Id.User ? remedy : remedy.with("principal", principal.text());
    return new Candidate(named, "", one -> one.withPermissions(place, PERMISSION));
  }

  /// Only the participant who would hold it is asked with it, and only about the object at hand.
  private static PolicySet permission() {
    try {
      return PolicySet.parse(Map.of("supposed", "permit (principal, action, resource);"));
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Candidate forPurpose(Purpose purpose) {
    return new Candidate(
        Remedy.of(Kind.PURPOSE, "act for the purpose " + purpose.name())
            .with("purpose", purpose.name()),
        ReservedMembers.PURPOSE,
        one -> one.withPurpose(new Stated.Purpose(purpose.id(), purpose.name())));
  }

  private List<Remedy> purposes(Target target, Grounds grounds) {
    var better = others(target, grounds);
    if (!better.isEmpty()) {
      var name = better.getFirst().name();
      return one(Remedy.of(Kind.PURPOSE, "act for the purpose " + name).with("purpose", name));
    }
    return one(
        Remedy.of(
                Kind.PURPOSE,
                "no purpose that every agent declares covers %s on %s; one has to"
                    .formatted(target.action().name(), target.resource().identifier()))
            .with("action", target.action().name())
            .with("resource", target.resource().identifier()));
  }

  /// Other purposes that every agent in the chain declares and that cover what is asked.
  private List<Purpose> others(Target target, Grounds grounds) {
    var declared =
        grounds.agents().stream()
            .map(roster::find)
            .flatMap(Optional::stream)
            .map(Registered::purposes)
            .toList();
    if (declared.isEmpty()) {
      return List.of();
    }
    return declared.getFirst().stream()
        .filter(id -> declared.stream().allMatch(all -> all.contains(id)))
        .filter(id -> !(grounds.purpose() instanceof Stated.Purpose(var now, _) && now.equals(id)))
        .map(catalogue::purpose)
        .flatMap(Optional::stream)
        .filter(purpose -> purpose.covers(target.resource().id(), target.action().name()))
        .toList();
  }

  /// The registers as they would be with every agent attested.
  private static Function<EntityUid, Optional<Entity>> attested(
      Function<EntityUid, Optional<Entity>> registers) {
    return uid ->
        registers
            .apply(uid)
            .map(
                entity -> {
                  if (!entity.uid().type().equals(Uids.AGENT)) {
                    return entity;
                  }
                  var attributes = new HashMap<String, Value>(entity.attributes());
                  attributes.put(ATTESTED, BoolValue.TRUE);
                  return new Entity(uid, attributes, entity.ancestors(), entity.tags());
                });
  }

  private static List<Remedy> one(Remedy remedy) {
    return List.of(remedy);
  }
}
