package io.prokura.approvals;

import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import java.util.List;
import java.util.Optional;

/// Who may decide about an approval: an active person among its approvers, through whom the action
/// does not go, and who does not own the agent that asks.
///
/// An owner may where a policy names that very person, or names the delegator and the owner is it;
/// a group that an owner happens to be in does not do.
final class Eligibility {
  private final Directory directory;
  private final Agents agents;

  Eligibility(Directory directory, Agents agents) {
    this.directory = directory;
    this.agents = agents;
  }

  /// The users and groups that `approvers` come to for this action, of users only those who could
  /// decide at this moment. None when nobody could.
  List<Id> resolve(Approvers approvers, ExactAction action) {
    return approvers.anyOf().stream()
        .map(one -> resolve(one, action))
        .flatMap(Optional::stream)
        .distinct()
        .filter(one -> !(one instanceof Id.User user) || isFree(user, action, approvers.named()))
        .toList();
  }

  private static Optional<Id> resolve(Approver approver, ExactAction action) {
    return switch (approver) {
      case Approver.Delegator _ ->
          action.chain().getLast() instanceof Id.User user ? Optional.of(user) : Optional.empty();
      case Approver.User(var id) -> Optional.of(id);
      case Approver.Group(var id) -> Optional.of(id);
    };
  }

  private boolean isFree(Id.User user, ExactAction action, boolean named) {
    var through = action.chain().subList(0, action.chain().size() - 1);
    return isActive(user)
        && !user.equals(action.actor())
        && !through.contains(user)
        && (named || !owns(user, action.actor()));
  }

  private boolean isActive(Id.User user) {
    return directory.user(user).filter(User::active).isPresent();
  }

  private boolean owns(Id.User user, Id.Principal actor) {
    return actor instanceof Id.Agent agent
        && agents
            .find(agent)
            .filter(
                one -> directory.owns(one.owner(), user) || directory.owns(one.backupOwner(), user))
            .isPresent();
  }

  /// `who`, when it may decide about `approval` now; refuses `POLICY_FORBIDS`.
  Result<Id.User> check(Approval approval, Id.Principal who) {
    if (!(who instanceof Id.User user) || !isActive(user)) {
      return refused(POLICY_FORBIDS, "only an active person decides about an approval");
    }
    if (approval.goesThrough().contains(user)) {
      return refused(POLICY_FORBIDS, "nobody approves what they ask for themselves");
    }
    boolean directly = approval.approvers().contains(user);
    boolean byGroup = directory.groupsOf(user).stream().anyMatch(approval.approvers()::contains);
    if (!directly && !byGroup) {
      return refused(POLICY_FORBIDS, "you are not among those who may decide about this approval");
    }
    return owns(user, approval.action().actor()) && !(directly && approval.named())
        ? refused(POLICY_FORBIDS, "the owner of the agent that asks does not decide about it")
        : ok(user);
  }
}
