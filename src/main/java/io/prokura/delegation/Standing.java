package io.prokura.delegation;

import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.ActiveAgent;
import io.prokura.agents.Agents;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import java.time.Instant;
import java.util.Collection;

/// Whether principals may act or be acted for at this moment, from memory.
public final class Standing {
  private final Agents agents;
  private final Directory directory;

  public Standing(Agents agents, Directory directory) {
    this.agents = agents;
    this.directory = directory;
  }

  /// The time until which `principal` is active, unless it changes before; refuses
  /// `PRINCIPAL_NOT_ACTIVE` when it is not active now.
  public Result<Instant> of(Id.Principal principal) {
    return switch (principal) {
      case Id.Agent agent -> agents.active(agent).map(Standing::end);
      case Id.User user ->
          directory.user(user).filter(User::active).isPresent()
              ? ok(Instant.MAX)
              : refused(PRINCIPAL_NOT_ACTIVE, "the person is not active");
      case Id.Workload workload ->
          directory.workload(workload).filter(Workload::active).isPresent()
              ? ok(Instant.MAX)
              : refused(PRINCIPAL_NOT_ACTIVE, "the workload is not active");
    };
  }

  /// The time until which all of them are active.
  public Result<Instant> of(Collection<? extends Id.Principal> principals) {
    var until = Instant.MAX;
    for (var principal : principals) {
      var end = of(principal);
      if (!(end instanceof Result.Ok(var instant))) {
        return end;
      }
      until = instant.isBefore(until) ? instant : until;
    }
    return ok(until);
  }

  private static Instant end(ActiveAgent active) {
    return active.agent().validUntil().orElse(Instant.MAX);
  }
}
