package io.prokura.demo;

import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.jose.Algorithm;
import io.prokura.jose.DpopProof;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import java.net.URI;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// An agent of the story: a program with an id and a key of its own, which it never gives away.
final class SampleAgent {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final long ASSERTION_SECONDS = 60;
  private static final int JTI_BYTES = 16;

  private final Stage stage;
  private final Narrator narrator;
  private final String name;
  private final String id;
  private final SigningKey key;

  /// An agent that was registered under `id`, with a new P-256 key.
  SampleAgent(Stage stage, Narrator narrator, String name, String id) {
    this.stage = stage;
    this.narrator = narrator;
    this.name = name;
    this.id = id;
    this.key = SigningKey.generate(stage.crypto(), stage.world(), Algorithm.ES256);
  }

  String id() {
    return id;
  }

  /// The public half of its key.
  Json.Obj publicKey() {
    return key.verificationKey().toJwk();
  }

  /// The same agent in the hands of somebody who has only a key of their own.
  SampleAgent impostor() {
    return new SampleAgent(stage, narrator, "somebody else, as " + name, id);
  }

  /// Asks the token endpoint, proving itself by a signed assertion (RFC 7523 §2.2), for tokens
  /// that are bound to its key, and tells of it.
  Answer ask(SequencedMap<String, String> parameters, String... shown) {
    var form = new LinkedHashMap<>(parameters);
    form.put("client_assertion_type", ASSERTION_TYPE);
    form.put("client_assertion", assertion());
    var told = Json.object();
    form.forEach(told::put);
    narrator.sent(name, "POST /oauth2/token", told.build());
    var uri = stage.at("/oauth2/token");
    var proof = proof("POST", uri, Optional.empty());
    var answer = stage.send(Call.of("POST", uri).with("DPoP", proof).form(form));
    narrator.received(answer, shown);
    return answer;
  }

  /// Shows for one request that it holds its key (RFC 9449 §4), so that the token it gets or sends
  /// is of no use to anybody else.
  private String proof(String method, URI uri, Optional<String> token) {
    return DpopProof.write(key, method, uri, token, stage.world().now(), random());
  }

  private String random() {
    return HexFormat.of().formatHex(stage.world().bytes(JTI_BYTES));
  }

  private ToolClient.Credentials holding(String token) {
    return token.isEmpty()
        ? ToolClient.Credentials.none()
        : (method, uri) ->
            Map.of(
                "Authorization", "DPoP " + token, "DPoP", proof(method, uri, Optional.of(token)));
  }

  /// Says who it is, to this server only and once: signed with its key.
  private String assertion() {
    long now = stage.world().now().getEpochSecond();
    var claims =
        Json.object()
            .put("iss", id)
            .put("sub", id)
            .put("aud", stage.issuer())
            .put("iat", now)
            .put("exp", now + ASSERTION_SECONDS)
            .put("jti", random())
            .build();
    return JwtWriter.mint(key, "JWT", claims);
  }

  /// Calls a tool of the CRM with a token, and tells of it.
  ToolAnswer call(Crm crm, Tool tool, String object, String token) {
    return call(crm, tool, object, token, "");
  }

  /// The same, presenting an approval unless that is empty.
  ToolAnswer call(Crm crm, Tool tool, String object, String token, String approval) {
    var shown = Json.object().putAll(tool.arguments(object).members());
    if (!approval.isEmpty()) {
      shown.put(ToolCall.APPROVAL, approval);
    }
    narrator.sent(
        name, "MCP tools/call " + tool.action() + " at " + crm.identifier(), shown.build());
    var answer =
        new ToolClient(stage.json(), name)
            .call(crm.origin(), holding(token), new ToolCall(tool, object, approval));
    narrator.received(answer);
    return answer;
  }

  /// Parameters of a form, in the order given: name, value, name, value.
  static SequencedMap<String, String> form(String... pairs) {
    SequencedMap<String, String> form = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    return form;
  }

  /// As [#form(String...)], for a token exchange (RFC 8693 §2.1).
  static SequencedMap<String, String> exchange(String... pairs) {
    var form = form("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.putAll(form(pairs));
    return form;
  }
}
