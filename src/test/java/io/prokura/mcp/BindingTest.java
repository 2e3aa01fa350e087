package io.prokura.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of the binding's text, its rules, and mappings and arguments that mean harm.
final class BindingTest {
  private static final String SERVER = "https://mcp.example.com";
  private static final Json.Obj TOKEN =
      json(
          """
          {'sub':'alice@example.com','client_id':'http://agentprovider.com/agent-app-id',
           'iss':'https://auth.example.com','aud':'https://mcp.example.com','exp':1750000000,
           'roles':['treasury']}
          """);
  private static final String SUBJECT = "'subject':{'type':'identity','id':'$token.sub'}";

  private static Binding binding() {
    return new Binding();
  }

  private static Json.Obj json(String text) {
    var bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return switch (new JsonReader(Limits.standard()).readObject(bytes)) {
      case Result.Ok<Json.Obj>(var object) -> object;
      case Result.Refused<Json.Obj>(_, var detail) -> throw new AssertionError(detail + text);
    };
  }

  private static Json.Obj message(String method, String params) {
    return json("{'jsonrpc':'2.0','id':2,'method':'%s','params':%s}".formatted(method, params));
  }

  private static Json.Obj call(String name, String arguments) {
    return message("tools/call", "{'name':'%s','arguments':%s}".formatted(name, arguments));
  }

  private static Optional<Json.Obj> tool(String name, Json mapping) {
    var schema = Json.object().put("type", "object").put("x-authzen-mapping", mapping).build();
    return Optional.of(Json.object().put("name", name).put("inputSchema", schema).build());
  }

  private static Mapped mapped(Json.Obj message, Optional<Json.Obj> tool) {
    return binding().map(message, tool, TOKEN, SERVER);
  }

  private static Json.Obj evaluation(Mapped mapped) {
    assertThat(mapped).isInstanceOf(Mapped.Evaluation.class);
    return ((Mapped.Evaluation) mapped).request();
  }

  private static String fault(Mapped mapped) {
    assertThat(mapped).isInstanceOf(Mapped.Faulty.class);
    return ((Mapped.Faulty) mapped).detail();
  }

  /// What a declared mapping whose one interesting expression is `source` makes of it.
  private static Mapped withExpression(String source, String arguments) {
    var mapping =
        Json.object()
            .put(
                "evaluation",
                Json.object()
                    .put("action", Json.object().put("name", "read").build())
                    .put("resource", Json.object().put("type", "r").put("id", "1").build())
                    .put("context", Json.object().put("value", source).build())
                    .build())
            .build();
    return mapped(call("t", arguments), tool("t", mapping));
  }

  private static Optional<Json> value(String source, String arguments) {
    var context = evaluation(withExpression(source, arguments)).object("context").orElseThrow();
    return context.get("value");
  }

  @Test
  void theExampleOfASingleEvaluation() {
    var mapping =
        json(
            """
            {'evaluation':{'subject':{'type':'identity','id':'$token.sub'},
              'action':{'name':'get_customer'},
              'resource':{'type':'customer','id':'$params.arguments.id'},
              'context':{'agent':'$token.?client_id','case':'$params.arguments.case'}}}
            """);
    var call = call("get_customer", "{'id':'cust-12345','case':'case-67890'}");
    assertThat(evaluation(mapped(call, tool("get_customer", mapping))))
        .isEqualTo(
            json(
                """
                {'subject':{'type':'identity','id':'alice@example.com'},
                 'action':{'name':'get_customer'},
                 'resource':{'type':'customer','id':'cust-12345'},
                 'context':{'agent':'http://agentprovider.com/agent-app-id','case':'case-67890'}}
                """));
  }

