package io.prokura.demo;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.jose.Algorithm;
import io.prokura.jose.DpopProof;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The sample MCP server lets in only tokens of its issuer for itself, asks before every call, and
/// tells callers what they lack in the form they can use.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrmTest {
  private static final String METADATA = "/.well-known/oauth-protected-resource";

  private final Desk desk = new Desk();
  private final Desk.Agent agent = desk.agent("triage");
  private final String good = desk.token(agent, desk.crm.identifier(), Cast.TICKETS_READ);

  @AfterEach
  void setClockRight() {
    desk.ahead(Duration.ZERO);
  }

  @AfterAll
  void end() {
    desk.close();
  }

  private static String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate").orElse("");
  }

  private String metadataParameter() {
    return "resource_metadata=\"" + desk.at(METADATA + "/mcp") + "\"";
  }

  private Json.Obj result(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return desk.server.object(response.body()).object("result").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {METADATA, METADATA + "/mcp"})
  void theMetadataNameTheResourceAndItsIssuer(String path) {
    var response = desk.server.send(HttpRequest.newBuilder(desk.at(path)));
    assertThat(response.statusCode()).isEqualTo(200);
    var metadata = desk.server.object(response.body());
    assertThat(metadata.text("resource")).hasValue(desk.crm.identifier());
    assertThat(metadata.texts("authorization_servers")).hasValue(List.of(desk.server.issuer()));
    assertThat(metadata.texts("scopes_supported").orElseThrow())
        .containsExactlyElementsOf(Arrays.stream(Tool.values()).map(Tool::action).toList());
    assertThat(metadata.texts("bearer_methods_supported")).hasValue(List.of("header"));
  }

  @Test
  void withoutATokenTheAnswerSaysWhereToLookAndWhatToAskFor() {
    var response = desk.call("", Tool.TICKETS_READ, Tool.ALL);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(challenge(response))
        .startsWith("Bearer ")
        .contains("scope=\"tickets.read contacts.read\"", metadataParameter())
        .doesNotContain("error=");
  }

  @Test
  void aGoodTokenIsServed() {
    var result = result(desk.call(good, Tool.TICKETS_READ, Tool.ALL));
    assertThat(result.flag("isError")).hasValue(false);
    assertThat(result.object("structuredContent").orElseThrow().texts("tickets")).isPresent();
    assertThat(desk.crm.lastAsked().path()).isEqualTo("/access/v1/evaluation");
  }

  /// What somebody could send who has the issuer's key, or none of it.
  record Forgery(String what, String typ, Consumer<LinkedHashMap<String, Json>> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(
        new Forgery("expired", "at+jwt", all -> all.put("exp", Json.number(1_700_000_000))),
        new Forgery("without an end", "at+jwt", all -> all.remove("exp")),
        new Forgery("foreign audience", "at+jwt", all -> all.put("aud", Json.text(Desk.OTHER))),
        new Forgery("no audience", "at+jwt", all -> all.remove("aud")),
        new Forgery("longer audience", "at+jwt", all -> all.computeIfPresent("aud", CrmTest::more)),
        new Forgery("other issuer", "at+jwt", all -> all.put("iss", Json.text("https://x.test"))),
        new Forgery("bound to a key", "at+jwt", all -> all.put("cnf", bound())),
        new Forgery("bound to nothing", "at+jwt", all -> all.put("cnf", Json.object().build())),
        new Forgery("of another type", "JWT", _ -> {}),
        new Forgery("an ID token", "id+jwt", _ -> {}));
  }

  private static Json more(String name, Json value) {
    return value instanceof Json.Str(var text) ? Json.text(text + "/") : value;
  }

  private static Json bound() {
    return Json.object().put("jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I").build();
  }

  private String forged(SigningKey key, Forgery forgery) {
    var claims = new LinkedHashMap<>(claims().members());
    forgery.change().accept(claims);
    return JwtWriter.mint(key, forgery.typ(), new Json.Obj(claims));
  }

  private Json.Obj claims() {
    if (desk.stage().jwt().read(good, TOKEN_INVALID) instanceof Ok(var read)) {
      return read.unverifiedClaims();
    }
    throw new AssertionError("the server's token can't be read");
  }

  private void refused(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
    assertThat(challenge(response)).contains("error=\"invalid_token\"", metadataParameter());
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void noOtherTokenIs(Forgery forgery) {
    desk.call(good, Tool.TICKETS_READ, Tool.ALL);
    var asked = desk.crm.lastAsked();
    refused(desk.call(forged(desk.server.stolenKey(), forgery), Tool.TICKETS_READ, Tool.ALL));
    assertThat(desk.crm.lastAsked()).isSameAs(asked);
  }

  @Test
  void theForgeriesAreRefusedForWhatIsWrongWithThem() {
    var same = forged(desk.server.stolenKey(), new Forgery("the same", "at+jwt", _ -> {}));
    assertThat(result(desk.call(same, Tool.TICKETS_READ, Tool.ALL)).flag("isError"))
        .hasValue(false);
  }

  @Test
  void aKeyThatTheIssuerDoesNotPublishSignsNothing() {
    var own = SigningKey.generate(desk.stage().crypto(), desk.stage().world(), Algorithm.ES256);
    var same = new Forgery("the same", "at+jwt", _ -> {});
    refused(desk.call(forged(own, same), Tool.TICKETS_READ, Tool.ALL));
    refused(desk.call("not-a-token", Tool.TICKETS_READ, Tool.ALL));
  }

  @Test
  void aTokenForAnotherResourceIsRefused() {
    var foreign = desk.token(agent, Desk.OTHER, Cast.TICKETS_READ);
    refused(desk.call(foreign, Tool.TICKETS_READ, Tool.ALL));
  }

  @Test
  void aTokenEndsWithItsTime() {
    desk.ahead(Duration.ofHours(1));
    refused(desk.call(good, Tool.TICKETS_READ, Tool.ALL));
  }

  @Test
  void aMissingScopeIsToldWithAllThatTheCallNeeds() {
    var response = desk.call(good, Tool.CONTACTS_READ, "c-17");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(challenge(response))
        .contains(
            "error=\"insufficient_scope\"",
            "scope=\"contacts.read tickets.read\"",
            metadataParameter());
    assertThat(response.body()).isEmpty();
    var wider =
        desk.token(agent, desk.crm.identifier(), Cast.CONTACTS_READ + " " + Cast.TICKETS_READ);
    assertThat(result(desk.call(wider, Tool.CONTACTS_READ, "c-17")).flag("isError"))
        .hasValue(false);
  }

  @Test
  void anotherDenialIsAToolErrorThatSaysWhatWouldLiftIt() {
    var losing = desk.agent("losing");
    var token = desk.token(losing, desk.crm.identifier(), Cast.TICKETS_READ);
    desk.done("permissions/" + losing.permission() + "/revoke");
    var result = result(desk.call(token, Tool.TICKETS_READ, Tool.ALL));
    assertThat(result.flag("isError")).hasValue(true);
    var told = result.object("structuredContent").orElseThrow();
    assertThat(told.text("code")).isPresent();
    assertThat(told.members()).containsKey("remedies");
    assertThat(result.get("content").orElseThrow().toText()).contains("Denied: ");
    assertThat(told.get("tickets")).isEmpty();
  }

  @Test
  void aTokenThatWasCutOffIsRefusedAlthoughItsTimeIsNotOver() {
    var killed = desk.agent("killed");
    var token = desk.token(killed, desk.crm.identifier(), Cast.TICKETS_READ);
    result(desk.call(token, Tool.TICKETS_READ, Tool.ALL));
    desk.done("agents/" + killed.id() + "/kill");
    refused(desk.call(token, Tool.TICKETS_READ, Tool.ALL));
  }

  @Test
  void nothingIsDoneThatWasNotDecidedOn() {
    desk.call(good, Tool.TICKETS_READ, Tool.ALL);
    var asked = desk.crm.lastAsked();
    for (var params :
        List.of(
            "{\"name\":\"contacts.read\",\"arguments\":{\"contact\":\"../c-17\"}}",
            "{\"name\":\"contacts.read\",\"arguments\":{\"contact\":17}}",
            "{\"name\":\"contacts.read\",\"arguments\":{}}",
            "{\"name\":\"tickets.read\",\"arguments\":{\"contact\":\"c-17\"}}",
            "{\"name\":\"tickets.write\",\"arguments\":{}}")) {
      var text =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}";
      var response = desk.server.send(desk.message(good, text));
      assertThat(response.statusCode()).as(params).isEqualTo(200);
      var answer = desk.server.object(response.body());
      boolean isError =
          answer.get("error").isPresent()
              || answer.object("result").orElseThrow().flag("isError").orElse(false);
      assertThat(isError).as(response.body()).isTrue();
    }
    assertThat(desk.crm.lastAsked()).isSameAs(asked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"name\":[\"tickets.read\"]}",
        "{\"name\":\"tickets.read\",\"arguments\":[]}",
        "{\"name\":\"tickets.read\",\"arguments\":{},\"_meta\":7}",
      })
  void parametersOfOtherTypesAreNoCall(String params) {
    var text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}";
    assertThat(desk.server.send(desk.message(good, text)).statusCode()).isEqualTo(400);
  }

  @Test
  void onlyMessagesOfMcpAreAnswered() {
    var list = Desk.request("tools/list", Json.object().build());
    var sent = desk.server.send(desk.message(good, list).header("Origin", "https://evil.example"));
    assertThat(sent.statusCode()).isEqualTo(403);
    var unknown = desk.message(good, list).header("MCP-Protocol-Version", "1999-12-31");
    assertThat(desk.server.send(unknown).statusCode()).isEqualTo(400);
    for (var body : List.of("", "[]", "{}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")) {
      assertThat(desk.server.send(desk.message(good, body)).statusCode()).as(body).isEqualTo(400);
    }
    var notified = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    assertThat(desk.server.send(desk.message(good, notified)).statusCode()).isEqualTo(202);
    var got = desk.server.send(desk.message(good, list).GET());
    assertThat(got.statusCode()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-03-26", "2025-06-18", "2025-11-25", "2024-11-05", "2999-01-01"})
  void theRevisionIsNegotiated(String asked) {
    var client = Json.object().put("name", "test").put("version", "1").build();
    var params =
        Json.object()
            .put("protocolVersion", asked)
            .put("capabilities", Json.object().build())
            .put("clientInfo", client)
            .build();
    var result = result(desk.server.send(desk.message(good, Desk.request("initialize", params))));
    boolean isSpoken = asked.startsWith("2025-");
    assertThat(result.text("protocolVersion")).hasValue(isSpoken ? asked : "2025-11-25");
  }

  @Test
  void aBoundTokenIsServedWithAProofOfItsKeyAlone() {
    var key = SigningKey.generate(desk.stage().crypto(), desk.stage().world(), Algorithm.ES256);
    var thief = SigningKey.generate(desk.stage().crypto(), desk.stage().world(), Algorithm.ES256);
    var bound = boundTo(key);
    var mcp = desk.at("/mcp");
    var now = desk.stage().world().now();
    var good = DpopProof.write(key, "POST", mcp, Optional.of(bound), now, "1");
    assertThat(result(withProof(bound, good)).flag("isError")).hasValue(false);
    refused(withProof(bound, good));
    refused(desk.call(bound, Tool.TICKETS_READ, Tool.ALL));
    refused(
        withProof(this.good, DpopProof.write(key, "POST", mcp, Optional.of(this.good), now, "2")));
    refused(withProof(bound, DpopProof.write(thief, "POST", mcp, Optional.of(bound), now, "3")));
    refused(withProof(bound, DpopProof.write(key, "POST", mcp, Optional.empty(), now, "4")));
    refused(withProof(bound, DpopProof.write(key, "POST", mcp, Optional.of(this.good), now, "5")));
    refused(withProof(bound, DpopProof.write(key, "GET", mcp, Optional.of(bound), now, "6")));
    var elsewhere = desk.at("/other");
    refused(
        withProof(bound, DpopProof.write(key, "POST", elsewhere, Optional.of(bound), now, "7")));
    var old = now.minusSeconds(300);
    refused(withProof(bound, DpopProof.write(key, "POST", mcp, Optional.of(bound), old, "8")));
    refused(withProof(bound, "e30.e30.e30"));
  }

  private String boundTo(SigningKey key) {
    var at = URI.create(desk.server.issuer() + "/oauth2/token");
    var proof =
        DpopProof.write(key, "POST", at, Optional.empty(), desk.stage().world().now(), "token");
    return desk.token(agent, desk.crm.identifier(), Cast.TICKETS_READ, "DPoP", proof);
  }

  private HttpResponse<String> withProof(String token, String proof) {
    var params =
        Json.object()
            .put("name", Tool.TICKETS_READ.action())
            .put("arguments", Tool.TICKETS_READ.arguments(Tool.ALL))
            .build();
    return desk.server.send(
        desk.message("", Desk.request("tools/call", params))
            .header("Authorization", "DPoP " + token)
            .header("DPoP", proof));
  }

  @Test
  void theOfficialClientIsServedAndTurnedAwayLikeAnyOther() {
    var client = new ToolClient(desk.stage().json(), "test");
    var call = new ToolCall(Tool.TICKETS_READ, Tool.ALL, "");
    assertThat(client.call(desk.crm.origin(), ToolClient.Credentials.bearer(good), call))
        .isInstanceOfSatisfying(
            ToolAnswer.Result.class,
            result -> {
              assertThat(result.isError()).isFalse();
              assertThat(result.revision()).isEqualTo("2025-11-25");
            });
    assertThat(client.call(desk.crm.origin(), ToolClient.Credentials.none(), call))
        .isInstanceOfSatisfying(
            ToolAnswer.Challenged.class,
            turned -> {
              assertThat(turned.status()).isEqualTo(401);
              assertThat(turned.parameter("resource_metadata"))
                  .hasValue(desk.at(METADATA + "/mcp").toString());
            });
    assertThatThrownBy(() -> client.call("http://127.0.0.1:1", ToolClient.Credentials.none(), call))
        .isInstanceOf(StepFailed.class);
  }
}
