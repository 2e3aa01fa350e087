package io.prokura.app;

import io.prokura.authzen.Enforcers;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Resources;
import io.prokura.catalogue.Sensitivity;
import io.prokura.decision.ManagementGate;
import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;

/// The server's own APIs as resources of the organisation, so that tokens for them are permitted
/// and asked for like any others.
final class OwnResources {
  static final String MANAGEMENT_NAME = "Prokura management API";
  static final String DECISIONS_NAME = "Prokura decision point";
  static final String USERINFO_NAME = "About you";

  private static final Action MANAGE =
      new Action(ManagementGate.SCOPE, Sensitivity.HIGH, false, "call the management API");
  private static final Action DECIDE =
      new Action(Enforcers.SCOPE, Sensitivity.LOW, true, "ask for decisions");

  private static final List<Action> ABOUT_PERSON =
      List.of(
          new Action("openid", Sensitivity.LOW, true, "know who you are"),
          new Action("profile", Sensitivity.LOW, true, "see your name"),
          new Action("email", Sensitivity.LOW, true, "see your e-mail address"));

  private final World world;
  private final Config config;
  private final Resources resources;

  OwnResources(World world, Config config, Resources resources) {
    this.world = world;
    this.config = config;
    this.resources = resources;
  }

  /// The management API, registered if it was not.
  Result<Resource> managementApi(Tx tx, Id.User by) {
    return ensure(tx, by, config.managementApi(), MANAGEMENT_NAME, MANAGE);
  }

  /// The decision point, registered if it was not.
  Result<Resource> decisionApi(Tx tx, Id.User by) {
    return ensure(tx, by, config.decisionApi(), DECISIONS_NAME, DECIDE);
  }

  /// What is known about people, registered if it was not. Each person holds the right to it.
  Result<Resource> userinfo(Tx tx, Id.User by) {
    var found = resources.findAt(tx, config.userinfo());
    return found.isPresent()
        ? Result.ok(found.get())
        : resources.register(
            tx,
            by,
            new Resource(
                Id.Resource.random(world),
                config.userinfo(),
                USERINFO_NAME,
                List.of(),
                ABOUT_PERSON,
                false,
                PersonRights.HELD,
                Algorithm.ES256,
                List.of(),
                List.of(),
                1));
  }

  /// The resource with the action that the server looks for in tokens; both come back if somebody
  /// took them away.
  private Result<Resource> ensure(
      Tx tx, Id.User by, String identifier, String name, Action action) {
    var found = resources.findAt(tx, identifier);
    if (found.isEmpty()) {
      return resources.register(tx, by, fresh(identifier, name, action));
    }
    var known = found.get();
    return known.action(action.name()).isPresent()
        ? Result.ok(known)
        : resources.replace(tx, by, with(known, action));
  }

  private Resource fresh(String identifier, String name, Action action) {
    return new Resource(
        Id.Resource.random(world),
        identifier,
        name,
        List.of(),
        List.of(action),
        false,
        PersonRights.CHECKED,
        Algorithm.ES256,
        List.of(),
        List.of(),
        1);
  }

  private static Resource with(Resource resource, Action action) {
    var actions = new ArrayList<>(resource.actions());
    actions.add(action);
    return new Resource(
        resource.id(),
        resource.identifier(),
        resource.name(),
        resource.types(),
        actions,
        resource.agentFacing(),
        resource.personRights(),
        resource.tokenAlgorithm(),
        resource.enforcers(),
        resource.asserts(),
        resource.version());
  }
}
