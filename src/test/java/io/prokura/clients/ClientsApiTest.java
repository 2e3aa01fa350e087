package io.prokura.clients;

import static io.prokura.management.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Algorithm;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientsApiTest {
  private final Authenticating here = new Authenticating(TestDatabases.sqlite());
  private final ClientsApi clients =
      new ClientsApi(
          here.agents.all.database,
          here.agents.all.changes,
          here.clients,
          here.agents.all.world,
          here.agents.all.limits);
  private final CredentialsApi api =
      new CredentialsApi(
          here.agents.all.database,
          here.agents.all.changes,
          here.credentials,
          Authenticating.CRYPTO,
          url -> url.startsWith("https://"),
          (_, _) -> false,
          here.agents.all.world,
          here.agents.all.limits);

  @AfterAll
  void close() {
    here.close();
  }

  private Request.Builder about(String method, String id) {
    return here.agents.all.request(method, "/api/v1/things/" + id).pathParameter("id", id);
  }

  private Json.Obj json(String text) {
    return here.agents.all.json(text);
  }

  private Json.Obj body(Response response) {
    return here.agents.all.body(response);
  }

  @Test
  void registersAClientUnderACeilingThatIsSaid() {
    var registered = registerClient("{'name': 'portal', 'everything': true}");
    assertThat(registered.status()).isEqualTo(201);
    var id = body(registered).text("id").orElseThrow();
    assertThat(body(registered).flag("everything")).contains(true);
    for (var wrong :
        List.of(
            "{'name': 'portal'}",
            "{'name': 'portal', 'everything': false}",
            "{'name': 'portal', 'covers': []}",
            "{'name': 'portal', 'everything': true, 'covers': [{'resource': 'res_x'}]}",
            "{'name': '', 'everything': true}",
            "{'name': 'portal', 'everything': true, 'secret': 'x'}")) {
      assertThat(registerClient(wrong).status()).isEqualTo(400);
    }
    var unknown =
        "{'name': 'portal', 'covers': [{'resource': '%s', 'actions': ['read']}]}"
            .formatted(Id.Resource.random(here.agents.all.world).text());
    assertThat(body(registerClient(unknown)).text("code")).contains("reference-unknown");

    var caller = here.agents.all.caller;
    var renamed = json("{'name': 'gate', 'everything': true}");
    var put = about("PUT", id).header("If-Match", "\"1\"").json(renamed).build();
    assertThat(answer(clients.replace(caller, put)).status()).isEqualTo(200);
    assertThat(answer(clients.replace(caller, put)).status()).isEqualTo(412);
    var reason = json("{'reason': 'unused'}");
    assertThat(answer(clients.deactivate(caller, about("POST", id).json(reason).build())).status())
        .isEqualTo(200);
    var shown = body(answer(clients.get(caller, about("GET", id).build())));
    assertThat(shown.text("name")).contains("gate");
    assertThat(shown.flag("active")).contains(false);
    assertThat(answer(clients.deactivate(caller, about("POST", id).json(reason).build())).status())
        .isEqualTo(409);
    assertThat(answer(clients.activate(caller, about("POST", id).json(reason).build())).status())
        .isEqualTo(200);
    assertThat(answer(clients.get(caller, about("GET", "cli_x").build())).status()).isEqualTo(404);
  }

  private Response registerClient(String body) {
    var request = here.agents.all.request("POST", "/api/v1/clients").json(json(body)).build();
    return answer(clients.register(here.agents.all.caller, request));
  }

  @Test
  void showsASecretOnceAndNeverAgain() {
    var holder = here.agent();
    var added = add(holder, json("{'kind': 'secret'}"));
    assertThat(added.status()).isEqualTo(201);
    var secret = body(added).text("secret").orElseThrow();
    assertThat(here.post(holder.id().text(), secret)).isInstanceOf(Ok.class);
    var listed = list(holder);
    assertThat(listed).doesNotContain(secret.substring(6)).doesNotContain("secret\":\"");
    assertThat(listed).contains("lastUsed").contains("\"kind\":\"secret\"");
  }

  @Test
  void givesTheSameSecretToARequestThatIsRepeated() {
    var holder = here.agent();
    var request =
        about("POST", holder.id().text())
            .header("Idempotency-Key", "one")
            .json(json("{'kind': 'secret'}"))
            .build();
    var first = body(answer(api.addToAgent(here.agents.all.caller, request)));
    assertThat(body(answer(api.addToAgent(here.agents.all.caller, request)))).isEqualTo(first);
    assertThat(here.credentials.live(holder)).hasSize(1);
  }

  @Test
  void takesPublicKeysOneOrSeveral() {
    var holder = here.workload();
    var one = here.newKey(Algorithm.ES256);
    var two = here.newKey(Algorithm.EDDSA);
    var three = here.newKey(Algorithm.RS256);
    assertThat(answer(api.addToWorkload(here.agents.all.caller, adding(holder, jwk(one)))).status())
        .isEqualTo(201);
    var jwks =
        Json.object()
            .put(
                "keys",
                Json.array(List.of(two.verificationKey().toJwk(), three.verificationKey().toJwk())))
            .build();
    var several = Json.object().put("kind", "key").put("jwks", jwks).build();
    var added = answer(api.addToWorkload(here.agents.all.caller, adding(holder, several)));
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.bodyText()).contains(two.kid(), three.kid()).doesNotContain("\"n\":");
    assertThat(here.credentials.keys(holder)).hasSize(3);
    for (var key : List.of(one, two, three)) {
      var assertion = Authenticating.sign(key, here.claims(holder, key.kid()).build());
      assertThat(here.present(assertion)).isInstanceOf(Ok.class);
    }
  }

  @Test
  void takesNothingThatIsNotPublicOrNotAKey() {
    var holder = here.agent();
    var key = here.newKey(Algorithm.ES256);
    var secret =
        switch (new JsonReader(here.agents.all.limits).readObject(key.secret())) {
          case Ok<Json.Obj>(var jwk) -> jwk;
          case io.prokura.kernel.Result.Refused<Json.Obj> refused ->
              throw new AssertionError(refused);
        };
    var leaked = Json.object().put("kind", "key").put("jwk", secret).build();
    var refused = add(holder, leaked);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.bodyText()).contains("not public").doesNotContain("\"d\"");
    for (var wrong :
        List.of(
            "{}",
            "{'kind': 'password'}",
            "{'kind': 'key'}",
            "{'kind': 'key', 'jwk': {'kty': 'oct', 'k': 'AAAA'}}",
            "{'kind': 'key', 'jwk': {}, 'jwks': {'keys': []}}",
            "{'kind': 'key', 'jwks': {'keys': []}}",
            "{'kind': 'secret', 'jwk': {}}",
            "{'kind': 'secret', 'secret': 'mine'}",
            "{'kind': 'secret', 'expiresAt': '2020-01-01T00:00:00Z'}")) {
      assertThat(add(holder, json(wrong)).status()).as(wrong).isEqualTo(400);
    }
    assertThat(here.credentials.live(holder)).isEmpty();
  }

  @Test
  void addsAndShowsCredentialsOfTheRoutesOwnKindOnly() {
    var caller = here.agents.all.caller;
    var secret = json("{'kind': 'secret'}");
    var workload = here.workload();
    var application = here.application();
    var agent = here.agent();
    assertThat(answer(api.addToAgent(caller, adding(workload, secret))).status()).isEqualTo(404);
    assertThat(answer(api.addToWorkload(caller, adding(application, secret))).status())
        .isEqualTo(404);
    assertThat(answer(api.addToClient(caller, adding(agent, secret))).status()).isEqualTo(404);
    assertThat(answer(api.listOfAgent(caller, about("GET", workload.id().text()).build())).status())
        .isEqualTo(404);
    assertThat(answer(api.addToClient(caller, adding(application, secret))).status())
        .isEqualTo(201);
    assertThat(
            answer(api.listOfClient(caller, about("GET", application.id().text()).build()))
                .bodyText())
        .contains("\"state\":\"active\"");
  }

  @Test
  void revokesForAReason() {
    var holder = here.agent();
    var id = body(add(holder, json("{'kind': 'secret'}"))).text("id").orElseThrow();
    var caller = here.agents.all.caller;
    assertThat(answer(api.revoke(caller, about("POST", id).json(json("{}")).build())).status())
        .isEqualTo(400);
    var reason = json("{'reason': 'leaked'}");
    var revoked = answer(api.revoke(caller, about("POST", id).json(reason).build()));
    assertThat(body(revoked).text("state")).contains("revoked");
    assertThat(answer(api.revoke(caller, about("POST", id).json(reason).build())).status())
        .isEqualTo(409);
    assertThat(answer(api.revoke(caller, about("POST", "crd_x").json(reason).build())).status())
        .isEqualTo(404);
    assertThat(list(holder)).contains("\"state\":\"revoked\"");
  }

  private static Json.Obj jwk(SigningKey key) {
    return Json.object().put("kind", "key").put("jwk", key.verificationKey().toJwk()).build();
  }

  private Request adding(Holder holder, Json.Obj body) {
    return about("POST", holder.id().text()).json(body).build();
  }

  private Response add(Holder holder, Json.Obj body) {
    return answer(api.addToAgent(here.agents.all.caller, adding(holder, body)));
  }

  private String list(Holder holder) {
    return answer(api.listOfAgent(here.agents.all.caller, about("GET", holder.id().text()).build()))
        .bodyText();
  }
}
