package io.prokura.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.TestServer;
import io.prokura.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MCP messages decided over HTTP by a whole server: by their mapping and by their token.
final class McpEndpointTest {

  private static Enforced enforced;

  @BeforeAll
  static void start() {
    enforced = new Enforced(TestServer.start());
  }

  @AfterAll
  static void stop() {
    enforced.close();
  }

  private static String resource(String identifier, String type, String by) {
    return enforced.resource(identifier, type, by, "");
  }

  private static Json.Obj mcp(String body) {
    var response = enforced.server.send(enforced.request("/access/v1/mcp", body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return enforced.server.object(response.body());
  }

  private static long code(Json.Obj answer) {
    assertThat(answer.flag("decision")).hasValue(false);
    var response = answer.object("error").orElseThrow();
    assertThat(response.number("id")).hasValue(7L);
    return response.object("error").orElseThrow().number("code").orElseThrow();
  }

  private static String permitted(String name, String resource, String identifier) {
    var caller =
        enforced.made("workloads", "{'name':'%s','owner':'%s'}".formatted(name, enforced.owner));
    enforced.made(
        "permissions",
        "{'principal':'%s','resource':'%s','actions':['read'],'mode':'own'}"
            .formatted(caller, resource));
    var form = "grant_type=client_credentials&scope=read&resource=" + identifier;
    var answer = enforced.server.form("/oauth2/token", caller, enforced.secret(caller), form);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return enforced.server.object(answer.body()).text("access_token").orElseThrow();
  }

  private static String message(String action, String token) {
    return """
    {'message':{'jsonrpc':'2.0','id':7,'method':'tools/call',
                'params':{'name':'t','arguments':{'id':'n1'}}},
     'tool':{'name':'t','inputSchema':{'x-authzen-mapping':{'evaluation':{
       'subject':{'type':'identity','id':'$token.sub'},'action':{'name':'%s'},
       'resource':{'type':'note','id':'$params.arguments.id'}}}}},
     'access_token':'%s'}
    """
        .formatted(action, token);
  }

  @Test
  void anMcpMessageIsDecidedByItsMappingAndItsToken() {
    var notes = "https://notes.example.org";
    var token = permitted("caller", resource(notes, "note", enforced.enforcer), notes);
    var allowed = mcp(message("read", token));
    assertThat(allowed.flag("decision")).as(allowed.toText()).hasValue(true);
    assertThat(allowed.get("error")).isEmpty();
    assertThat(code(mcp(message("write", token)))).isEqualTo(-32_001L);
    assertThat(code(mcp(message("$params.arguments.none", token)))).isEqualTo(-32_602L);
    assertThat(code(mcp(message("read", token).replace("tools/call", "tools/none"))))
        .isEqualTo(-32_001L);
    assertThat(mcp(message("read", token).replace("tools/call", "ping")).flag("decision"))
        .hasValue(true);
    var stolen = message("read", token).replace("$token.sub", enforced.owner);
    assertThat(code(mcp(stolen))).isEqualTo(-32_602L);
  }

  @Test
  void anMcpMessageWithATokenForAnotherTellsNothingOfIt() {
    var vault = "https://vault.example.org";
    var keeper = enforced.made("workloads", "{'name':'keeper','owner':'" + enforced.owner + "'}");
    var token = permitted("visitor", resource(vault, "vault", keeper), vault);
    var oracle = message("$token.none", token);
    var good = mcp(oracle);
    var bad = mcp(message("read", "e30.e30.e30"));
    assertThat(code(good)).isEqualTo(-32_001L);
    assertThat(good).isEqualTo(bad);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'message':[],'access_token':'a'}",
        "{'message':{}}",
        "{'message':{},'access_token':''}",
        "{'message':{},'access_token':'a','tool':[]}",
      })
  void whatIsNoMcpQuestionIsRefused(String body) {
    assertThat(enforced.server.send(enforced.request("/access/v1/mcp", body)).statusCode())
        .isEqualTo(400);
  }
}
