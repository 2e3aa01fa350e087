package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Authorization requests that the application signed, what somebody in between may try with them,
/// and requests that say what they want as a detail.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestObjectsTest {
  private static final List<String> READING = List.of("tickets.read");
  private static final String DETAIL = "urn:prokura:params:oauth:authorization-details:purpose";

  private final World world = TestServer.systemWorld();
  private final SigningKey key = SigningKey.generate(Crypto.fastest(), world, Algorithm.ES256);
  private final SigningKey other = SigningKey.generate(Crypto.fastest(), world, Algorithm.ES256);
  private Company company;
  private Person erin;
  private CodeFlow flow;

  @BeforeAll
  void found() {
    company = Company.found(TestDatabases.sqlite());
    erin = Person.permitted(company);
    flow = new CodeFlow(company, erin.browser);
    var jwk = key.verificationKey().toJwk().toText().replace('"', '\'');
    company.make(
        "console-key", "clients/<console>/credentials", "{'kind': 'key', 'jwk': " + jwk + "}");
  }

  @AfterAll
  void close() {
    company.close();
  }

  private String object(SigningKey by, String typ, Consumer<Map<String, Json>> change) {
    var claims = new LinkedHashMap<String, Json>();
    flow.request("scope", "tickets.read", "prompt", "consent")
        .forEach((name, value) -> claims.put(name, Json.text(value)));
    claims.put("iss", Json.text(company.id("console")));
    claims.put("aud", Json.text(company.server.issuer()));
    claims.put("exp", Json.number(world.now().getEpochSecond() + 60));
    change.accept(claims);
    return JwtWriter.mint(by, typ, new Json.Obj(claims));
  }

  private HttpResponse<String> ask(String object, Map<String, String> beside) {
    var form = new LinkedHashMap<>(beside);
    form.put("client_id", company.id("console"));
    form.put("request", object);
    return erin.browser.open("/oauth2/authorize?" + Browser.encoded(form));
  }

  @Test
  void whatIsSignedCountsAloneAlsoWhenItIsResumed() {
    var object = object(key, "oauth-authz-req+jwt", _ -> {});
    var beside =
        Map.of("scope", "tickets.close", "redirect_uri", "https://evil.example", "state", "other");
    var asked = ask(object, beside);
    var answer = answer(flow.decide(asked, "allow", READING));
    assertThat(answer).containsEntry("state", "af0ifjsldkj").containsKey("code");
    var tokens = flow.redeem(answer.getOrDefault("code", ""));
    assertThat(flow.member(tokens, "scope")).isEqualTo("tickets.read");
  }

  @Test
  void aSignedRequestIsPushedToo() {
    var form = "request=" + object(key, "JWT", _ -> {});
    var pushed =
        company.server.form("/oauth2/par", company.id("console"), company.secret("console"), form);
    assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(201);
    var uri = company.server.object(pushed.body()).text("request_uri").orElseThrow();
    var path = "/oauth2/authorize?client_id=" + company.id("console") + "&request_uri=" + uri;
    var answer = answer(flow.decide(erin.browser.open(path), "allow", READING));
    assertThat(answer).containsKey("code");
  }

  /// What stands beside the object is not all of a request: where to answer may be in the object.
  @Test
  void aPushedObjectThatCanNotBeOpenedIsCalledThat() {
    var form = "scope=openid&request=" + object(other, "oauth-authz-req+jwt", _ -> {});
    var pushed =
        company.server.form("/oauth2/par", company.id("console"), company.secret("console"), form);
    assertThat(pushed.statusCode()).as(pushed.body()).isEqualTo(400);
    assertThat(company.server.object(pushed.body()).text("error"))
        .hasValue("invalid_request_object");
  }

  private void refused(String what, String object) {
    var beside = Map.of("redirect_uri", CodeFlow.CALLBACK);
    assertThat(answer(ask(object, beside)))
        .as(what)
        .containsEntry("error", "invalid_request_object");
    assertThat(ask(object, Map.of("redirect_uri", "https://evil.example")).statusCode())
        .as(what)
        .isEqualTo(400);
  }

  @Test
  void anotherObjectIsRefused() {
    refused("by another key", object(other, "oauth-authz-req+jwt", _ -> {}));
    refused("of another type", object(key, "client-authentication+jwt", _ -> {}));
    refused("over", object(key, "JWT", all -> all.put("exp", Json.number(1_700_000_000))));
    refused("without an end", object(key, "JWT", all -> all.remove("exp")));
    refused("for a year", object(key, "JWT", all -> all.put("exp", later())));
    refused("for others", object(key, "JWT", all -> all.put("aud", Json.text("https://x.test"))));
    refused("for nobody", object(key, "JWT", all -> all.remove("aud")));
    refused("an assertion", object(key, "JWT", all -> all.put("sub", all.get("iss"))));
    var bank = Json.text("cli_00000000000000000000000000");
    refused("by another issuer", object(key, "JWT", all -> all.put("iss", bank)));
    refused("of another client", object(key, "JWT", all -> all.put("client_id", bank)));
    refused("nested", object(key, "JWT", all -> all.put("request", Json.text("x"))));
    refused("elsewhere", object(key, "JWT", all -> all.put("request_uri", Json.text("x"))));
  }

  private Json later() {
    return Json.number(world.now().getEpochSecond() + 365 * 86_400);
  }

  @Test
  void whatIsNotSignedAtAllIsNotTaken() {
    for (var none : List.of("e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "x")) {
      assertThat(answer(ask(none, Map.of("redirect_uri", CodeFlow.CALLBACK))))
          .containsEntry("error", "request_not_supported");
    }
  }

  @Test
  void aDetailSaysWhatTheParametersWould() {
    var detail =
        """
        [{"type": "%s", "purpose": "support", "locations": ["%s"], "actions": ["tickets.read"]}]
        """
            .formatted(DETAIL, Company.CRM);
    var code =
        flow.code(
            READING,
            "resource",
            "",
            "requested_actor",
            "<triage>",
            "authorization_details",
            detail);
    var actor =
        company.granted(
            "triage",
            "grant_type=client_credentials&resource=" + Company.ARCHIVE + "&purpose=support");
    var tokens = flow.redeem(code, "actor_token", actor);
    var granted = company.server.object(tokens.body());
    assertThat(granted.get("authorization_details").orElseThrow().toText())
        .isEqualTo(detail.strip().replace("\": ", "\":").replace(", \"", ",\""));
    var told =
        company.server.form(
            "/oauth2/introspect",
            company.id("crm-server"),
            company.secret("crm-server"),
            "token=" + granted.text("access_token").orElseThrow());
    assertThat(company.server.object(told.body()).get("authorization_details"))
        .isEqualTo(granted.get("authorization_details"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "{}",
        "[]",
        "[1]",
        "[{'purpose': 'support'}]",
        "[{'type': 'payment', 'purpose': 'support'}]",
        "[{'type': 'T'}]",
        "[{'type': 'T', 'purpose': 1}]",
        "[{'type': 'T', 'purpose': 'support', 'privileges': ['all']}]",
        "[{'type': 'T', 'purpose': 'support', 'actions': 'files.read'}]",
        "[{'type': 'T', 'purpose': 'support', 'actions': ['files.read openid']}]",
        "[{'type': 'T', 'purpose': 'support', 'locations': ['https://a.test', 'https://b.test']}]",
        "[{'type': 'T', 'purpose': 'support', 'locations': ['https://archive.example']}]",
        "[{'type': 'T', 'purpose': 'support'}, {'type': 'T', 'purpose': 'support'}]"
      })
  void aDetailThatIsNoneIsRefused(String detail) {
    var form =
        Browser.encoded(
            Map.of(
                "grant_type",
                "client_credentials",
                "resource",
                Company.ARCHIVE,
                "authorization_details",
                detail.replace("'T'", "'" + DETAIL + "'").replace('\'', '"')));
    assertThat(company.ask("triage", form).body())
        .contains("\"error\":\"invalid_authorization_details\"");
    var asked = flow.authorize("authorization_details", detail.replace('\'', '"'));
    assertThat(answer(asked)).containsEntry("error", "invalid_authorization_details");
  }
}
