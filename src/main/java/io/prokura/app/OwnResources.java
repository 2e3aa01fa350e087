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
          new Action("email", Sensitivity.LOW, true, "see your e-mail address"),
          new Action("groups", Sensitivity.LOW, true, "see which groups you are in"));

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
    var actions = List.of(MANAGE);
    return ensure(tx, by, config.managementApi(), MANAGEMENT_NAME, PersonRights.CHECKED, actions);
  }

  /// The decision point, registered if it was not.
  Result<Resource> decisionApi(Tx tx, Id.User by) {
    var actions = List.of(DECIDE);
    return ensure(tx, by, config.decisionApi(), DECISIONS_NAME, PersonRights.CHECKED, actions);
  }

  /// What is known about people, registered if it was not. Each person holds the right to it.
  Result<Resource> userinfo(Tx tx, Id.User by) {
    return ensure(tx, by, config.userinfo(), USERINFO_NAME, PersonRights.HELD, ABOUT_PERSON);
  }

  /// The resource with the actions that the server looks for in tokens; it and they come back if
  /// somebody took them away.
  private Result<Resource> ensure(
      Tx tx,
      Id.User by,
      String identifier,
      String name,
      PersonRights rights,
      List<Action> actions) {
    var found = resources.findAt(tx, identifier);
    if (found.isEmpty()) {
      return resources.register(tx, by, fresh(identifier, name, rights, actions));
    }
    var known = found.get();
    var missing = actions.stream().filter(one -> known.action(one.name()).isEmpty()).toList();
    return missing.isEmpty() ? Result.ok(known) : resources.replace(tx, by, with(known, missing));
  }

  private Resource fresh(
      String identifier, String name, PersonRights rights, List<Action> actions) {
    return new Resource(
        Id.Resource.random(world),
        identifier,
        name,
        List.of(),
        actions,
        false,
        rights,
        Algorithm.ES256,
        List.of(),
        List.of(),
        1);
  }

  private static Resource with(Resource resource, List<Action> more) {
    var actions = new ArrayList<>(resource.actions());
    actions.addAll(more);
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
