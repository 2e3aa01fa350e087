package io.prokura.selftest;

import static io.prokura.selftest.Scene.READ;
import static io.prokura.selftest.Scene.WIPE;
import static io.prokura.selftest.Scene.WRITE;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/// Registers the parties of a [Scene].
final class Casting {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final int RUN_BYTES = 5;
  private static final int DEPTH = 2;

  private final World world;
  private final Wire wire;
  private final Registrar registrar;
  private final String issuer;
  private final String run;
  private final String until;

  Casting(World world, Wire wire, Registrar registrar, String issuer) {
    this.world = world;
    this.wire = wire;
    this.registrar = registrar;
    this.issuer = issuer;
    run = "selftest-" + HexFormat.of().formatHex(world.bytes(RUN_BYTES));
    until = Instant.ofEpochSecond(world.now().plus(LIFE).getEpochSecond()).toString();
  }

  /// Registers everybody; throws [Unclear] when the server does not let that happen.
  Scene scene() {
    var owner = user("owner");
    var backup = user("backup");
    var person = user("person");
    var enforcer = workload("enforcer", owner);
    var neighbour = workload("neighbour", owner);
    var resource = resource("api", enforcer);
    var elsewhere = resource("elsewhere", neighbour);
    var purpose = purpose(owner, resource, elsewhere);
    var agents =
        List.of("actor", "helper", "outsider", "victim").stream()
            .map(name -> agent(name, owner, backup, purpose))
            .toList();
    permit(person, resource, "own", READ, WRITE, WIPE);
    permit(person, elsewhere, "own", READ);
    agents.forEach(agent -> permit(agent.id(), resource, "own", READ));
    agents.forEach(agent -> permit(agent.id(), resource, "onBehalf", READ, WRITE, WIPE));
    agents.forEach(agent -> permit(agent.id(), elsewhere, "onBehalf", READ));
    permit(enforcer.id(), registrar.resource(issuer + "/access/v1"), "own", "decide");
    return new Scene(
        world,
        wire,
        issuer,
        registrar,
        agents.get(0),
        agents.get(1),
        agents.get(2),
        agents.get(3),
        enforcer,
        neighbour,
        application("application", resource),
        application("rival", resource),
        identifier("api"),
        identifier("elsewhere"),
        person,
        browser(person),
        browser(user("bystander")),
        new Scene.Terms(resource, purpose, until));
  }

  /// What the person delegates to the actor.
  static Json.Obj delegation(Scene scene) {
    return Json.object()
        .put("delegator", scene.person())
        .put("delegate", scene.actor().id())
        .put("purpose", scene.terms().purpose())
        .put("covers", Json.array(List.of(covers(scene.terms().resource(), READ, WRITE))))
        .put("depthMax", DEPTH)
        .put("expiresAt", scene.terms().until())
        .build();
  }

  private static Json.Obj covers(String resource, String... actions) {
    return Json.object().put("resource", resource).put("actions", List.of(actions)).build();
  }

  private String identifier(String name) {
    return "https://" + run + ".invalid/" + name;
  }

  private String user(String name) {
    return registrar.make(
        "users", Json.object().put("userName", run + "-" + name).build(), "deactivate");
  }

  private Browser browser(String user) {
    var told = registrar.step("users", user, "invite").text("link");
    var link = told.orElseThrow(() -> new Unclear("an invitation has no link"));
    return Browser.invited(world, wire, link);
  }

  private Secretive workload(String name, String owner) {
    var body = Json.object().put("name", run + "-" + name).put("owner", owner).build();
    return secretive("workloads", registrar.make("workloads", body, "deactivate"));
  }

  private Secretive application(String name, String resource) {
    var body =
        Json.object()
            .put("name", run + "-" + name)
            .put("everything", true)
            .put("resource", resource)
            .put("redirectUris", List.of(identifier("callback")))
            .build();
    return secretive("clients", registrar.make("clients", body, "deactivate"));
  }

  private Secretive secretive(String path, String id) {
    var body = Json.object().put("kind", "secret").put("expiresAt", until).build();
    var secret = registrar.make(path + "/" + id + "/credentials", body).text("secret");
    return new Secretive(
        wire, id, secret.orElseThrow(() -> new Unclear("the server gave no secret")));
  }

  private String resource(String name, Secretive enforcer) {
    var actions = List.of(READ, WRITE, WIPE).stream().map(Casting::action).toList();
    var body =
        Json.object()
            .put("identifier", identifier(name))
            .put("name", run + "-" + name)
            .put("types", List.of("tool"))
            .put("actions", Json.array(actions))
            .put("enforcers", List.of(enforcer.id()))
            .build();
    return Registrar.id(registrar.make("resources", body));
  }

  private static Json.Obj action(String name) {
    var sensitivity = name.equals(WIPE) ? "high" : "low";
    return Json.object().put("name", name).put("sensitivity", sensitivity).build();
  }

  private String purpose(String owner, String resource, String elsewhere) {
    var covers = List.of(covers(resource, READ, WRITE, WIPE), covers(elsewhere, READ));
    var body =
        Json.object()
            .put("name", run)
            .put("owner", owner)
            .put("covers", Json.array(covers))
            .put("expiresAt", until)
            .build();
    return Registrar.id(registrar.make("purposes", body));
  }

  private Keyed agent(String name, String owner, String backup, String purpose) {
    var body =
        Json.object()
            .put("name", run + "-" + name)
            .put("owner", owner)
            .put("backupOwner", backup)
            .put("purposes", List.of(purpose))
            .put("environment", "test")
            .put("risk", "low")
            .put("validUntil", until)
            .build();
    var agent =
        new Keyed(
            world, wire, issuer, registrar.make("agents", body, "retire"), Keyed.newKey(world));
    var key =
        Json.object()
            .put("kind", "key")
            .put("jwk", agent.key().verificationKey().toJwk())
            .put("expiresAt", until);
    registrar.make("agents/" + agent.id() + "/credentials", key.build());
    registrar.step("agents", agent.id(), "activate");
    return agent;
  }

  private void permit(String principal, String resource, String mode, String... actions) {
    var body =
        Json.object()
            .put("principal", principal)
            .put("resource", resource)
            .put("actions", List.of(actions))
            .put("expiresAt", until)
            .put("mode", mode);
    registrar.make("permissions", body.build(), "revoke");
  }
}
