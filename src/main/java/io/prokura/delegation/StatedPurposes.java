package io.prokura.delegation;

import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_DECLARED;
import static io.prokura.kernel.Refusal.PURPOSE_REQUIRED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Hours;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Finds the one purpose a request is bound to, and what that lets through.
public final class StatedPurposes {
  private final World world;
  private final Agents agents;
  private final Catalogue catalogue;

  public StatedPurposes(World world, Agents agents, Catalogue catalogue) {
    this.world = world;
    this.agents = agents;
    this.catalogue = catalogue;
  }

  /// The purpose of a principal that acts by itself: an agent's has to be one it declared, and is
  /// the only one it declared when none is asked for. Refuses `PURPOSE_REQUIRED`,
  /// `PURPOSE_NOT_DECLARED`, `PRINCIPAL_NOT_ACTIVE`.
  public Result<Stated> ofOwn(Id.Principal principal, String asked) {
    if (!(principal instanceof Id.Agent agent)) {
      return asked.isEmpty()
          ? ok(new Stated.Nothing())
          : refused(PURPOSE_NOT_DECLARED, "only agents state a purpose of their own");
    }
    var active = agents.active(agent);
    if (!(active instanceof Result.Ok(var proof))) {
      return active.refusal();
    }
    var declared =
        proof.agent().purposes().stream()
            .map(catalogue::purpose)
            .flatMap(Optional::stream)
            .toList();
    var names = declared.stream().map(Purpose::name).sorted().toList();
    if (asked.isEmpty()) {
      return declared.size() == 1
          ? stated(declared.getFirst())
          : refused(PURPOSE_REQUIRED, "state one purpose of: " + String.join(", ", names));
    }
    return declared.stream()
        .filter(purpose -> purpose.name().equals(asked))
        .findFirst()
        .map(this::stated)
        .orElseGet(
            () ->
                refused(
                    PURPOSE_NOT_DECLARED, "the agent declared only: " + String.join(", ", names)));
  }

  /// The purpose `bound`, or the one named `asked` when that is registered as narrower.
  Result<Stated> narrowed(Id.Purpose bound, String asked) {
    var outer = catalogue.purpose(bound);
    if (outer.isEmpty()) {
      return refused(PURPOSE_NOT_COVERING, "the purpose is no longer registered");
    }
    if (asked.isEmpty() || asked.equals(outer.get().name())) {
      return stated(outer.get());
    }
    return catalogue
        .purposeNamed(asked)
        .filter(inner -> catalogue.narrowerOrSame(inner.id(), bound))
        .map(this::stated)
        .orElseGet(
            () ->
                refused(
                    PURPOSE_NOT_COVERING,
                    "the purpose is not registered as narrower than " + outer.get().name()));
  }

  Result<Stated> kept(Stated held, String asked) {
    return switch (held) {
      case Stated.Purpose purpose -> narrowed(purpose.id(), asked);
      case Stated.Nothing nothing ->
          asked.isEmpty()
              ? ok(nothing)
              : refused(PURPOSE_NOT_COVERING, "the parent token states no purpose");
    };
  }

  private Result<Stated> stated(Purpose purpose) {
    var now = world.now();
    if (!purpose.isInForce(now)) {
      return refused(PURPOSE_NOT_COVERING, "the purpose has expired");
    }
    return purpose.isOpen(now)
        ? ok(new Stated.Purpose(purpose.id(), purpose.name()))
        : refused(PURPOSE_NOT_COVERING, outsideHours(purpose));
  }

  /// What is told of a purpose that covers nothing now but will again.
  public static String outsideHours(Purpose purpose) {
    return "the purpose %s covers only its hours: %s"
        .formatted(purpose.name(), purpose.hours().map(Hours::words).orElse("all"));
  }

  private boolean isActive(Purpose purpose) {
    return purpose.isInForce(world.now()) && purpose.isOpen(world.now());
  }

  /// Whether the purpose is still registered, has not expired and is within its hours.
  public boolean isActive(Stated stated) {
    return switch (stated) {
      case Stated.Nothing _ -> true;
      case Stated.Purpose(var id, _) -> catalogue.purpose(id).filter(this::isActive).isPresent();
    };
  }

  /// The registered resource with this identifier; refuses `RESOURCE_UNKNOWN`.
  Result<Resource> target(String identifier) {
    if (identifier.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "name one resource");
    }
    return catalogue
        .resourceAt(identifier)
        .map(Result::ok)
        .orElseGet(() -> refused(RESOURCE_UNKNOWN, "no such resource is registered"));
  }

  /// What the purpose lets through on `resource`; no operand where there is no purpose.
  List<Operand> operand(Stated stated, Resource resource) {
    return switch (stated) {
      case Stated.Nothing _ -> List.of();
      case Stated.Purpose(var id, var name) ->
          List.of(
              new Operand.Actions(
                  "purpose " + name, catalogue.covered(id, resource.id()), PURPOSE_NOT_COVERING));
    };
  }

  Lineage lineage(Lineage lineage, Stated stated) {
    return stated instanceof Stated.Purpose(var id, _) ? lineage.with(id) : lineage;
  }

  Instant end(Stated stated) {
    return stated instanceof Stated.Purpose(var id, _)
        ? catalogue.purpose(id).map(one -> one.end(world.now())).orElse(Instant.MAX)
        : Instant.MAX;
  }
}
