package io.prokura.agents;

import static io.prokura.management.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.management.ManagedVerb;
import io.prokura.sql.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AgentsApiTest {
  private final Registered here = new Registered(TestDatabases.sqlite());

  @AfterAll
  void close() {
    here.close();
  }

  private Json.Obj description() {
    return here.all.json(
        """
        {'name': 'triage', 'description': 'sorts tickets', 'owner': '%s', 'backupOwner': '%s',
         'purposes': ['%s'], 'capabilities': ['crm.read'], 'environment': 'production',
         'risk': 'medium', 'validUntil': '2027-12-31T00:00:00Z'}
        """
            .formatted(here.dana.text(), here.erik.text(), here.purpose.text()));
  }

  private static Json.Obj with(Json.Obj body, String name, Json value) {
    var changed = Json.object();
    body.members()
        .forEach(
            (member, old) -> {
              if (!member.equals(name)) {
                changed.put(member, old);
              }
            });
    return value instanceof Json.Null ? changed.build() : changed.put(name, value).build();
  }

  private Response register(Json.Obj body) {
    return answer(
        here.api.register(
            here.all.caller, here.all.request("POST", "/api/v1/agents").json(body).build()));
  }

  private io.prokura.http.Request.Builder about(String method, String id) {
    return here.all.request(method, "/api/v1/agents/" + id).pathParameter("id", id);
  }

  private Response get(String id) {
    return answer(here.api.get(here.all.caller, about("GET", id).build()));
  }

  @Test
  void registersShowsAndReplacesAnAgent() {
    var created = register(description());
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).contains("\"1\"");
    var body = here.all.body(created);
    var id = body.text("id").orElseThrow();
    assertThat(body.text("state")).contains("registered");
    assertThat(body.flag("active")).contains(false);
    assertThat(here.all.body(get(id))).isEqualTo(body);
    description().members().forEach((name, value) -> assertThat(body.get(name)).contains(value));

    var risky = with(description(), "risk", Json.text("high"));
    var replaced =
        answer(
            here.api.replace(
                here.all.caller, about("PUT", id).header("If-Match", "\"1\"").json(risky).build()));
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.header("ETag")).contains("\"2\"");
    assertThat(here.all.body(get(id)).text("risk")).contains("high");
    assertThat(
            answer(
                    here.api.replace(
                        here.all.caller,
                        about("PUT", id).header("If-Match", "\"1\"").json(risky).build()))
                .status())
        .isEqualTo(412);
    assertThat(
            answer(here.api.replace(here.all.caller, about("PUT", id).json(risky).build()))
                .status())
        .isEqualTo(428);
  }

  @Test
  void saysWhichMemberIsWrong() {
    var good = description();
    for (var name : List.of("name", "owner", "backupOwner", "purposes", "environment", "risk")) {
      assertWrong(with(good, name, new Json.Null()), name);
      assertWrong(with(good, name, Json.number(1)), name);
    }
    assertWrong(with(good, "owner", Json.text(here.erik.text())), "different");
    assertWrong(with(good, "owner", Json.text(Id.Agent.random(here.all.world).text())), "owner");
    assertWrong(with(good, "purposes", Json.texts(List.of())), "purposes");
    assertWrong(with(good, "capabilities", Json.texts(List.of("a\u0000b"))), "capabilities");
    assertWrong(with(good, "validUntil", Json.text("tomorrow")), "validUntil");
    assertWrong(with(good, "state", Json.text("active")), "state is not known");
  }

  private void assertWrong(Json.Obj body, String named) {
    var response = register(body);
    assertThat(response.status()).isEqualTo(400);
    assertThat(here.all.body(response).text("code")).contains("field-invalid");
    assertThat(here.all.body(response).text("detail").orElseThrow()).contains(named);
  }

  @Test
  void takesAnAgentThroughItsLife() {
    var id = here.all.body(register(description())).text("id").orElseThrow();
    assertThat(step(here.api::activate, id)).isEqualTo("active");
    assertThat(here.all.body(get(id)).flag("active")).contains(true);
    assertThat(step(here.api::suspend, id)).isEqualTo("suspended");
    assertThat(step(here.api::resume, id)).isEqualTo("active");
    assertThat(step(here.api::quarantine, id)).isEqualTo("quarantined");
    assertThat(step(here.api::release, id)).isEqualTo("suspended");
    assertThat(step(here.api::quarantine, id)).isEqualTo("quarantined");
    var toActive = here.all.json("{'reason': 'false alarm', 'to': 'active'}");
    var released =
        answer(here.api.release(here.all.caller, about("POST", id).json(toActive).build()));
    assertThat(here.all.body(released).text("state")).contains("active");
    assertThat(step(here.api::retire, id)).isEqualTo("retired");
    var again = here.all.json("{'reason': 'again'}");
    assertThat(
            answer(here.api.resume(here.all.caller, about("POST", id).json(again).build()))
                .status())
        .isEqualTo(409);
  }

  private String step(ManagedVerb step, String id) {
    var reason = here.all.json("{'reason': 'because'}");
    var response = answer(step.answer(here.all.caller, about("POST", id).json(reason).build()));
    assertThat(response.status()).isEqualTo(200);
    return here.all.body(response).text("state").orElseThrow();
  }

  @Test
  void adoptsAndDismissesDiscoveredAgents() {
    assertThat(step(here.api::adopt, here.in(AgentState.DISCOVERED).id().text()))
        .isEqualTo("registered");
    assertThat(step(here.api::dismiss, here.in(AgentState.DISCOVERED).id().text()))
        .isEqualTo("dismissed");
  }

  @Test
  void needsAReasonForEveryStepAndObeysIfMatchWhereItIsSent() {
    var agent = here.active();
    var id = agent.id().text();
    var silent = here.all.json("{}");
    assertThat(
            answer(here.api.suspend(here.all.caller, about("POST", id).json(silent).build()))
                .status())
        .isEqualTo(400);
    var to = here.all.json("{'reason': 'x', 'to': 'active'}");
    assertThat(
            answer(here.api.suspend(here.all.caller, about("POST", id).json(to).build())).status())
        .isEqualTo(400);
    var reason = here.all.json("{'reason': 'x'}");
    var stale = about("POST", id).header("If-Match", "\"1\"").json(reason).build();
    assertThat(answer(here.api.suspend(here.all.caller, stale)).status()).isEqualTo(412);
    var fresh = about("POST", id).header("If-Match", "\"2\"").json(reason).build();
    assertThat(answer(here.api.suspend(here.all.caller, fresh)).status()).isEqualTo(200);
    assertThat(here.agents.find(agent.id()).orElseThrow().state()).isEqualTo(AgentState.SUSPENDED);
  }

  @Test
  void answersNotFoundForWhatIsNoAgent() {
    for (var id : List.of(Id.Agent.random(here.all.world).text(), "agt_x", here.dana.text())) {
      assertThat(get(id).status()).isEqualTo(404);
      var reason = here.all.json("{'reason': 'x'}");
      assertThat(
              answer(here.api.retire(here.all.caller, about("POST", id).json(reason).build()))
                  .status())
          .isEqualTo(404);
      var put = about("PUT", id).header("If-Match", "\"1\"").json(description()).build();
      assertThat(answer(here.api.replace(here.all.caller, put)).status()).isEqualTo(404);
    }
  }

  @Test
  void listsByStateAndOwner() {
    var owner = here.all.user(here.all.fresh("owner")).id();
    var body = with(description(), "backupOwner", Json.text(owner.text()));
    for (int i = 0; i < 3; i++) {
      register(body);
    }
    var first = list("owner=" + owner.text() + "&limit=2");
    assertThat(items(first)).hasSize(2);
    var cursor = first.text("next").orElseThrow();
    assertThat(items(list("owner=" + owner.text() + "&limit=2&cursor=" + cursor))).hasSize(1);
    assertThat(items(list("owner=" + owner.text() + "&state=active"))).isEmpty();
    for (var wrong : List.of("state=dead", "owner=agt_x", "limit=0")) {
      var response =
          answer(
              here.api.list(
                  here.all.caller, here.all.request("GET", "/api/v1/agents").query(wrong).build()));
      assertThat(response.status()).isEqualTo(400);
    }
  }

  private Json.Obj list(String query) {
    return here.all.body(
        answer(
            here.api.list(
                here.all.caller, here.all.request("GET", "/api/v1/agents").query(query).build())));
  }

  private static List<Json> items(Json.Obj page) {
    return ((Json.Arr) page.get("items").orElseThrow()).items();
  }
}
