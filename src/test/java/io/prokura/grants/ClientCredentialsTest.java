package io.prokura.grants;

import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.GRANT_UNSUPPORTED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_DECLARED;
import static io.prokura.kernel.Refusal.PURPOSE_REQUIRED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Agents and workloads get tokens of their own: who may, by which proof, with which claims, and
/// what stands in the way of the others.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientCredentialsTest {
  private final Story story = Story.begin();
  private final Party agent = story.permitted(story.agent(story.support));

  @AfterAll
  void end() {
    story.close();
  }

  /// Verifies as a resource server would that knows nothing but RFC 9068 and the JWK Set.
  private void verifyAsTheCrm(String token) throws Exception {
    var jwks = story.server.send(HttpRequest.newBuilder(story.server.uri("/oauth2/jwks"))).body();
    var keys = new ImmutableJWKSet<SecurityContext>(JWKSet.parse(jwks));
    var processor = new DefaultJWTProcessor<SecurityContext>();
    processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            CRM,
            new JWTClaimsSet.Builder().issuer(story.server.issuer()).build(),
            Set.of("sub", "client_id", "jti", "iat", "exp")));
    assertThat(processor.process(token, null).getSubject()).isEqualTo(claim(token, "sub"));
  }

  @Test
  void anAgentsTokenHasTheseClaimsAndNoOthers() throws Exception {
    var answer = agent.own().good();
    assertThat(answer.body().members())
        .containsOnlyKeys(
            "access_token", "token_type", "expires_in", "scope", "entry", "authorization_details");
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.body().number("expires_in")).hasValue(300L);
    assertThat(answer.text("scope")).isEqualTo("tickets.read");
    var token = answer.token();
    verifyAsTheCrm(token);
    assertThat(header(token).members()).containsOnlyKeys("alg", "kid", "typ");
    var claims = claims(token);
    long now = story.now().getEpochSecond();
    var expected =
        Json.object()
            .put("iss", story.server.issuer())
            .put("sub", agent.id())
            .put("sub_profile", "ai_agent")
            .put("client_id", agent.id())
            .put("scope", "tickets.read")
            .put("purpose", "support")
            .put("tsk", claim(token, "tsk"))
            .put("cut", claims.number("cut").orElseThrow())
            .put("lin", claims.texts("lin").orElseThrow())
            .put("aud", CRM)
            .put("jti", claim(token, "jti"))
            .put("iat", now)
            .put("exp", now + 300);
    assertThat(claims).isEqualTo(expected.build());
    assertThat(claim(token, "jti")).startsWith("tok_");
    assertThat(claim(token, "tsk")).startsWith("tsk_");
    assertThat(claims.number("cut").orElseThrow()).isPositive();
    var lineage = claims.texts("lin").orElseThrow();
    assertThat(lineage).hasSize(3).contains(agent.id(), story.support);
    assertThat(lineage).anyMatch(id -> id.startsWith("crd_"));
  }

  @Test
  void aWorkloadsTokenNamesNoPurposeAndNoAgent() throws Exception {
    var workload = story.workload("indexer");
    story.permit(workload.id(), story.crm, "own", "search");
    var token = workload.own().token();
    verifyAsTheCrm(token);
    assertThat(claims(token).members())
        .containsOnlyKeys(
            "iss",
            "sub",
            "sub_profile",
            "client_id",
            "scope",
            "tsk",
            "cut",
            "lin",
            "aud",
            "jti",
            "iat",
            "exp");
    assertThat(claim(token, "sub")).isEqualTo(workload.id());
    assertThat(claim(token, "sub_profile")).isEqualTo("service");
    story.refuses(workload, PURPOSE_NOT_DECLARED, workload.own("purpose", "support"));
  }

  @Test
  void theEntryThatTheAnswerNamesTellsOfTheToken() {
    var answer = agent.own().good();
    var leaf = story.newest(answer.text("entry"));
    assertThat(leaf.text("type")).hasValue("token.issued");
    assertThat(leaf.text("about")).hasValue(claim(answer.token(), "jti"));
    var facts = leaf.object("facts").orElseThrow();
    assertThat(facts.text("by")).hasValue(agent.id());
    assertThat(facts.text("grant")).hasValue("client_credentials");
    assertThat(facts.text("audience")).hasValue(CRM);
    assertThat(facts.object("operands").orElseThrow().text("principal 0")).hasValue("tickets.read");
  }

  @Test
  void everyTokenIsItsOwn() {
    var one = claims(agent.own().token());
    var other = claims(agent.own().token());
    assertThat(one.text("jti")).isNotEqualTo(other.text("jti"));
    assertThat(one.text("tsk")).isNotEqualTo(other.text("tsk"));
  }

  @Test
  void theSecretMayComeInTheHeaderOrInTheBody() {
    assertThat(claim(agent.own().token(), "sub")).isEqualTo(agent.id());
    var posted = agent.bare(agent.bySecret(forTheCrm()));
    assertThat(claim(posted.token(), "sub")).isEqualTo(agent.id());
    var wrong = agent.bare(agent.bySecret(forTheCrm("client_secret", "wrong")));
    assertThat(wrong.isRefused(CLIENT_NOT_AUTHENTICATED).challenge()).isEmpty();
    var stranger = new Party(story.server, agent.id(), "wrong", agent.key());
    assertThat(stranger.own().isRefused(CLIENT_NOT_AUTHENTICATED).challenge()).startsWith("Basic ");
    agent.bare(forTheCrm()).isRefused(CLIENT_NOT_AUTHENTICATED);
  }

  private static String[] forTheCrm(String... more) {
    var all = new java.util.ArrayList<>(List.of("grant_type", "client_credentials"));
    all.addAll(List.of("resource", CRM));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void anAssertionIsGoodOnce() {
    var form = Party.byAssertion(agent.assertion(story.world), forTheCrm());
    assertThat(claim(agent.bare(form).token(), "client_id")).isEqualTo(agent.id());
    agent.bare(form).isRefused(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void twoProofsAtOnceAreOneTooMany() {
    var assertion = agent.assertion(story.world);
    agent.token(Party.byAssertion(assertion, forTheCrm())).isRefused(MALFORMED_REQUEST);
    agent.token(agent.bySecret(forTheCrm())).isRefused(MALFORMED_REQUEST);
    agent
        .bare(agent.bySecret(Party.byAssertion(assertion, forTheCrm())))
        .isRefused(MALFORMED_REQUEST);
    assertThat(agent.bare(Party.byAssertion(assertion, forTheCrm())).good().status())
        .as("a request that was refused before uses nothing up")
        .isEqualTo(200);
  }

  @Test
  void anApplicationIsNobody() {
    var application = story.application("portal");
    story.refuses(application, CLIENT_NOT_ALLOWED, application.own());
  }

  @Test
  void anAgentWithSeveralPurposesHasToStateOne() {
    var busy = story.permitted(story.agent(story.support, story.billing));
    var answer = story.refuses(busy, PURPOSE_REQUIRED, busy.own());
    assertThat(answer.text("error_description")).contains("billing").contains("support");
    assertThat(claim(busy.own("purpose", "billing").token(), "purpose")).isEqualTo("billing");
    story.refuses(busy, PURPOSE_NOT_DECLARED, busy.own("purpose", "support.triage"));
    story.refuses(busy, PURPOSE_NOT_DECLARED, busy.own("purpose", "support billing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"suspend", "quarantine", "retire"})
  void anAgentThatMayNotActGetsNothing(String step) {
    var stopped = story.permitted(story.agent(story.support));
    var before = stopped.own().token();
    story.step(stopped, step);
    story.refuses(stopped, PRINCIPAL_NOT_ACTIVE, stopped.own());
    stopped
        .bare(Party.byAssertion(stopped.assertion(story.world), forTheCrm()))
        .isRefused(PRINCIPAL_NOT_ACTIVE);
    assertThat(story.gateway.sees(before)).isFalse();
  }

  @Test
  void anAgentThatWasNeverActivatedGetsNothing() {
    var fresh = story.permitted(story.registered(Story.bearer(), story.support));
    story.refuses(fresh, PRINCIPAL_NOT_ACTIVE, fresh.own());
  }

  @Test
  void anAgentsTokenEndsWithTheAgent() {
    var until = story.now().plusSeconds(100);
    var leaving = story.permitted(story.agentUntil(until, story.support));
    var token = leaving.own().token();
    assertThat(claims(token).number("exp")).hasValue(until.getEpochSecond());
    story.pass(Duration.ofSeconds(99));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(Duration.ofSeconds(1));
    story.refuses(leaving, PRINCIPAL_NOT_ACTIVE, leaving.own());
    assertThat(story.gateway.sees(token)).isFalse();
  }

  @Test
  void aRevokedCredentialTakesItsTokensAlong() {
    var hasty = story.permitted(story.agent(story.support));
    var bySecret = hasty.own().token();
    var byKey = hasty.bare(Party.byAssertion(hasty.assertion(story.world), forTheCrm())).token();
    story.act("credentials", story.credential(hasty, "secret"), "revoke");
    hasty.own().isRefused(CLIENT_NOT_AUTHENTICATED);
    assertThat(story.gateway.sees(bySecret)).isFalse();
    assertThat(story.gateway.sees(byKey)).isTrue();
  }

  @Test
  void everythingAskedForCanStandInTheWay() {
    story.refuses(agent, RESOURCE_UNKNOWN, agent.own("resource", "https://crm.example/mcp/"));
    story.refuses(agent, RESOURCE_UNKNOWN, agent.own("audience", Story.ARCHIVE));
    story.refuses(agent, SCOPE_UNKNOWN, agent.own("scope", "tickets.read tickets.fly"));
    story.refuses(agent, SCOPE_NOT_PERMITTED, agent.own("scope", "tickets.read tickets.update"));
    story.refuses(agent, SCOPE_NOT_PERMITTED, agent.own("resource", Story.ARCHIVE));
    story.refuses(agent, MALFORMED_REQUEST, agent.own("scope", "tickets.read \"x"));
    story.refuses(agent, GRANT_UNSUPPORTED, agent.own("grant_type", "password"));
    story.refuses(agent, MALFORMED_REQUEST, agent.own("grant_type", ""));
  }

  @Test
  void thePurposeAndThePolicyCanStandInTheWay() {
    var eager = story.agent(story.support);
    story.permit(eager.id(), story.crm, "own", "tickets.wipe", "tickets.export");
    story.refuses(eager, PURPOSE_NOT_COVERING, eager.own("scope", "tickets.wipe"));
    story.refuses(eager, POLICY_FORBIDS, eager.own("scope", "tickets.export"));
  }

  @Test
  void whoAsksForNothingGetsWhatIsLeft() {
    var able = story.agent(story.support);
    story.permit(able.id(), story.crm, "own", "tickets.read", "search", "tickets.wipe");
    story.permit(able.id(), story.crm, "onBehalf", "tickets.update");
    assertThat(able.own().good().text("scope")).isEqualTo("search tickets.read");
    assertThat(able.own("scope", "search").good().text("scope")).isEqualTo("search");
    assertThat(able.own("audience", CRM).good().text("scope"))
        .as("resource and audience that name the same resource")
        .isEqualTo("search tickets.read");
  }

  /// What is sent without a value counts as not sent (RFC 6749 §3.2).
  @Test
  void whoMayActOnOneResourceNeedNotNameIt() {
    var able = story.agent(story.support);
    story.refuses(able, RESOURCE_UNKNOWN, able.token("grant_type", "client_credentials"));
    story.permit(able.id(), story.archive, "onBehalf", "records.read");
    story.permit(able.id(), story.crm, "own", "tickets.read", "search");
    for (var form : List.of("", "&resource=", "&scope=search")) {
      var answer = able.post("/oauth2/token", "grant_type=client_credentials" + form).good();
      assertThat(claims(answer.token()).text("aud")).hasValue(CRM);
    }
    story.permit(able.id(), story.archive, "own", "records.read");
    var several = able.token("grant_type", "client_credentials");
    story.refuses(able, RESOURCE_UNKNOWN, several);
    assertThat(several.body().text("error_description").orElse(""))
        .contains(Story.ARCHIVE, Story.CRM);
  }

  @Test
  void whoMayDoMoreThanATokenCanSayHasToNameWhatIsNeeded() {
    var names = IntStream.range(0, 200).mapToObj(i -> "a".repeat(60) + i).toArray(String[]::new);
    var host = "https://" + story.fresh("wide") + ".example";
    var wide = story.resource(host, List.of(), names);
    var agent = story.agent(story.purpose(story.fresh("wide"), "", Story.covers(wide, names)));
    story.permit(agent.id(), wide, "own", names);
    story.refuses(agent, SCOPE_NOT_PERMITTED, agent.own("resource", host));
    assertThat(agent.own("resource", host, "scope", names[7]).good().text("scope"))
        .isEqualTo(names[7]);
  }
}
