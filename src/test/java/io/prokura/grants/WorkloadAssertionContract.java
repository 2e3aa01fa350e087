package io.prokura.grants;

import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.grants.Platform.mapped;
import static io.prokura.grants.Platform.named;
import static io.prokura.grants.Platform.role;
import static io.prokura.kernel.Refusal.KEY_PROOF_REQUIRED;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_DECLARED;
import static io.prokura.kernel.Refusal.PURPOSE_REQUIRED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Prover;
import io.prokura.app.Story;
import io.prokura.json.Json;
import io.prokura.sql.Database;
import io.prokura.sql.FaultyDatabase;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Agents of somebody else's platform that come by its assertions
/// (draft-carleton-workload-authz-grant), over HTTP, on every database. A subclass names it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WorkloadAssertionContract {
  private final FaultyDatabase database;
  private final Story story;
  private final String reader;
  private final String searcher;
  private final Platform begun;

  WorkloadAssertionContract(Database opened) {
    database = new FaultyDatabase(opened);
    story = Story.on(() -> database);
    reader = role(story, story.crm, "tickets.read");
    searcher = role(story, story.crm, "search");
    begun =
        Platform.registered(
            story,
            Platform.active(
                story,
                mapped("groups", "support-eng", reader),
                mapped("roles", "seeker", searcher)));
  }

  /// Every test has its minute, so that none is one too many for another.
  @BeforeEach
  void later() {
    story.pass(Duration.ofSeconds(70));
  }

  @AfterAll
  void end() {
    story.close();
  }

  private Platform platform(Json.Builder terms) {
    return Platform.registered(story, terms);
  }

  private Prover fresh(Platform of) {
    assertThat(of.story).isSameAs(story);
    return new Prover(story.now());
  }

  /// A token of the platform's agent `sub`, which is in the group that may read.
  private String own(Platform of, String sub, Prover by) {
    return of.bare(by, Platform.form(of.saying(sub, "support-eng"))).token();
  }

  private Answer redeem(Platform of, String assertion, String... more) {
    return of.bare(fresh(of), Platform.form(assertion, more));
  }

  // The six lines of the checklist

  @Test
  void keysAreOneIssuersAloneAndSubAndJtiMeanSomethingWithinItsRegistration() {
    var other = platform(Platform.active(story, mapped("groups", "support-eng", reader)));
    var first = redeem(begun, begun.saying("agent-1", "support-eng")).token();
    var jti = Json.text("the-same-name");
    var claims = Elsewhere.with(begun.claims("agent-2").build(), "jti", jti);
    var groups = Json.texts(List.of("support-eng"));
    redeem(begun, begun.signed(Json.object().putAll(claims.members()).put("groups", groups)))
        .good();
    var there = Elsewhere.with(other.claims("agent-1").build(), "jti", jti);
    var second =
        redeem(other, other.signed(Json.object().putAll(there.members()).put("groups", groups)))
            .token();
    assertThat(claim(second, "sub")).isNotEqualTo(claim(first, "sub"));
  }

  @Test
  void anUnseenNameIsADiscoveredAgentThatGetsNothingUntilItIsAdopted() {
    var platform = platform(Platform.terms(story, mapped("groups", "support-eng", reader)));
    var refused = redeem(platform, platform.saying("agent-7", "support-eng"));
    var agent = named(refused);
    assertThat(platform.state(agent)).isEqualTo("discovered");
    var met = story.read("/api/v1/agents/" + agent);
    assertThat(met.text("owner")).isNotEqualTo(met.text("backupOwner"));
    assertThat(met.text("backupOwner").orElseThrow()).startsWith("grp_");
    assertThat(met.texts("purposes")).hasValue(List.of(story.support));
    assertThat(named(redeem(platform, platform.saying("agent-7")))).isEqualTo(agent);
    story.act("agents", agent, "adopt");
    assertThat(named(redeem(platform, platform.saying("agent-7", "support-eng")))).isEqualTo(agent);
    story.act("agents", agent, "activate");
    var token = redeem(platform, platform.saying("agent-7", "support-eng")).token();
    assertThat(claim(token, "sub")).isEqualTo(agent);
    assertThat(platform.links()).hasSize(1);
  }

  @Test
  void permissionsFollowFromPropertiesAndNeverFromTheName() {
    for (var sub :
        List.of("groups/support-eng", "support-eng", "wimse://acme/seeker?roles=seeker")) {
      redeem(begun, begun.saying(sub)).isRefused(SCOPE_NOT_PERMITTED);
    }
    var both =
        begun.signed(
            begun.claims("both").put("groups", List.of("x", "support-eng")).put("roles", "seeker"));
    assertThat(claim(redeem(begun, both, "scope", "").token(), "scope"))
        .isEqualTo("search tickets.read");
    var near = begun.signed(begun.claims("near").put("groups", "support-eng-2").put("group", "x"));
    redeem(begun, near).isRefused(SCOPE_NOT_PERMITTED);
  }

  @Test
  void aSharedIssuerIsToldApartByAClaim() {
    var unshared = Platform.active(story, mapped("groups", "support-eng", reader));
    var shared = platform(Platform.shared(unshared, "org", "acme"));
    var ours = shared.claims("agent-1").put("groups", "support-eng").put("org", "acme");
    redeem(shared, shared.signed(ours)).good();
    assertThat(shared.links()).hasSize(1);
  }

  @Test
  void thereIsNoRefreshTokenAndAResourceIsExpected() {
    var answer = redeem(begun, begun.saying("agent-1", "support-eng")).good();
    assertThat(answer.body().members()).doesNotContainKeys("refresh_token", "id_token");
    redeem(begun, begun.saying("agent-1", "support-eng"), "resource", "")
        .isRefused(RESOURCE_UNKNOWN);
  }

  @Test
  void entriesNameTheIssuerAndTheAgentAndHideItsName() {
    redeem(begun, begun.saying("secret-name-of-it", "support-eng")).good();
    var leaf = story.newest(begun.id);
    var facts = leaf.object("facts").orElseThrow();
    assertThat(leaf.text("type")).hasValue("assertion.redeemed");
    assertThat(facts.text("grant")).hasValue("workload");
    assertThat(facts.text("by").orElseThrow()).startsWith("agt_");
    assertThat(facts.texts("roles")).hasValue(List.of(reader));
    assertThat(leaf.toText()).doesNotContain("secret-name-of-it");
    var refused = redeem(begun, begun.saying("secret-name-of-it"));
    refused.isRefused(SCOPE_NOT_PERMITTED);
    var last = story.newest(facts.text("by").orElseThrow());
    assertThat(last.text("type")).hasValue("request.refused");
    assertThat(last.toText()).doesNotContain("secret-name-of-it");
  }

  // The token

  @Test
  void theTokenIsTheAgentsOwnBoundToItsKeyAndRestsOnTheIssuer() {
    var prover = fresh(begun);
    var answer = begun.bare(prover, Platform.form(begun.saying("agent-9", "support-eng"))).good();
    var token = answer.token();
    assertThat(answer.text("token_type")).isEqualTo("DPoP");
    assertThat(claim(token, "client_id")).isEqualTo(claim(token, "sub"));
    assertThat(claim(token, "sub_profile")).isEqualTo("ai_agent");
    assertThat(claim(token, "purpose")).isEqualTo("support");
    assertThat(claims(token).object("cnf").orElseThrow().text("jkt")).hasValue(prover.jkt());
    assertThat(claims(token).members()).doesNotContainKey("act");
    assertThat(claims(token).texts("lin").orElseThrow()).contains(begun.id, claim(token, "sub"));
    assertThat(claims(token).object("rol").orElseThrow().texts(claim(token, "sub")))
        .hasValue(List.of(reader));
    assertThat(story.gateway.sees(token)).isTrue();
    assertThat(
            story
                .gateway
                .decides(token, claim(token, "sub"), "Crm", "tickets.read")
                .body()
                .flag("decision"))
        .hasValue(true);
    begun.redeemWithoutKey(begun.saying("agent-9", "support-eng")).isRefused(KEY_PROOF_REQUIRED);
  }

  @Test
  void aTokenIsForBearersOnlyWhereTheTermsSaySo() {
    var bearer =
        platform(
            Platform.active(story, mapped("groups", "support-eng", reader))
                .put("bearerTokens", true));
    var answer = bearer.redeemWithoutKey(bearer.saying("agent-1", "support-eng")).good();
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
  }

  @Test
  void theArithmeticCanBeReadBack() {
    var token = redeem(begun, begun.saying("agent-8", "support-eng")).token();
    var agent = claim(token, "sub");
    var entry = story.read("/api/v1/audit/" + claim(token, "jti")).object("leaf").orElseThrow();
    var operands = entry.object("facts").orElseThrow().object("operands").orElseThrow();
    assertThat(operands.text("assertion about " + agent)).hasValue("tickets.read");
    assertThat(operands.text("principal 0")).hasValue("tickets.read");
  }

  @Test
  void whoIsBelievedNoMoreEndsEverything() {
    var platform = platform(Platform.active(story, mapped("groups", "support-eng", reader)));
    var token = own(platform, "agent-1", fresh(platform));
    assertThat(story.gateway.sees(token)).isTrue();
    story.act("trusted-issuers", platform.id, "deactivate");
    assertThat(story.gateway.sees(token)).isFalse();
    story.act("trusted-issuers", platform.id, "activate");
    assertThat(story.gateway.sees(token)).isFalse();
    assertThat(story.gateway.sees(own(platform, "agent-1", fresh(platform)))).isTrue();
  }

  @Test
  void aPurposeFollowsFromPropertiesToo() {
    var mapping =
        Json.object()
            .put("claim", "ctx")
            .put("value", "billing")
            .put("purposes", List.of(story.billing))
            .build();
    var platform =
        platform(Platform.active(story, mapped("groups", "support-eng", reader), mapping));
    redeem(platform, platform.saying("a", "support-eng"), "purpose", "billing")
        .isRefused(PURPOSE_NOT_DECLARED);
    var claims = platform.claims("a").put("groups", "support-eng").put("ctx", "billing");
    redeem(platform, platform.signed(claims)).isRefused(PURPOSE_REQUIRED);
    var more = platform.claims("a").put("groups", "support-eng").put("ctx", "billing");
    assertThat(
            claim(redeem(platform, platform.signed(more), "purpose", "billing").token(), "purpose"))
        .isEqualTo("billing");
  }

  // Life

  @Test
  void severalFirstAssertionsMakeOneAgent() throws Exception {
    Callable<String> attempt = () -> claim(own(begun, "raced", new Prover(story.now())), "sub");
    try (var threads = Executors.newFixedThreadPool(4)) {
      var agents = new HashSet<String>();
      for (var one : threads.invokeAll(List.of(attempt, attempt, attempt, attempt))) {
        agents.add(one.get());
      }
      assertThat(agents).hasSize(1);
    }
    assertThat(begun.links().stream().filter(one -> one.text("sub").orElseThrow().equals("raced")))
        .hasSize(1);
  }

  @Test
  void whoIsStoppedGetsNothingAndARetiredNameMakesNoOther() {
    var agent = claim(own(begun, "stopped", fresh(begun)), "sub");
    for (var step : List.of("suspend", "quarantine", "retire")) {
      story.act("agents", agent, step);
      assertThat(named(redeem(begun, begun.saying("stopped", "support-eng")))).isEqualTo(agent);
    }
    assertThat(begun.state(agent)).isEqualTo("retired");
    var platform = platform(Platform.terms(story));
    var dismissed = named(redeem(platform, platform.saying("turned-away")));
    story.act("agents", dismissed, "dismiss");
    assertThat(named(redeem(platform, platform.saying("turned-away")))).isEqualTo(dismissed);
  }

  @Test
  void noMoreAgentsAreMadeThanTheTermsSay() {
    var few = platform(Platform.with(Platform.terms(story), "agentsMax", new Json.Whole(2)));
    var first = named(redeem(few, few.saying("a")));
    named(redeem(few, few.saying("b")));
    var third = redeem(few, few.saying("c")).isRefused(PRINCIPAL_NOT_ACTIVE);
    assertThat(third.text("error_description")).contains("agentsMax");
    assertThat(few.links()).hasSize(2);
    story.act("agents", first, "dismiss");
    redeem(few, few.saying("c")).isRefused(PRINCIPAL_NOT_ACTIVE);
    assertThat(few.links()).hasSize(2);
  }

  @Test
  void whereNobodyAnswersAnyMoreAnAgentIsOnlyDiscovered() {
    var owner = story.user("gone");
    var platform = platform(Platform.with(Platform.active(story), "owner", Json.text(owner)));
    story.act("users", owner, "deactivate");
    var agent = named(redeem(platform, platform.saying("a")));
    assertThat(platform.state(agent)).isEqualTo("discovered");
  }

  @Test
  void aRoleThatWasTakenAwayIsNotGivenAgain() {
    var agent = claim(own(begun, "less", fresh(begun)), "sub");
    var path = "/api/v1/role-assignments?holder=" + agent;
    var items = ((Json.Arr) story.read(path).get("items").orElseThrow()).items();
    assertThat(items).hasSize(1);
    story.act("role-assignments", ((Json.Obj) items.getFirst()).text("id").orElseThrow(), "revoke");
    redeem(begun, begun.saying("less", "support-eng")).isRefused(SCOPE_NOT_PERMITTED);
  }

  // What it does with the token

  @Test
  void itUsesADelegationByItsTokenAndKey() {
    var role =
        story.register(
            "roles",
            Json.object()
                .put("name", story.fresh("role"))
                .put(
                    "permissions",
                    Json.array(
                        List.of(
                            allowed("own", "tickets.read"),
                            allowed("onBehalf", "tickets.read", "tickets.update")))));
    var platform =
        platform(
            Platform.active(
                story, mapped("groups", "support-eng", role), mapped("groups", "seek", searcher)));
    var prover = fresh(platform);
    var own = own(platform, "worker", prover);
    var agent = new Party(story.server, claim(own, "sub"), "", platform.key);
    var delegation = story.delegate(story.alice, agent, Json.object().put("depthMax", 3));
    var used = platform.use(own, prover, delegation).good();
    var token = used.token();
    assertThat(used.text("token_type")).isEqualTo("DPoP");
    assertThat(claim(token, "sub")).isEqualTo(story.alice);
    assertThat(claims(token).object("act")).hasValue(agent.act());
    assertThat(claim(token, "scope")).isEqualTo("tickets.read tickets.update");
    assertThat(claims(token).texts("lin").orElseThrow()).contains(platform.id);
    // What it has by an earlier word of its platform doesn't count with this one.
    var both = platform.saying("worker", "support-eng", "seek");
    platform.bare(fresh(platform), Platform.form(both)).good();
    platform.use(own, prover, delegation, "scope", "search").isRefused(SCOPE_NOT_PERMITTED);
    var lookup = story.permitted(story.agent(story.support));
    var offered =
        platform.exchange(
            own,
            prover,
            "subject_token",
            token,
            "subject_token_type",
            Party.ACCESS_TOKEN,
            "requested_token_type",
            Party.HAND_OVER,
            "requested_actor",
            lookup.id(),
            "scope",
            "tickets.read");
    var taken = lookup.take(offered.token()).token();
    assertThat(story.gateway.sees(taken)).isTrue();
    story.act("trusted-issuers", platform.id, "deactivate");
    assertThat(story.gateway.sees(token)).isFalse();
    assertThat(story.gateway.sees(taken)).isFalse();
  }

  private Json.Obj allowed(String mode, String... actions) {
    return Json.object()
        .put("resource", story.crm)
        .put("actions", List.of(actions))
        .put("mode", mode)
        .build();
  }

  // Faults

  @Test
  void whatFailsHalfwayLeavesNothingAndComesRightWhenItIsSentAgain() {
    var platform = platform(Platform.active(story, mapped("groups", "support-eng", reader)));
    for (var fault : List.of(FaultyDatabase.Fault.BEFORE, FaultyDatabase.Fault.BEFORE_COMMIT)) {
      var assertion = platform.saying("unlucky " + fault, "support-eng");
      database.fail(fault, false);
      assertThat(redeem(platform, assertion).status()).isEqualTo(503);
      database.heal();
      later();
      assertThat(platform.links()).isEmpty();
    }
    var twice = platform.saying("done twice", "support-eng");
    database.fail(FaultyDatabase.Fault.RUN_AGAIN, false);
    redeem(platform, twice).good();
    database.heal();
    assertThat(platform.links()).hasSize(1);
  }
}
