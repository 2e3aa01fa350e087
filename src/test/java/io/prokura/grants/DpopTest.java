package io.prokura.grants;

import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.DPOP_NONCE_REQUIRED;
import static io.prokura.kernel.Refusal.DPOP_PROOF_INVALID;
import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import io.prokura.app.Party;
import io.prokura.app.Prover;
import io.prokura.app.Story;
import io.prokura.jose.DpopProof;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Tokens bound to the key of a DPoP proof, and proofs that are not good: nothing is issued for
/// these (RFC 9449).
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DpopTest {
  private final Story story = Story.begin();
  private final Party agent = story.permitted(story.agent(story.support));
  private final Prover prover = new Prover(story.now());

  @AfterAll
  void end() {
    story.close();
  }

  private Party with(String... proofs) {
    return agent.proving(proofs);
  }

  private void refused(String... proofs) {
    story.refuses(agent, DPOP_PROOF_INVALID, with(proofs).own());
  }

  @Test
  void aTokenIsBoundToTheKeyOfTheProof() {
    var answer = with(prover.proof()).own().good();
    assertThat(answer.text("token_type")).isEqualTo("DPoP");
    var cnf = Json.object().put("jkt", prover.jkt()).build();
    assertThat(claims(answer.token()).object("cnf")).contains(cnf);
    var told = story.gateway.introspect(answer.token()).good();
    assertThat(told.text("token_type")).isEqualTo("DPoP");
    assertThat(told.body().object("cnf")).contains(cnf);
  }

  @Test
  void anAgentGetsNoTokenWithoutAKeyUnlessItIsRegisteredForThat() {
    var bound = story.permitted(story.boundAgent(story.support));
    var delegation = story.delegate(story.alice, bound, Json.object());
    story.refuses(bound, KEY_PROOF_REQUIRED, bound.own());
    story.refuses(bound, KEY_PROOF_REQUIRED, bound.use(delegation));
    var crew = story.crew();
    var held = crew.triage().use(crew.delegation()).good();
    var offered = crew.triage().handOver(held.token(), bound).good().token();
    story.refuses(bound, KEY_PROOF_REQUIRED, bound.take(offered));
    assertThat(bound.proving(prover.proof()).own().good().text("token_type")).isEqualTo("DPoP");
    var used = bound.proving(prover.proof()).use(delegation).good();
    assertThat(claims(used.token()).object("cnf")).isPresent();
    var taken = bound.proving(prover.proof()).take(offered).good();
    assertThat(claims(taken.token()).object("cnf")).isPresent();
  }

  @Test
  void withoutAProofATokenIsItsBearers() {
    var answer = agent.own().good();
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(claims(answer.token()).get("cnf")).isEmpty();
  }

  @Test
  void aDelegatedTokenIsBoundAndHandedOverByTheHolderOfItsKeyOnly() {
    var crew = story.crew();
    var triage = crew.triage();
    var held = triage.proving(prover.proof()).use(crew.delegation()).good();
    assertThat(held.text("token_type")).isEqualTo("DPoP");
    var thief = triage.proving(new Prover(story.now()).proof());
    for (var caller : List.of(triage, thief)) {
      var answer = caller.handOver(held.token(), crew.lookup());
      story.refuses(triage, SUBJECT_TOKEN_INVALID, answer);
    }
    var offered = triage.proving(prover.proof()).handOver(held.token(), crew.lookup()).good();
    assertThat(offered.text("token_type")).isEqualTo("N_A");
  }

  @Test
  void aProofIsGoodOnceAlsoThroughARestart() {
    try (var own = Story.begin()) {
      var caller = own.permitted(own.agent(own.support));
      var then = new Prover(own.now());
      var ahead = then.claims().issueTime(Date.from(own.now().plusSeconds(30))).build();
      var proofs = List.of(then.proof(), then.proof(ahead));
      for (var proof : proofs) {
        caller.proving(proof).own().good();
        own.refuses(caller, DPOP_PROOF_INVALID, caller.proving(proof).own());
      }
      own.pass(Duration.ofSeconds(1));
      own.server.restart();
      for (var proof : proofs) {
        own.refuses(caller, DPOP_PROOF_INVALID, caller.proving(proof).own());
      }
      caller.proving(new Prover(own.now()).proof()).own().good();
    }
  }

  @Test
  void aProofForSomethingElseOrOfAnotherTimeIsRefused() {
    var bad = new LinkedHashMap<String, Object>();
    bad.put("htu", story.server.issuer() + "/oauth2/introspect");
    bad.put("htm", "GET");
    bad.put("jti", "");
    bad.put("nonce", 1);
    for (var claim : bad.entrySet()) {
      refused(prover.proof(prover.claims().claim(claim.getKey(), claim.getValue()).build()));
    }
    var listening = story.server.uri("/oauth2/token").toString();
    refused(prover.proof(prover.claims().claim("htu", listening).build()));
    for (int seconds : List.of(-121, 61)) {
      var then = Date.from(story.now().plusSeconds(seconds));
      refused(prover.proof(prover.claims().issueTime(then).build()));
    }
  }

  @Test
  void aProofWithoutAKeyOrByAnotherIsRefused() {
    var claims = prover.claims().build();
    var other = new Prover(story.now());
    refused(prover.proof(Prover.header().build(), claims));
    refused(prover.proof(Prover.header().jwk(other.key().toPublicJWK()).build(), claims));
    var whole = json(Map.of("alg", "ES256", "typ", "dpop+jwt"), prover.key().toJSONString());
    refused(prover.proof().replaceFirst("^[^.]+", whole));
    var pub = prover.key().toPublicJWK().toJSONString();
    for (var algorithm : List.of("none", "HS256")) {
      var header = json(Map.of("alg", algorithm, "typ", "dpop+jwt"), pub);
      refused(prover.proof().replaceFirst("^[^.]+", header));
    }
  }

  private static String json(Map<String, String> members, String jwk) {
    var text = new StringBuilder("{\"jwk\":" + jwk);
    members.forEach((name, value) -> text.append(",\"%s\":\"%s\"".formatted(name, value)));
    return Base64URL.encode(text.append('}').toString().getBytes(UTF_8)).toString();
  }

  @Test
  void severalProofsAndOversizedOnesAreRefused() {
    refused(prover.proof(), prover.proof());
    refused(prover.proof(prover.claims().claim("more", "x".repeat(4096)).build()));
    refused("");
  }

  @Test
  void aForeignNonceIsRefused() {
    var proof = prover.proof(prover.claims().claim("nonce", "somebody-elses").build());
    story.refuses(agent, DPOP_NONCE_REQUIRED, with(proof).own());
    var request =
        story.server.send(
            HttpRequest.newBuilder(story.server.uri("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("DPoP", proof)
                .POST(
                    BodyPublishers.ofString(
                        Party.form(agent.bySecret("grant_type", "client_credentials")))));
    var nonce = request.headers().firstValue("DPoP-Nonce").orElseThrow();
    with(prover.proof(prover.claims().claim("nonce", nonce).build())).own().good();
  }

  @Test
  void aBoundTokenOpensTheDecisionPointWithAProofForItAndNotOtherwise() {
    var api = story.server.issuer() + "/access/v1";
    var list = story.read("/api/v1/resources").get("items").orElseThrow();
    var id =
        ((Json.Arr) list)
            .items().stream()
                .map(Json.Obj.class::cast)
                .filter(one -> one.text("identifier").filter(api::equals).isPresent())
                .findFirst()
                .flatMap(one -> one.text("id"))
                .orElseThrow();
    story.permit(story.gateway.id(), id, "own", "decide");
    var token = story.gateway.proving(prover.proof()).own("resource", api).token();
    var other = story.gateway.proving(prover.proof()).own("resource", api).token();
    var unbound = story.gateway.own("resource", api).token();
    var thief = new Prover(story.now());
    var url = api + "/evaluation";
    var good = presenting(prover, url, token);

    assertThat(evaluate("DPoP " + token, good).statusCode()).isEqualTo(400);
    challenged("invalid_dpop_proof", "DPoP " + token, good);
    challenged("invalid_dpop_proof", "DPoP " + token);
    challenged("invalid_dpop_proof", "DPoP " + token, presenting(prover, url + "s", token));
    challenged("invalid_dpop_proof", "DPoP " + token, presenting(prover, url, other));
    var claims = prover.claims().claim("htu", url).build();
    challenged("invalid_dpop_proof", "DPoP " + token, prover.proof(claims));
    challenged("invalid_token", "DPoP " + token, presenting(thief, url, token));
    challenged("invalid_token", "Bearer " + token);
    challenged("invalid_token", "Bearer " + token, presenting(prover, url, token));
    challenged("invalid_token", "DPoP " + unbound, presenting(prover, url, unbound));
    var beside = evaluate("Bearer " + unbound, presenting(prover, url, unbound));
    assertThat(beside.statusCode()).isEqualTo(400);
  }

  private static String presenting(Prover prover, String url, String token) {
    var claims = prover.claims().claim("htu", url).claim("ath", DpopProof.hash(token));
    return prover.proof(claims.build());
  }

  /// Sends a question that has no subject, so that 400 says that the caller was known.
  private HttpResponse<String> evaluate(String authorization, String... proofs) {
    var request =
        HttpRequest.newBuilder(story.server.uri("/access/v1/evaluation"))
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString("{}"));
    for (var proof : proofs) {
      request.header("DPoP", proof);
    }
    return story.server.send(request);
  }

  private void challenged(String error, String authorization, String... proofs) {
    var answer = evaluate(authorization, proofs);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .anyMatch(one -> one.startsWith("DPoP ") && one.contains("error=\"" + error + "\""));
  }

  @Test
  void aStolenBoundTokenManagesNothing() {
    var token = with(prover.proof()).own().token();
    assertThat(story.server.get("/api/v1/agents", token).statusCode()).isEqualTo(401);
  }
}
