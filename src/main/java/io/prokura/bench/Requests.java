package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.DpopProof;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The requests of the load, as the bytes that are sent.
final class Requests {
  /// What is asked for and decided on.
  static final String SCOPE = "tickets.read";

  private static final String TOKEN_ENDPOINT = "/oauth2/token";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";
  private static final String OWN_TYPE = "urn:prokura:params:oauth:token-type:";
  private static final Duration ASSERTION_LIFETIME = Duration.ofMinutes(4);

  private Requests() {}

  /// The parameters of a token request for an agent's own authority.
  static String ownToken() {
    return form(
        Map.of(
            "grant_type", "client_credentials", "resource", Organisation.RESOURCE, "scope", SCOPE));
  }

  /// A request of a token by client secret.
  static byte[] withSecret(Agent agent) {
    return withSecret(agent.basic());
  }

  /// The same with the value of `Authorization`.
  static byte[] withSecret(String basic) {
    return post(TOKEN_ENDPOINT, basic, ownToken());
  }

  /// A request of the receipt of an entry.
  static byte[] receipt(String authorization, Id.Entry entry) {
    return "GET /api/v1/audit/%s/receipt HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n\r\n"
        .formatted(entry.text(), authorization)
        .getBytes(UTF_8);
  }

  /// A request of a token by an assertion that nobody has used (RFC 7523 §2.2).
  static byte[] withAssertion(Agent agent, World world) {
    var now = world.now();
    var claims =
        Json.object()
            .put("iss", agent.id())
            .put("sub", agent.id())
            .put("aud", ServerProcess.ISSUER)
            .put("jti", HexFormat.of().formatHex(world.bytes(16)))
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(ASSERTION_LIFETIME).getEpochSecond())
            .build();
    var assertion = JwtWriter.mint(agent.key(), "client-authentication+jwt", claims);
    var proof =
        form(
            Map.of(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                assertion));
    return post(TOKEN_ENDPOINT, "", ownToken() + "&" + proof);
  }

  /// A request of a token by client secret, bound to the agent's key by a proof that nobody has
  /// used (RFC 9449 §5).
  static byte[] withProof(Agent agent, World world) {
    var proof =
        DpopProof.write(
            agent.key(),
            "POST",
            URI.create(ServerProcess.ISSUER + TOKEN_ENDPOINT),
            Optional.empty(),
            world.now(),
            HexFormat.of().formatHex(world.bytes(16)));
    var fields = authorization(agent.basic()) + "DPoP: " + proof + "\r\n";
    return message(TOKEN_ENDPOINT, fields, FORM, ownToken());
  }

  /// The parameters of a request that turns the agent's standing delegation into a token.
  static String delegatedToken(Agent agent) {
    return exchange(
        Map.of("subject_token", agent.delegation(), "subject_token_type", OWN_TYPE + "delegation"));
  }

  static byte[] useDelegation(Agent agent) {
    return post(TOKEN_ENDPOINT, agent.basic(), delegatedToken(agent));
  }

  /// A request by which the holder of `token` hands its work to `delegate`.
  static byte[] handOver(Agent holder, String token, Agent delegate) {
    return post(
        TOKEN_ENDPOINT,
        holder.basic(),
        exchange(
            Map.of(
                "subject_token",
                token,
                "subject_token_type",
                TOKEN_TYPE + "access_token",
                "requested_token_type",
                OWN_TYPE + "hand-over",
                "requested_actor",
                delegate.id())));
  }

  /// The template of a request by which `delegate` takes work that was handed over.
  static byte[] takeOver(Agent delegate) {
    var body = exchange(Map.of("subject_token_type", OWN_TYPE + "hand-over"));
    return template(TOKEN_ENDPOINT, delegate.basic(), body + "&subject_token=" + LoadPlan.TOKEN);
  }

  private static String exchange(Map<String, String> more) {
    var parameters = new LinkedHashMap<>(more);
    parameters.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    parameters.put("resource", Organisation.RESOURCE);
    parameters.put("scope", SCOPE);
    return form(parameters);
  }

  static byte[] introspect(String authorization, String token) {
    return post("/oauth2/introspect", authorization, form(Map.of("token", token)));
  }

  /// A question that an enforcer asks about a person for whom an agent acts with `token`.
  static byte[] evaluate(String authorization, Json.Obj question) {
    return message(
        "/access/v1/evaluation",
        authorization(authorization),
        "application/json",
        question.toText());
  }

  /// Asks `count` questions of one agent at once, about as many tickets.
  static byte[] evaluateSeveral(String authorization, Agent agent, String token, int count) {
    var one = question(agent, token, 0);
    var asked =
        IntStream.range(0, count)
            .<Json>mapToObj(
                i ->
                    Json.object()
                        .put("resource", question(agent, token, i).get("resource").orElseThrow())
                        .build())
            .toList();
    var body =
        Json.object()
            .put("subject", one.get("subject").orElseThrow())
            .put("action", one.get("action").orElseThrow())
            .put("context", one.get("context").orElseThrow())
            .put("evaluations", new Json.Arr(asked))
            .build();
    return message(
        "/access/v1/evaluations", authorization(authorization), "application/json", body.toText());
  }

  static Json.Obj question(Agent agent, String token, int number) {
    var object =
        Json.object()
            .put("type", "Ticket")
            .put("id", "T-" + number)
            .put("properties", Json.object().put("status", "open").build());
    return Json.object()
        .put("subject", Json.object().put("type", "user").put("id", agent.person()).build())
        .put("action", Json.object().put("name", SCOPE).build())
        .put("resource", object.build())
        .put("context", Json.object().put("access_token", token).build())
        .build();
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static byte[] post(String path, String authorization, String form) {
    return message(path, authorization(authorization), FORM, form);
  }

  /// The line with which a client proves itself; none where `value` is empty.
  private static String authorization(String value) {
    return value.isEmpty() ? "" : "Authorization: " + value + "\r\n";
  }

  private static byte[] message(String path, String fields, String type, String body) {
    var length = String.valueOf(body.getBytes(UTF_8).length);
    return (head(path, fields, type, length) + body).getBytes(UTF_8);
  }

  private static byte[] template(String path, String authorization, String body) {
    return (head(path, authorization(authorization), FORM, LoadPlan.LENGTH) + body).getBytes(UTF_8);
  }

  private static String head(String path, String fields, String type, String length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %s\r\n\r\n"
        .formatted(path, fields, type, length);
  }
}
