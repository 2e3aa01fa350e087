package io.prokura.tokens;

import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtWriter;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result.Ok;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Access tokens are signed by what their resource names (RFC 9068 §2.1), and no key that was made
/// for one resource opens another.
final class TokenAlgorithmTest {
  private static final String VAULT = "https://vault.example";

  private final Story story = Story.begin();
  private Party agent = story.agent(story.support);

  @AfterEach
  void end() {
    story.close();
  }

  /// A resource that wants its tokens signed so, and an agent that may read there and in the CRM;
  /// returns the id of the resource.
  private String vault(String algorithm) {
    var body =
        Story.resource(VAULT, "secrets.read")
            .put("enforcers", List.of(story.gateway.id()))
            .put("accessTokenSigningAlg", algorithm);
    var id = story.register("resources", body);
    var covers = Story.covers(id, "secrets.read");
    var purpose = story.purpose("vaults", "", covers, Story.covers(story.crm, "tickets.read"));
    agent = story.permitted(story.agent(purpose));
    story.permit(agent.id(), id, "own", "secrets.read");
    return id;
  }

  private String token(String resource) {
    return agent.token("grant_type", "client_credentials", "resource", resource).token();
  }

  private JwkSet published() {
    var jwks = story.server.object(story.server.get("/oauth2/jwks", "").body());
    if (JwkSet.parse(Crypto.jdk(), jwks, Refusal.TOKEN_INVALID) instanceof Ok(var keys)) {
      return keys;
    }
    throw new AssertionError("no key set");
  }

  private List<String> algorithms() {
    return published().keys().stream()
        .flatMap(key -> key.algorithms().stream())
        .map(Algorithm::label)
        .toList();
  }

  private void verifies(String token) {
    var reader = new JwtReader(new JsonReader(Limits.standard()));
    assertThat(reader.read(token, Refusal.TOKEN_INVALID)).isInstanceOf(Ok.class);
    if (reader.read(token, Refusal.TOKEN_INVALID) instanceof Ok(var jwt)) {
      var key = published().find(jwt).orElseThrow();
      assertThat(jwt.verify(key, ExpectedType.of("at+jwt"), Refusal.TOKEN_INVALID))
          .isInstanceOf(Ok.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EDDSA", "RS256"})
  void aResourceGetsWhatItNamesAndNobodyElseDoes(Algorithm algorithm) {
    assertThat(algorithms()).containsExactly("ES256");
    var id = vault(algorithm.label());
    assertThat(algorithms())
        .as("published before anything is signed")
        .containsExactly("ES256", algorithm.label());
    var leaf = story.newest(id).object("facts").orElseThrow();
    assertThat(leaf.text("tokenAlgorithm")).hasValue(algorithm.label());
    assertThat(story.read("/api/v1/resources/" + id).text("accessTokenSigningAlg"))
        .hasValue(algorithm.label());
    var token = token(VAULT);
    assertThat(header(token).text("alg")).hasValue(algorithm.label());
    verifies(token);
    assertThat(story.gateway.sees(token)).isTrue();
    assertThat(decision(token, "Vault", "secrets.read")).isTrue();
    var other = token(Story.CRM);
    assertThat(header(other).text("alg")).hasValue("ES256");
    assertThat(story.gateway.sees(other)).isTrue();
    story.server.restart();
    assertThat(algorithms()).hasSize(2);
    assertThat(header(token(VAULT)).text("kid")).isEqualTo(header(token).text("kid"));
    story.server.done("/api/v1/keys/rotate", story.operator(), Json.object().build());
    assertThat(algorithms()).hasSize(4);
    agent.revoke(token);
    assertThat(story.gateway.sees(token)).isFalse();
  }

  private boolean decision(String token, String type, String action) {
    var answer = story.gateway.decides(token, agent.id(), type, action).good();
    return answer.body().flag("decision").orElseThrow();
  }

  @Test
  void aKeyThatWasMadeForOneResourceOpensNoOther() {
    vault("RS256");
    var rsa = story.server.stolenKey(Algorithm.RS256);
    var mine = JwtWriter.mint(rsa, "at+jwt", claims(token(VAULT)));
    assertThat(story.gateway.sees(mine)).as("by the right key").isTrue();
    var crm = claims(token(Story.CRM));
    assertThat(story.gateway.sees(JwtWriter.mint(story.server.stolenKey(), "at+jwt", crm)))
        .as("the same by the right key")
        .isTrue();
    var forged = JwtWriter.mint(rsa, "at+jwt", crm);
    assertThat(story.gateway.sees(forged)).isFalse();
    assertThat(decision(forged, "Crm", "tickets.read")).isFalse();
    assertThat(story.gateway.downstream(forged).body().text("error")).hasValue("invalid_request");
  }

  @Test
  void whatAResourceNoLongerNamesOpensNothing() {
    var id = vault("EdDSA");
    var before = token(VAULT);
    assertThat(story.gateway.sees(before)).isTrue();
    change(id, "RS256");
    assertThat(story.gateway.sees(before)).isFalse();
    var usual = JwtWriter.mint(story.server.stolenKey(), "at+jwt", claims(before));
    assertThat(story.gateway.sees(usual)).as("the usual one stays good").isTrue();
    var after = token(VAULT);
    assertThat(header(after).text("alg")).hasValue("RS256");
    assertThat(story.gateway.sees(after)).isTrue();
  }

  private void change(String id, String algorithm) {
    var path = "/api/v1/resources/" + id;
    var next = new LinkedHashMap<>(story.read(path).members());
    next.remove("id");
    next.put("accessTokenSigningAlg", Json.text(algorithm));
    var body = Json.object().putAll(next).build().toText();
    var answer =
        story.server.send("PUT", path, story.operator(), Map.of("If-Match", "\"1\""), body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "none", "PS256", "es256", "Ed25519", ""})
  void anythingElseIsRefused(String algorithm) {
    var body = Story.resource(VAULT, "secrets.read").put("accessTokenSigningAlg", algorithm);
    var answer = story.server.post("/api/v1/resources", story.operator(), body.build());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(algorithms()).containsExactly("ES256");
  }

  @Test
  void anApplicationsKeyIsThereBeforeAnybodySignsIn() {
    var body =
        Json.object()
            .put("name", "old")
            .put("everything", true)
            .put("idTokenSignedResponseAlg", "RS256")
            .put("userinfoSignedResponseAlg", "EdDSA");
    story.register("clients", body);
    assertThat(algorithms()).containsExactly("ES256", "EdDSA", "RS256");
  }

  @Test
  void underFapiNothingIsSignedByRs256() {
    for (var name : List.of("idTokenSignedResponseAlg", "userinfoSignedResponseAlg")) {
      assertThat(fapi(name, "RS256").body()).contains("under fapi2 nothing is signed by RS256");
      assertThat(fapi(name, "EdDSA").statusCode()).isEqualTo(201);
    }
  }

  private HttpResponse<String> fapi(String name, String algorithm) {
    var body =
        Json.object()
            .put("name", "bank")
            .put("everything", true)
            .put("profile", "fapi2")
            .put("pushedRequestsOnly", true)
            .put("redirectUris", List.of("https://bank.example/cb"))
            .put(name, algorithm);
    return story.server.post("/api/v1/clients", story.operator(), body.build());
  }
}