  @Test
  void theExampleOfSeveralEvaluations() {
    var mapping =
        json(
            """
            {'evaluations':{'subject':{'type':'identity','id':'$token.sub'},
              'context':{'agent':'$token.?client_id'},
              'evaluations':[
                {'action':{'name':'read'},
                 'resource':{'type':'storage_object','id':'$params.arguments.source'}},
                {'action':{'name':'write'},
                 'resource':{'type':'storage_object','id':'$params.arguments.destination'}}]}}
            """);
    var call = call("copy", "{'source':'/q1.pdf','destination':'/archive/q1.pdf'}");
    var several = mapped(call, tool("copy", mapping));
    assertThat(several)
        .isEqualTo(
            new Mapped.Evaluations(
                json(
                    """
                    {'subject':{'type':'identity','id':'alice@example.com'},
                     'context':{'agent':'http://agentprovider.com/agent-app-id'},
                     'evaluations':[
                       {'action':{'name':'read'},
                        'resource':{'type':'storage_object','id':'/q1.pdf'}},
                       {'action':{'name':'write'},
                        'resource':{'type':'storage_object','id':'/archive/q1.pdf'}}]}
                    """)));
  }

  @Test
  void theExampleOfConditions() {
    var mapping =
        Json.object()
            .put(
                "evaluation",
                Json.object()
                    .put(
                        "subject",
                        Json.object()
                            .put(
                                "type",
                                "$token.roles.exists(r, r == 'treasury') ? 'treasury_user' :"
                                    + " 'standard_user'")
                            .put("id", "$token.sub")
                            .build())
                    .put("action", Json.object().put("name", "transfer").build())
                    .put(
                        "resource",
                        Json.object()
                            .put("type", "account")
                            .put("id", "$'urn:account:' + params.arguments.from")
                            .put(
                                "properties",
                                Json.object()
                                    .put(
                                        "sensitivity",
                                        "$params.arguments.amount > 10000 ? 'high' : 'standard'")
                                    .build())
                            .build())
                    .build())
            .build();
    for (var amount : new String[] {"20000", "10000.5"}) {
      var call = call("t", "{'from':'a1','amount':" + amount + "}");
      var request = evaluation(mapped(call, tool("t", mapping)));
      assertThat(request.object("subject").orElseThrow().text("type")).hasValue("treasury_user");
      var resource = request.object("resource").orElseThrow();
      assertThat(resource.text("id")).hasValue("urn:account:a1");
      assertThat(resource.object("properties").orElseThrow().text("sensitivity")).hasValue("high");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          initialize | {'protocolVersion':'2025-11-25'} | mcp_server | https://mcp.example.com
          tools/list | {} | mcp_server | https://mcp.example.com
          tools/call | {'name':'weather'} | tool | weather
          resources/list | {} | mcp_server | https://mcp.example.com
          resources/read | {'uri':'file:///a'} | resource | file:///a
          resources/subscribe | {'uri':'file:///a'} | resource | file:///a
          resources/unsubscribe | {'uri':'file:///a'} | resource | file:///a
          prompts/list | {} | mcp_server | https://mcp.example.com
          prompts/get | {'name':'p'} | prompt | p
          completion/complete | {'ref':{'type':'ref/prompt','name':'p'}} | prompt | p
          completion/complete | {'ref':{'type':'ref/resource','uri':'u'}} | resource | u
          logging/setLevel | {'level':'debug'} | mcp_server | https://mcp.example.com
          tasks/get | {'taskId':'7'} | task | 7
          tasks/result | {'taskId':'7'} | task | 7
          tasks/cancel | {'taskId':'7'} | task | 7
          tasks/list | {} | mcp_server | https://mcp.example.com
          """)
  void everyMethodHasADefault(String method, String params, String type, String id) {
    var request = evaluation(mapped(message(method, params.replace('"', '\'')), Optional.empty()));
    assertThat(request.object("action").orElseThrow().text("name")).hasValue(method);
    assertThat(request.object("resource").orElseThrow().text("type")).hasValue(type);
    assertThat(request.object("resource").orElseThrow().text("id")).hasValue(id);
    assertThat(request.object("subject"))
        .hasValue(json("{'type':'identity','id':'alice@example.com'}"));
    assertThat(request.object("context").orElseThrow().text("agent")).isPresent();
  }

  @Test
  void pingAndNotificationsPassAndNothingElseDoes() {
    var none = Optional.<Json.Obj>empty();
    assertThat(mapped(message("ping", "{}"), none)).isInstanceOf(Mapped.PassThrough.class);
    assertThat(mapped(json("{'method':'notifications/initialized'}"), none))
        .isInstanceOf(Mapped.PassThrough.class);
    // With an id it is a request that calls itself a notification.
    assertThat(mapped(message("notifications/initialized", "{}"), none))
        .isInstanceOf(Mapped.UnknownMethod.class);
    for (var method : new String[] {"tools/delete", "Ping", "sampling/createMessage", ""}) {
      assertThat(mapped(message(method, "{}"), none)).isInstanceOf(Mapped.UnknownMethod.class);
    }
    assertThat(fault(mapped(json("{'id':1}"), none))).contains("method");
    assertThat(fault(mapped(json("{'id':1,'method':'tools/call','params':[]}"), none)))
        .contains("params");
  }

  @Test
  void anAudienceOfSeveralIsTheServersOwn() {
    var list = message("tools/list", "{}");
    var several = json("{'sub':'a','aud':['https://x.example','https://mcp.example.com']}");
    var request = evaluation(binding().map(list, Optional.empty(), several, SERVER));
    assertThat(request.object("resource").orElseThrow().text("id")).hasValue(SERVER);
    var others = json("{'sub':'a','aud':['https://x.example','https://y.example']}");
    assertThat(fault(binding().map(list, Optional.empty(), others, SERVER))).contains("audience");
  }

  @Test
  void whoActsIsTheTokensToSay() {
    var claims =
        json("{'sub':'a','client_id':'agt_1','act':{'iss':'https://i','sub':'agt_1'},'aud':'s'}");
    var mapping =
        json(
            "{'evaluation':{'action':{'name':'x'},'resource':{'type':'r','id':'1'},"
                + "'context':{'actor':{'sub':'somebody'}}}}");
    var request = evaluation(binding().map(call("t", "{}"), tool("t", mapping), claims, SERVER));
    assertThat(request.object("context"))
        .hasValue(json("{'agent':'agt_1','actor':{'iss':'https://i','sub':'agt_1'}}"));
    var alone = json("{'sub':'a','aud':'s'}");
    request = evaluation(binding().map(call("t", "{}"), tool("t", mapping), alone, SERVER));
    assertThat(request.object("context")).hasValue(json("{}"));
  }

  @Test
  void aDollarIsEscapedByADollar() {
    assertThat(value("$$50", "{}")).hasValue(Json.text("$50"));
    assertThat(value("$$token.sub", "{}")).hasValue(Json.text("$token.sub"));
    assertThat(value("a $token.sub", "{}")).hasValue(Json.text("a $token.sub"));
  }

  @Test
  void whatIsAbsentIsLeftOutAndWhatIsMissingIsAFault() {
    assertThat(value("$params.arguments.?region", "{}")).isEmpty();
    assertThat(value("$params.arguments.?region", "{'region':null}")).hasValue(new Json.Null());
    assertThat(fault(withExpression("$params.arguments.region", "{}"))).contains("region");
    assertThat(value("$params.arguments", "{'a':[1,2.5,true,null]}"))
        .hasValue(json("{'a':[1,2.5,true,null]}"));
    assertThat(value("$params.arguments['customer-id']", "{'customer-id':'c'}"))
        .hasValue(Json.text("c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$",
        "$nothing",
        "$token.sub +",
        "$1 / 0",
        "$b'abc'",
        "$timestamp('2026-01-01T00:00:00Z')",
        "$int",
        "${1: 'a'}",
        "$google.protobuf.Struct{}",
        "$params.arguments.a.b.c",
        "$9223372036854775807 + 1",
        "$matches('a', '(')",
        "$0.0 / 0.0",
      })
  void anExpressionThatYieldsNoJsonValueIsAFault(String source) {
    fault(withExpression(source, "{'a':1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'evaluation':{},'evaluations':{}}",
        "{'search':{}}",
        "{'evaluation':[]}",
        "{'evaluation':{'action':{'name':'x'}}}",
        "{'evaluation':{'resource':{'type':'r','id':'1'}}}",
        "{'evaluation':{'action':{'name':null},'resource':{'type':'r','id':'1'}}}",
        "{'evaluation':{'action':{'name':'$token.?none'},'resource':{'type':'r','id':'1'}}}",
        "{'evaluation':{'action':{'name':'x'},'resource':{'type':'r','id':7}}}",
        "{'evaluation':{'action':{'name':'x'},'resource':{'type':'r','id':'1'},'context':'c'}}",
        "{'evaluation':{'subject':'$token.sub','action':{'name':'x'},"
            + "'resource':{'type':'r','id':'1'}}}",
        "{'evaluations':{'action':{'name':'x'},'resource':{'type':'r','id':'1'}}}",
        "{'evaluations':{'action':{'name':'x'},'evaluations':[]}}",
        "{'evaluations':{'action':{'name':'x'},'evaluations':'$params.arguments'}}",
        "{'evaluations':{'action':{'name':'x'},'evaluations':[{}]}}",
      })
  void aMappingThatMakesNoRequestIsAFault(String mapping) {
    fault(mapped(call("t", "{}"), tool("t", json(mapping))));
  }

  @Test
  void noMappingSpeaksForAnotherSubject() {
    var rest = "'action':{'name':'x'},'resource':{'type':'r','id':'1'}";
    for (var id :
        new String[] {"bob", "$params.arguments.user", "$token.client_id", "$token.?no"}) {
      var mapping = json("{'evaluation':{'subject':{'id':'%s'},%s}}".formatted(id, rest));
      var outcome = mapped(call("t", "{'user':'bob'}"), tool("t", mapping));
      if (outcome instanceof Mapped.Evaluation(var request)) {
        assertThat(request.object("subject").orElseThrow().text("id"))
            .hasValue("alice@example.com");
      } else {
        assertThat(fault(outcome)).contains("subject");
      }
    }
    var smuggled =
        json(
            "{'evaluations':{%s,%s,'evaluations':[{'subject':{'type':'identity','id':'bob'}}]}}"
                .formatted(SUBJECT, rest));
    assertThat(fault(mapped(call("t", "{}"), tool("t", smuggled)))).contains("subject");
    var nobody = json("{'aud':'s'}");
    assertThat(fault(binding().map(call("t", "{}"), Optional.empty(), nobody, SERVER)))
        .contains("sub");
  }

  @Test
  void theMappingOfAnotherToolIsNotUsed() {
    var mapping = json("{'evaluation':{'action':{'name':'x'},'resource':{'type':'r','id':'1'}}}");
    assertThat(fault(mapped(call("delete_all", "{}"), tool("harmless", mapping)))).contains("tool");
    var list = message("tools/list", "{'name':'harmless'}");
    var request = evaluation(mapped(list, tool("harmless", mapping)));
    assertThat(request.object("action").orElseThrow().text("name")).hasValue("tools/list");
  }

  @Test
  void aMappingHasBoundedSize() {
    var item = "{'action':{'name':'x'},'resource':{'type':'r','id':'1'}}";
    var twentyOne = "{'evaluations':{'evaluations':[" + (item + ",").repeat(20) + item + "]}}";
    assertThat(fault(mapped(call("t", "{}"), tool("t", json(twentyOne))))).contains("20");
    var expressions = Json.object();
    for (int i = 0; i < 65; i++) {
      expressions.put("e" + i, "$1");
    }
    var mapping =
        Json.object()
            .put(
                "evaluation",
                Json.object()
                    .put("action", Json.object().put("name", "x").build())
                    .put("resource", Json.object().put("type", "r").put("id", "1").build())
                    .put("context", expressions.build())
                    .build())
            .build();
    assertThat(fault(mapped(call("t", "{}"), tool("t", mapping)))).contains("64");
  }

  @Test
  void theErrorsAreThoseOfTheBinding() {
    var call = call("t", "{}");
    assertThat(JsonRpcError.denied(call, "no"))
        .isEqualTo(
            json(
                "{'jsonrpc':'2.0','id':2,"
                    + "'error':{'code':-32001,'message':'Access denied: no'}}"));
    assertThat(JsonRpcError.mappingError(call, "no").object("error").orElseThrow().number("code"))
        .hasValue(-32_602L);
    assertThat(JsonRpcError.unavailable(call).object("error").orElseThrow().number("code"))
        .hasValue(-32_603L);
    assertThat(JsonRpcError.denied(json("{'id':{}}"), "x".repeat(9_000)).get("id"))
        .hasValue(new Json.Null());
  }
}
