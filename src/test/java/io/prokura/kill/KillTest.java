package io.prokura.kill;

import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// One write ends an agent with everything below it, at every door at once, and a resumed agent
/// begins anew.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KillTest {
  private final Story story = Story.begin();

  @AfterAll
  void end() {
    story.close();
  }

  private String taken(Crew crew, String held) {
    return crew.lookup().take(crew.triage().handOver(held, crew.lookup()).token()).token();
  }

  private boolean allows(String token, Party actor, String action) {
    var answer = story.gateway.decides(token, actor.id(), "Crm", action).good().body();
    return answer.flag("decision").orElseThrow();
  }

  private Json.Obj kill(Party agent) {
    return story.step(agent, "kill");
  }

  @Test
  void everythingWithTheAgentInItIsDeadAtOnce() {
    var crew = story.crew();
    var triage = crew.triage();
    var lookup = crew.lookup();
    var own = triage.own().token();
    var held = triage.use(crew.delegation()).token();
    var child = taken(crew, held);
    var pending = triage.handOver(held, lookup).token();
    var downstream = story.gateway.downstream(held).token();
    var apart = lookup.own().token();
    assertThat(allows(held, triage, "tickets.read")).isTrue();
    assertThat(allows(child, lookup, "tickets.read")).isTrue();
    kill(triage);
    for (var dead : List.of(own, held, child)) {
      assertThat(story.gateway.sees(dead)).isFalse();
    }
    assertThat(story.archivist.sees(downstream)).isFalse();
    assertThat(allows(own, triage, "tickets.read")).isFalse();
    assertThat(allows(held, triage, "tickets.read")).isFalse();
    assertThat(allows(child, lookup, "tickets.read")).isFalse();
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.take(pending));
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.handOver(child, triage));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(child));
    story.refuses(triage, PRINCIPAL_NOT_ACTIVE, triage.own());
    story.refuses(triage, PRINCIPAL_NOT_ACTIVE, triage.use(crew.delegation()));
    assertThat(story.gateway.sees(apart)).as("what does not rest on it").isTrue();
    assertThat(lookup.own().status()).isEqualTo(200);
  }

  @Test
  void aResumedAgentBeginsAnew() {
    var crew = story.crew();
    var triage = crew.triage();
    var before = triage.use(crew.delegation()).token();
    var child = taken(crew, before);
    var pending = triage.handOver(before, crew.lookup()).token();
    kill(triage);
    story.step(triage, "resume");
    assertThat(story.gateway.sees(before)).isFalse();
    assertThat(story.gateway.sees(child)).isFalse();
    story.refuses(crew.lookup(), SUBJECT_TOKEN_INVALID, crew.lookup().take(pending));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(before, crew.lookup()));
    var after = triage.use(crew.delegation()).token();
    assertThat(story.gateway.sees(after)).as("the delegation survived").isTrue();
    assertThat(allows(taken(crew, after), crew.lookup(), "tickets.read")).isTrue();
    assertThat(claims(after).number("cut").orElseThrow())
        .isGreaterThan(claims(before).number("cut").orElseThrow());
  }

  @Test
  void theReportSaysWhereTokensAreStillOpen() {
    var host = "https://" + story.fresh("offline") + ".example";
    var offline = story.resource(host, List.of(), "read");
    var purpose =
        story.purpose(
            story.fresh("report"),
            "",
            Story.covers(offline, "read"),
            Story.covers(story.crm, "tickets.read"));
    var agent = story.agent(purpose);
    story.permit(agent.id(), offline, "own", "read");
    story.permit(agent.id(), story.crm, "own", "tickets.read");
    agent.own().good();
    var last = agent.own("resource", host).token();
    var report = kill(agent);
    assertThat(report.members())
        .containsOnlyKeys("agent", "state", "cutoff", "audiences", "below", "complete");
    assertThat(report.flag("complete")).hasValue(true);
    assertThat(report.texts("below")).hasValue(List.of());
    assertThat(report.text("agent")).hasValue(agent.id());
    assertThat(report.text("state")).hasValue("suspended");
    assertThat(audiences(report)).hasSize(2);
    var asking = audience(report, CRM);
    assertThat(asking.flag("open")).as("its enforcer asks").hasValue(false);
    assertThat(asking.members()).doesNotContainKey("openUntil");
    var open = audience(report, host);
    assertThat(open.flag("open")).as("it only verifies signatures").hasValue(true);
    assertThat(open.number("tokens")).hasValue(1L);
    assertThat(open.text("openUntil").map(Instant::parse))
        .hasValue(Instant.ofEpochSecond(claims(last).number("exp").orElseThrow()));
  }

  private static List<Json.Obj> audiences(Json.Obj report) {
    var lines = (Json.Arr) report.get("audiences").orElseThrow();
    return lines.items().stream().map(Json.Obj.class::cast).toList();
  }

  private static Json.Obj audience(Json.Obj report, String name) {
    return audiences(report).stream()
        .filter(line -> line.text("audience").filter(name::equals).isPresent())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + ": " + report.toText()));
  }

  @Test
  void theCutOffIsListedAndTheKillOnRecord() {
    var agent = story.permitted(story.agent(story.support));
    long number = kill(agent).number("cutoff").orElseThrow();
    var listed = story.read("/api/v1/cutoffs?limit=1").get("items").orElseThrow();
    var newest = (Json.Obj) ((Json.Arr) listed).items().getFirst();
    assertThat(newest.number("number")).hasValue(number);
    assertThat(newest.text("target")).hasValue(agent.id());
    var leaf = story.newest(agent.id());
    assertThat(leaf.text("type")).hasValue("agent.killed");
    assertThat(leaf.object("facts").orElseThrow().number("cutoff")).hasValue(number);
  }

  @Test
  void aSecondKillIsOneMoreCutOff() {
    var agent = story.permitted(story.agent(story.support));
    var first = kill(agent);
    var second = kill(agent);
    assertThat(second.text("state")).hasValue("suspended");
    assertThat(second.number("cutoff").orElseThrow())
        .isGreaterThan(first.number("cutoff").orElseThrow());
  }

  @Test
  void whatMayNotActIsCutOffAndStaysAsItIs() {
    var quarantined = story.permitted(story.agent(story.support));
    var token = quarantined.own().token();
    story.step(quarantined, "quarantine");
    assertThat(kill(quarantined).text("state")).hasValue("quarantined");
    story.step(quarantined, "release");
    story.step(quarantined, "resume");
    assertThat(story.gateway.sees(token)).isFalse();
    var retired = story.agent(story.support);
    story.step(retired, "retire");
    assertThat(kill(retired).text("state")).hasValue("retired");
  }

  @Test
  void nobodyIsKilledWithoutAReasonOrByName() {
    var agent = story.permitted(story.agent(story.support));
    var token = agent.own().token();
    var nothing = Json.object().build();
    var reason = Json.object().put("reason", "x").build();
    var path = "/api/v1/agents/" + agent.id() + "/kill";
    assertThat(story.server.post(path, story.operator(), nothing).statusCode()).isEqualTo(400);
    assertThat(story.server.post(path, token, reason).statusCode()).isEqualTo(401);
    var unknown = "/api/v1/agents/agt_00000000000000000000000000/kill";
    assertThat(story.server.post(unknown, story.operator(), reason).statusCode()).isEqualTo(404);
    assertThat(story.gateway.sees(token)).isTrue();
  }
}
