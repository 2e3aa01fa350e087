package io.prokura.decision;

import static io.prokura.decision.Reason.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static io.prokura.decision.Reason.PURPOSE_NOT_COVERING;
import static io.prokura.decision.Reason.PURPOSE_REQUIRED;
import static io.prokura.decision.Reason.SCOPE_LACKING;
import static io.prokura.decision.Reason.SUBJECT_MISMATCH;
import static io.prokura.decision.Reason.TOKEN_REQUIRED;
import static io.prokura.decision.Reason.UNKNOWN_SUBJECT;

import io.prokura.agents.Agent;
import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.Policy;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Stated;
import io.prokura.delegation.StatedPurposes;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.PurposePolicies;
import io.prokura.policy.Uids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out who takes part in what is asked, and whether they and their purpose are good for it.
/// What a token says outranks what the enforcer claims.
final class Participants {
  private final Catalogue catalogue;
  private final Directory directory;
  private final Agents agents;
  private final Roster roster;
  private final PurposePolicies purposes;

  Participants(Catalogue catalogue, Directory directory, Agents agents, Roster roster) {
    purposes = new PurposePolicies();
    this.catalogue = catalogue;
    this.directory = directory;
    this.agents = agents;
    this.roster = roster;
  }

  /// Whether the token is for this action and for whom the enforcer says.
  Step<Grounds> check(AccessRequest request, Target target, Authority authority, Grounds grounds) {
    if (!authority.scopes().contains(target.action().name())) {
      return Step.denied(
          SCOPE_LACKING,
          "the token lacks the scope %s; ask for a token that has it"
              .formatted(target.action().name()));
    }
    var claimed = request.subject();
    boolean matches =
        isNamed(claimed, authority.subject()) || isNamed(claimed, authority.current());
    return matches
        ? Step.passed(grounds)
        : Step.denied(SUBJECT_MISMATCH, "the token is not of the subject that the request names");
  }

  /// Whether `one` is meant, who is known from elsewhere; people may go by their user name.
  private boolean isNamed(AccessRequest.Named subject, Id.Principal one) {
    if (!subject.type().equals(type(one))) {
      return false;
    }
    return subject.id().equals(one.text())
        || (one instanceof Id.User
            && directory.userNamed(subject.id()).filter(user -> user.id().equals(one)).isPresent());
  }

  private static String type(Id.Principal principal) {
    return switch (principal) {
      case Id.User _ -> "user";
      case Id.Agent _ -> "agent";
      case Id.Workload _ -> "workload";
    };
  }

  /// The participant that the enforcer claims, where no token has to be presented.
  Step<Grounds> claimed(AccessRequest request, Target target) {
    if (target.resource().agentFacing()) {
      return Step.denied(
          TOKEN_REQUIRED,
          "the resource is agent-facing; send the caller's access token as context.access_token");
    }
    var found = find(request.subject());
    if (found.isEmpty()) {
      return Step.denied(UNKNOWN_SUBJECT, "no such user, agent or workload is registered");
    }
    if (!(found.get() instanceof Id.Agent agent)) {
      return Step.passed(Grounds.claimed(found.get(), new Stated.Nothing()));
    }
    var stated = stated(request, target);
    if (!(stated instanceof Passed(var name))) {
      return stated.denial();
    }
    return purpose(agents.find(agent).orElseThrow(), name)
        .<Step<Grounds>>map(purpose -> Step.passed(Grounds.claimed(agent, purpose)))
        .orElseGet(
            () ->
                Step.denied(
                    PURPOSE_REQUIRED, "say for which of its declared purposes the agent acts"));
  }

  /// The name of the purpose that an enforcer trusted with `context.purpose` states, if it does.
  private static Step<Optional<String>> stated(AccessRequest request, Target target) {
    var value =
        target.resource().asserts().contains("context.purpose")
            ? request.context().get("purpose")
            : Optional.<Json>empty();
    return value.isPresent() && !(value.get() instanceof Json.Str)
        ? Step.denied(PROPERTY_INVALID, "context.purpose is the name of a purpose")
        : Step.passed(value.map(Json.Str.class::cast).map(Json.Str::value));
  }

