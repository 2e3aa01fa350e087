package io.prokura.demo;

import static io.prokura.demo.Cast.CONTACTS_DELETE;
import static io.prokura.demo.Cast.CONTACTS_READ;
import static io.prokura.demo.Cast.TICKETS_READ;

import io.prokura.cli.Answer;
import io.prokura.json.Json;
import java.util.List;
import java.util.Optional;

/// Steps 1 and 2: two agents are registered and may act.
final class Registering {
  private final Stage stage;
  private final Narrator narrator;
  private final Cast cast;
  private final Administrator administrator;

  /// The two agents of the story.
  record Agents(SampleAgent triage, SampleAgent lookup) {}

  Registering(Stage stage, Narrator narrator, Cast cast) {
    this.stage = stage;
    this.narrator = narrator;
    this.cast = cast;
    this.administrator = cast.administrator();
  }

  Agents play() {
    var agents = register();
    equip(agents);
    return agents;
  }

  private Agents register() {
    narrator.step(
        1,
        "Dana registers the agent triage",
        "An agent is an identity of its own, with a purpose and people who answer for it: an owner"
            + " and a backup, so that nobody's holiday leaves it without one.");
    var answer =
        administrator.post(
            "agents", agent("triage", "Sorts what customers write."), "id", "state", "active");
    var triage = id(answer, "triage");
    narrator.check(
        isState(answer, "registered"), "triage is registered: it exists, and may do nothing yet");
    var second = administrator.done("agents", agent("lookup", "Looks customers up."));
    var lookup = second.text("id").orElseThrow(() -> new StepFailed("lookup has no id"));
    narrator.name(lookup, "lookup");
    narrator.check(
        second.text("state").equals(Optional.of("registered")),
        "the same for lookup, the agent that triage will ask for help");
    return new Agents(
        new SampleAgent(stage, narrator, "triage", triage),
        new SampleAgent(stage, narrator, "lookup", lookup));
  }

  private Json.Obj agent(String name, String description) {
    return Json.object()
        .put("name", name)
        .put("description", description)
        .put("owner", cast.dana())
        .put("backupOwner", cast.ben())
        .put("purposes", List.of(cast.purpose()))
        .put("environment", "production")
        .put("risk", "medium")
        .build();
  }

  private String id(Answer answer, String name) {
    var id = answer.object().flatMap(object -> object.text("id"));
    narrator.check(
        answer.status() == 201 && id.isPresent(),
        "the server made an id for " + name,
        answer::refusal);
    narrator.name(id.orElseThrow(), name);
    return id.orElseThrow();
  }

  private static boolean isState(Answer answer, String state) {
    return answer.object().flatMap(object -> object.text("state")).equals(Optional.of(state));
  }

  private void equip(Agents agents) {
    narrator.step(
        2,
        "An administrator lets triage act, with the least it needs",
        "The agent made its key itself; the server only learns the public half. A permission of its"
            + " own works for the agent alone, one on behalf only while a person is acted for.");
    var triage = agents.triage();
    var key = Json.object().put("kind", "key").put("jwk", triage.publicKey()).build();
    var path = "agents/" + triage.id();
    var added = administrator.post(path + "/credentials", key, "id", "kind", "state");
    narrator.check(added.status() == 201, "the key is registered", added::refusal);
    var reason = Json.object().put("reason", "reviewed by the security team").build();
    var active = administrator.post(path + "/activate", reason, "id", "state");
    narrator.check(isState(active, "active"), "triage is active", active::refusal);
    permit(triage, "own", List.of(TICKETS_READ));
    permit(triage, "onBehalf", List.of(CONTACTS_READ, CONTACTS_DELETE));
    equip(agents.lookup(), reason);
  }

  private void permit(SampleAgent agent, String mode, List<String> actions) {
    var given =
        administrator.post(
            "permissions", permission(agent, mode, actions), "id", "actions", "mode");
    narrator.check(given.status() == 201, "the permission is given", given::refusal);
  }

  private Json.Obj permission(SampleAgent agent, String mode, List<String> actions) {
    return Json.object()
        .put("principal", agent.id())
        .put("resource", cast.resource())
        .put("actions", actions)
        .put("mode", mode)
        .build();
  }

  /// The same for the other agent, with less.
  private void equip(SampleAgent lookup, Json.Obj reason) {
    var path = "agents/" + lookup.id();
    var key = Json.object().put("kind", "key").put("jwk", lookup.publicKey()).build();
    administrator.done(path + "/credentials", key);
    var active = administrator.done(path + "/activate", reason);
    administrator.done("permissions", permission(lookup, "onBehalf", List.of(CONTACTS_READ)));
    narrator.check(
        active.text("state").equals(Optional.of("active")),
        "lookup has a key too, is active, and may read contacts on behalf of a person");
  }
}
