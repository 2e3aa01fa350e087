package io.prokura.decision;

import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.NOT_APPLICABLE;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static io.prokura.decision.Reason.POLICY_ERROR;
import static io.prokura.decision.Reason.PROPERTY_INVALID;

import io.prokura.catalogue.Resource;
import io.prokura.cedar.Authorizer;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.Request;
import io.prokura.cedar.Response;
import io.prokura.cedar.SchemaAction;
import io.prokura.cedar.Scope;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.TypeUndeclared;
import io.prokura.decision.Voice.Verdict;
import io.prokura.delegation.Authority;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.Uids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks the policies: one evaluation for each participant, all of which have to allow. Has no state
/// and asks for nothing that is not in the question.
final class Evaluator {
  /// How many policies a refusal names.
  private static final int NAMED_MAX = 5;

  /// So few ids are compared one by one.
  private static final int FEW = 16;

  private Evaluator() {}

  /// What the policies of a snapshot answer.
  static Evaluated evaluate(PolicySnapshot snapshot, Question question) {
    var prepared = Prepared.of(snapshot, question);
    if (!(prepared instanceof Step.Passed(var ready))) {
      return new Evaluated(prepared.denial(), List.of());
    }
    List<Policy> own = List.of();
    var held = new ArrayList<Policy>();
    for (int i = 0; i < question.grounds().chain().size(); i++) {
      var response = ready.ask(i);
      var determining = response.determining();
      var ofSnapshot = determining.subList(0, response.ofFirst());
      if (!ready.verdict(i, response).isYes()) {
        return new Evaluated(
            denial(ready.voice(i, response), question.target()),
            ids(ofSnapshot),
            ready.entities.registered());
      }
      own = both(own, ofSnapshot);
      addTo(held, determining.subList(response.ofFirst(), determining.size()));
    }
    var ids = ids(own);
    var outcome = Obligations.within(question.request(), snapshot, ids, together(ids, ids(held)));
    return new Evaluated(outcome, ids, ready.entities.registered());
  }

  /// Permissions name one principal each; those of a role come again with each who is in it.
  private static void addTo(List<Policy> held, List<Policy> more) {
    for (var one : more) {
      boolean isOfOne = one.principal() instanceof Scope.Equal;
      if (isOfOne || held.stream().noneMatch(known -> known.id().equals(one.id()))) {
        held.add(one);
      }
    }
  }