  /// The one purpose of an agent that presented no token: the one of this name, or the only one
  /// that the agent declared.
  private Optional<Stated> purpose(Agent agent, Optional<String> name) {
    var declared =
        agent.purposes().stream().map(catalogue::purpose).flatMap(Optional::stream).toList();
    var chosen =
        name.isPresent()
            ? declared.stream().filter(one -> one.name().equals(name.get())).findFirst()
            : Optional.of(declared).filter(all -> all.size() == 1).map(all -> all.getFirst());
    return chosen.map(one -> new Stated.Purpose(one.id(), one.name()));
  }

  private Optional<Id.Principal> find(AccessRequest.Named subject) {
    var id = subject.id();
    return switch (subject.type()) {
      case "user" ->
          Id.User.parse(id)
              .flatMap(this::registered)
              .or(() -> directory.userNamed(id).map(User::id));
      case "agent" -> Id.Agent.parse(id).flatMap(this::registered);
      case "workload" -> Id.Workload.parse(id).flatMap(this::registered);
      default -> Optional.empty();
    };
  }

  private Optional<Id.Principal> registered(Id.Principal id) {
    return roster.find(id).map(Registered::id);
  }

  /// Those who take part, the current actor first; all of them have to be active.
  Step<List<Registered>> present(Grounds grounds, Instant at) {
    var present = new ArrayList<Registered>(grounds.chain().size());
    for (var principal : grounds.chain()) {
      var found = roster.find(principal, at);
      if (found.isEmpty() || !found.get().isActive(at)) {
        return Step.denied(
            PRINCIPAL_NOT_ACTIVE, called(principal) + ": " + roster.refusal(principal));
      }
      present.add(found.get());
    }
    return Step.passed(present);
  }

  /// The policy by which the purpose covers what is asked, where there is one; there has to be one
  /// where an agent takes part.
  Step<Optional<Policy>> check(Target target, Grounds grounds, Instant at) {
    return switch (grounds.purpose()) {
      case Stated.Purpose(var id, var name) ->
          covering(target, grounds, catalogue.purpose(id), name, at);
      case Stated.Nothing _ when grounds.hasAgents() ->
          Step.denied(PURPOSE_REQUIRED, "an agent takes part and no purpose is stated");
      case Stated.Nothing _ -> Step.passed(Optional.empty());
    };
  }

  private Step<Optional<Policy>> covering(
      Target target, Grounds grounds, Optional<Purpose> purpose, String name, Instant now) {
    if (purpose.isEmpty()) {
      return Step.denied(PURPOSE_NOT_COVERING, "the purpose %s is over".formatted(name));
    }
    var covering = purposes.of(purpose.get(), target.resource());
    return covering.isPresent() && isCovered(covering.get(), target, grounds, now)
        ? Step.passed(Optional.of(covering.get().policy()))
        : Step.denied(PURPOSE_NOT_COVERING, notCovering(purpose.get(), target, now));
  }

  /// What the policy of the purpose answers; one that cannot be evaluated is a no.
  private static boolean isCovered(
      PurposePolicies.Covering covering, Target target, Grounds grounds, Instant now) {
    var first = Uids.of(grounds.chain().getFirst());
    var response = covering.ask(first, target.actionUid(), now);
    return response.allowed() && response.errors().isEmpty();
  }

  /// Which condition of the purpose is not met, in words.
  private static String notCovering(Purpose purpose, Target target, Instant now) {
    boolean covers = purpose.covers(target.resource().id(), target.action().name());
    if (purpose.isInForce(now) && !purpose.isOpen(now)) {
      return StatedPurposes.outsideHours(purpose);
    }
    return purpose.isInForce(now) && !covers
        ? "the purpose %s does not cover %s on %s"
            .formatted(purpose.name(), target.action().name(), target.resource().identifier())
        : "the purpose %s is over".formatted(purpose.name());
  }

  /// How a participant is called in an answer. A person's id is nothing to tell an enforcer that
  /// may know them by another name.
  static String called(Id.Principal principal) {
    return switch (principal) {
      case Id.User _ -> "the person";
      case Id.Agent agent -> "the agent " + agent.text();
      case Id.Workload workload -> "the workload " + workload.text();
    };
  }
}
