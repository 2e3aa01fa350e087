package io.prokura.decision;

import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.NOT_APPLICABLE;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static io.prokura.decision.Reason.POLICY_ERROR;
import static io.prokura.decision.Reason.PROPERTY_INVALID;

import io.prokura.catalogue.Resource;
import io.prokura.cedar.Authorizer;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.Request;
import io.prokura.cedar.Response;
import io.prokura.cedar.SchemaAction;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.TypeUndeclared;
import io.prokura.delegation.Stated;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.policy.PermissionPolicies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.ReservedMembers;
import io.prokura.policy.Uids;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks the policies: one evaluation for each participant, all of which have to allow.
final class Evaluator {
  /// How many policies a refusal names.
  private static final int NAMED_MAX = 5;

  private final World world;
  private final PermissionPolicies permissions;
  private final EntityLoader loader;

  Evaluator(World world, PermissionPolicies permissions, EntityLoader loader) {
    this.world = world;
    this.permissions = permissions;
    this.loader = loader;
  }

  /// The ids of the policies that allow what is asked.
  Step<List<String>> evaluate(
      PolicySnapshot snapshot, AccessRequest request, Target target, Grounds grounds) {
    var action = snapshot.schema().action(target.actionUid());
    var applies = applies(action, target, grounds);
    if (applies.isPresent()) {
      return Step.denied(NOT_APPLICABLE, applies.get());
    }
    RecordValue circumstances;
    Entity object;
    try {
      circumstances = circumstances(action, request, target, grounds);
      object = object(snapshot, request, target);
    } catch (TypeMismatchException e) {
      return Step.denied(PROPERTY_INVALID, String.valueOf(e.getMessage()));
    }
    var entities = new EntitySlice(loader, snapshot.entities()).with(object);
    var determining = new LinkedHashSet<String>();
    for (var principal : grounds.chain()) {
      var asked =
          new Request(Uids.of(principal), target.actionUid(), target.object(), circumstances);
      var counting =
          permissions.of(principal, target.resource(), grounds.actsForSomebody(principal));
      var response = Authorizer.authorize(asked, entities, List.of(snapshot.policies(), counting));
      var denial = denial(response, principal, target);
      if (denial.isPresent()) {
        return denial.get();
      }
      determining.addAll(response.determiningIds());
    }
    return Step.passed(List.copyOf(determining));
  }

  /// Why the answer for one participant is no. A person's rights that the resource holds are not
  /// guessed, but a policy that forbids still does.
  private static Optional<Step<List<String>>> denial(
      Response response, Id.Principal principal, Target target) {
    if (!response.errors().isEmpty()) {
      return Optional.of(
          Step.denied(
              POLICY_ERROR,
              "a policy could not be evaluated, so it counts as a no",
              response.errorIds()));
    }
    if (response.allowed()) {
      return Optional.empty();
    }
    var who = Participants.called(principal);
    if (!response.determining().isEmpty()) {
      return Optional.of(
          Step.denied(FORBIDDEN, "a policy forbids it to " + who, response.determiningIds()));
    }
    return principal instanceof Id.User && target.resource().holdsPersonRights()
        ? Optional.empty()
        : Optional.of(
            Step.denied(
                NOT_PERMITTED,
                "nothing allows %s on %s to %s; a permission or a policy would"
                    .formatted(target.action().name(), target.resource().identifier(), who)));
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
    return grounds.chain().stream()
        .map(Uids::of)
        .filter(uid -> !declared.principals().contains(uid.type()))
        .findFirst()
        .map(uid -> "%s does not apply to a %s".formatted(declared.uid(), uid.type()));
  }

  /// What the declared context wants of what the server knows and the enforcer may assert; what the
  /// server knows where nothing is declared.
  private RecordValue circumstances(
      Optional<SchemaAction> action, AccessRequest request, Target target, Grounds grounds)
      throws TypeMismatchException {
    var members = known(grounds);
    members.put(ReservedMembers.SENSITIVITY, target.action().sensitivity().word());
    members.put(ReservedMembers.REVERSIBLE, target.action().reversible());
    var asserts = target.resource().asserts();
    members.put(
        "subject", PlainProperties.trusted("subject", request.subject().properties(), asserts));
    members.put(
        "action", PlainProperties.trusted("action", request.action().properties(), asserts));
    members.put("request", PlainProperties.trusted("context", request.context(), asserts));
    return action
        .map(SchemaAction::context)
        .orElse(ReservedMembers.TYPE)
        .read(members, TypeUndeclared.DROP);
  }

  private Map<String, Object> known(Grounds grounds) {
    var members = new HashMap<String, Object>();
    members.put(ReservedMembers.NOW, DateTime.of(world.now()));
    members.put(ReservedMembers.ON_BEHALF, grounds.isDelegated());
    members.put(ReservedMembers.DEPTH, (long) grounds.depth());
    members.put(ReservedMembers.VERIFIED, grounds.verified());
    members.put(ReservedMembers.CHAIN, grounds.agents().stream().map(Uids::of).toList());
    grounds.delegator().ifPresent(it -> members.put(ReservedMembers.DELEGATOR, Uids.of(it)));
    if (grounds.purpose() instanceof Stated.Purpose(_, var name)) {
      members.put(ReservedMembers.PURPOSE, name);
    }
    return members;
  }

  /// The object asked about: what is stored about it, under what a trusted enforcer asserts, and
  /// always a member of the resource it belongs to.
  private static Entity object(PolicySnapshot snapshot, AccessRequest request, Target target)
      throws TypeMismatchException {
    var uid = target.object();
    var stored = Optional.ofNullable(snapshot.entities().get(uid));
    var declared = snapshot.schema().entityType(uid.type());
    var attributes = new LinkedHashMap<String, @Nullable Object>();
    stored.ifPresent(entity -> attributes.putAll(entity.attributes()));
    attributes.putAll(
        PlainProperties.trusted(
            "resource", request.object().properties(), target.resource().asserts()));
    var values =
        declared.isPresent()
            ? declared.get().attributes().read(attributes, TypeUndeclared.DROP)
            : RecordValue.EMPTY;
    var ancestors = new HashSet<>(stored.map(Entity::ancestors).orElse(Set.<EntityUid>of()));
    ancestors.add(Uids.resource(target.resource().identifier()));
    return new Entity(
        uid, values.attributes(), ancestors, stored.map(Entity::tags).orElse(Map.of()));
  }

  /// Asks whether a token with these scopes may be issued to everybody in its chain.
  Step<List<String>> mayObtain(
      PolicySnapshot snapshot, Resource resource, List<String> scopes, Grounds grounds) {
    var members = known(grounds);
    members.put("scopes", scopes);
    var declared = snapshot.schema().contextOf(Uids.OBTAIN_TOKEN).orElseThrow();
    RecordValue circumstances;
    try {
      circumstances = declared.read(members, TypeUndeclared.REFUSE);
    } catch (TypeMismatchException e) {
      throw new IllegalStateException("the built-in schema is not what the server fills", e);
    }
    var object = Uids.resource(resource.identifier());
    var entities = new EntitySlice(loader, snapshot.entities());
    for (var principal : grounds.chain()) {
      var asked = new Request(Uids.of(principal), Uids.OBTAIN_TOKEN, object, circumstances);
      var response = Authorizer.authorize(asked, entities, List.<PolicySet>of(snapshot.policies()));
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
    }
    return Step.passed(List.of());
  }
}