  private static List<String> together(List<String> some, List<String> more) {
    if (some.isEmpty() || more.isEmpty()) {
      return some.isEmpty() ? more : some;
    }
    var all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /// Each once; a policy is one object, whoever it was asked about.
  private static List<Policy> both(List<Policy> some, List<Policy> more) {
    if (some.isEmpty()) {
      return more;
    }
    if (some.size() + more.size() > FEW) {
      Set<Policy> all = Collections.newSetFromMap(new IdentityHashMap<>());
      return Stream.concat(some.stream(), more.stream()).filter(all::add).toList();
    }
    var all = new ArrayList<>(some);
    for (var one : more) {
      if (!isAmong(some, one)) {
        all.add(one);
      }
    }
    return all;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isAmong(List<Policy> some, Policy one) {
    for (int i = 0; i < some.size(); i++) {
      if (some.get(i) == one) {
        return true;
      }
    }
    return false;
  }

  private static List<String> ids(List<Policy> policies) {
    var ids = new String[policies.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = policies.get(i).id();
    }
    return List.of(ids);
  }

  /// What the policies say about every participant, as far as the question can be asked at all.
  static Step<List<Voice>> voices(PolicySnapshot snapshot, Question question) {
    var prepared = Prepared.of(snapshot, question);
    if (!(prepared instanceof Step.Passed(var ready))) {
      return prepared.denial();
    }
    var voices = new ArrayList<Voice>();
    for (int i = 0; i < question.grounds().chain().size(); i++) {
      voices.add(ready.voice(i, ready.ask(i)));
    }
    return Step.passed(voices);
  }

  /// Whether a token with these scopes may be issued to everybody in its chain: the ids of the
  /// policies that say so, or who may not have it.
  static Step<List<String>> mayObtain(
      PolicySnapshot snapshot,
      Resource resource,
      Authority authority,
      Instant at,
      Function<EntityUid, Optional<Entity>> registers) {
    var declared = snapshot.schema().contextOf(Uids.OBTAIN_TOKEN).orElseThrow();
    var scopes = authority.scopes().values();
    var asked = SetValue.of(scopes.stream().map(StringValue::new).toList());
    var client = new StringValue(authority.clientId());
    var grounds = Grounds.of(authority, Optional.empty());
    var members = new Members(at, grounds, Situation.PLAIN, Optional.empty());
    var circumstances = members.read(declared, Map.of("scopes", asked, "client", client));
    var entities = new EntitySlice(registers, snapshot.entities());
    var determining = new LinkedHashSet<String>();
    for (var principal : grounds.chain()) {
      var request =
          new Request(
              Uids.of(principal),
              Uids.OBTAIN_TOKEN,
              Uids.resource(resource.identifier()),
              circumstances);
      var response = Authorizer.authorize(request, entities, snapshot.policies());
      if (!response.errors().isEmpty()) {
        return Step.denied(
            POLICY_ERROR, "a policy could not be evaluated: " + response.errorIds().getFirst());
      }
      if (!response.allowed()) {
        return Step.denied(
            FORBIDDEN,
            "policy forbids it to %s: %s"
                .formatted(
                    Participants.called(principal),
                    response.determiningIds().stream().limit(NAMED_MAX).toList()));
      }
      determining.addAll(response.determiningIds());
    }
    return Step.passed(List.copyOf(determining));
  }

  /// A question that fits the schema, ready to be asked for each participant.
  private record Prepared(
      PolicySnapshot snapshot, Question question, RecordValue circumstances, EntitySlice entities) {

    static Step<Prepared> of(PolicySnapshot snapshot, Question question) {
      var target = question.target();
      var action = snapshot.schema().action(target.actionUid());
      var applies = applies(action, target, question.grounds());
      if (applies.isPresent()) {
        return Step.denied(NOT_APPLICABLE, applies.get());
      }
      try {
        var circumstances = Members.of(question).read(action, question);
        var object = object(snapshot, question.request(), target);
        var entities = new EntitySlice(question.registers(), snapshot.entities()).with(object);
        return Step.passed(new Prepared(snapshot, question, circumstances, entities));
      } catch (TypeMismatchException e) {
        return Step.denied(PROPERTY_INVALID, String.valueOf(e.getMessage()));
      }
    }

    /// What the policies answer about one participant.
    Response ask(int place) {
      var participant = question.participants().get(place);
      var target = question.target();
      var asked =
          new Request(participant.uid(), target.actionUid(), target.object(), circumstances);
      return Authorizer.authorize(
          asked, entities, List.of(snapshot.policies(), participant.permissions()));
    }

    Voice voice(int place, Response response) {
      var verdict = verdict(place, response);
      var policies = verdict == Verdict.FAILS ? response.errorIds() : ids(response.determining());
      return new Voice(question.grounds().chain().get(place), verdict, policies);
    }

    /// A person's rights that the resource holds are not guessed, but a policy that forbids still
    /// does.
    Verdict verdict(int place, Response response) {
      if (!response.errors().isEmpty()) {
        return Verdict.FAILS;
      }
      if (response.allowed()) {
        return Verdict.ALLOWS;
      }
      if (!response.determining().isEmpty()) {
        return Verdict.FORBIDS;
      }
      boolean held =
          question.grounds().chain().get(place) instanceof Id.User
              && question.target().resource().holdsPersonRights();
      return held ? Verdict.HELD : Verdict.SILENT;
    }
  }

  private static Step<List<String>> denial(Voice voice, Target target) {
    var who = Participants.called(voice.principal());
    return switch (voice.verdict()) {
      case FAILS ->
          Step.denied(
              POLICY_ERROR,
              "a policy could not be evaluated, so it counts as a no",
              voice.policies());
      case FORBIDS -> Step.denied(FORBIDDEN, "a policy forbids it to " + who, voice.policies());
      case SILENT ->
          Step.denied(
              NOT_PERMITTED,
              "nothing allows %s on %s to %s; a permission or a policy would"
                  .formatted(target.action().name(), target.resource().identifier(), who));
      case ALLOWS, HELD -> throw new IllegalStateException("no denial: " + voice);
    };
  }

  /// Why the schema says that this cannot be asked; an action that it does not declare is open.
  private static Optional<String> applies(
      Optional<SchemaAction> action, Target target, Grounds grounds) {
    if (action.isEmpty()) {
      return Optional.empty();
    }
    var declared = action.get();
    if (!declared.resources().contains(target.type())) {
      return Optional.of(
          "%s does not apply to objects of type %s".formatted(declared.uid(), target.type()));
    }
    for (var principal : grounds.chain()) {
      var type = Uids.type(principal);
      if (!declared.principals().contains(type)) {
        return Optional.of("%s does not apply to a %s".formatted(declared.uid(), type));
      }
    }
    return Optional.empty();
  }

  private static Set<EntityUid> ancestors(Optional<Entity> stored, EntityUid resource) {
    if (stored.isEmpty() || stored.get().ancestors().isEmpty()) {
      return Set.of(resource);
    }
    var ancestors = new HashSet<>(stored.get().ancestors());
    ancestors.add(resource);
    return ancestors;
  }

  /// The object asked about: what is stored about it, under what a trusted enforcer asserts, and
  /// always a member of the resource it belongs to.
  private static Entity object(PolicySnapshot snapshot, AccessRequest request, Target target)
      throws TypeMismatchException {
    var uid = target.object();
    var stored = Optional.ofNullable(snapshot.entities().get(uid));
    var asserted =
        PlainProperties.trusted(
            "resource", request.object().properties(), target.resource().asserts());
    var resource = Uids.resource(target.resource().identifier());
    if (stored.isPresent() && asserted.isEmpty() && stored.get().ancestors().contains(resource)) {
      return stored.get();
    }
    var ancestors = ancestors(stored, resource);
    var tags = stored.map(Entity::tags).orElse(Map.of());
    if (stored.isPresent() && asserted.isEmpty()) {
      return new Entity(uid, stored.get().attributes(), ancestors, tags);
    }
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    stored.ifPresent(entity -> attributes.putAll(entity.attributes()));
    attributes.putAll(asserted);
    var declared = snapshot.schema().entityType(uid.type());
    var values =
        declared.isPresent()
            ? declared.get().attributes().read(attributes, TypeUndeclared.DROP)
            : RecordValue.EMPTY;
    return new Entity(uid, values.attributes(), ancestors, tags);
  }
}
