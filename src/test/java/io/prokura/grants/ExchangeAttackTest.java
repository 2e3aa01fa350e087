package io.prokura.grants;

import static io.prokura.app.Party.ACCESS_TOKEN;
import static io.prokura.app.Party.DELEGATION;
import static io.prokura.app.Party.EXCHANGE;
import static io.prokura.app.Party.HAND_OVER;
import static io.prokura.app.Story.ARCHIVE;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.DUPLICATE_PARAMETER;
import static io.prokura.kernel.Refusal.HAND_OVER_USED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.TARGET_NOT_DELEGATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Real tokens and delegations in the wrong hands, at the wrong place or for a second time get
/// nobody anything, and every attempt is on record.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExchangeAttackTest {
  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party lookup = crew.lookup();
  private final Party stranger = story.permitted(story.agent(story.support));

  @AfterAll
  void end() {
    story.close();
  }

  private String used(String... more) {
    return triage.use(crew.delegation(), more).token();
  }

  private String taken(String held) {
    return lookup.take(triage.handOver(held, lookup).token()).token();
  }

  @Test
  void possessionOfAnAccessTokenMakesNobodyItsActor() {
    var held = used();
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.handOver(held, lookup));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.handOver(held, triage));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.downstream(held));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.downstream(held, "resource", CRM));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.take(held));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.handOver(held, stranger));
    var child = taken(held);
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(child, stranger));
  }

  @Test
  void anAgentCallsNothingDownstreamWithATokenOfItsOwn() {
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.downstream(used()));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.downstream(triage.own().token()));
  }

  @Test
  void onlyTheWorkloadThatATokenWasSentToCallsDownstreamWithIt() {
    var sent = used();
    story.refuses(story.archivist, SUBJECT_TOKEN_INVALID, story.archivist.downstream(sent));
    var other = story.workload("other");
    story.permit(other.id(), story.archive, "onBehalf", "records.read");
    story.refuses(other, SUBJECT_TOKEN_INVALID, other.downstream(sent));
    var further = story.gateway.downstream(sent).token();
    story.refuses(
        story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(further, "resource", CRM));
  }

  @Test
  void aDelegationIsForItsDelegateAlone() {
    story.refuses(stranger, ACTOR_UNAUTHORIZED, stranger.use(crew.delegation()));
    story.refuses(story.gateway, ACTOR_UNAUTHORIZED, story.gateway.use(crew.delegation()));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.use("dlg_00000000000000000000000000"));
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.use(stranger.id()));
    var application = story.application("portal");
    story.refuses(application, CLIENT_NOT_ALLOWED, application.use(crew.delegation()));
  }

  @Test
  void theDelegationOfAHandOverIsNoStandingOne() {
    var held = used();
    var child = taken(held);
    var work = claims(child).texts("dlg").orElseThrow().getLast();
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.use(work));
    story.refuses(triage, ACTOR_UNAUTHORIZED, triage.use(work));
  }

  @Test
  void aRevokedDelegationIsOverWithAllThatWasMadeFromIt() {
    var mine = story.delegate(story.alice, triage, Json.object().put("depthMax", 3));
    var held = triage.use(mine).token();
    var handOver = triage.handOver(held, lookup).token();
    var child = taken(held);
    var downstream = story.gateway.downstream(held).token();
    story.act("delegations", mine, "revoke");
    story.refuses(triage, DELEGATION_INACTIVE, triage.use(mine));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(held, lookup));
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.take(handOver));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(child));
    assertThat(story.gateway.sees(held)).isFalse();
    assertThat(story.gateway.sees(child)).isFalse();
    assertThat(story.archivist.sees(downstream)).isFalse();
  }

  @Test
  void aDelegationThatRanOutIsOver() {
    var end = story.now().plusSeconds(30).toString();
    var brief = story.delegate(story.alice, triage, Json.object().put("expiresAt", end));
    story.pass(Duration.ofSeconds(30));
    story.refuses(triage, DELEGATION_INACTIVE, triage.use(brief));
  }

  @Test
  void revokingTheParentTakesChildrenAndHandOversAlong() {
    var held = used();
    var sibling = used();
    var handOver = triage.handOver(held, lookup).token();
    var child = taken(held);
    var downstream = story.gateway.downstream(held).token();
    assertThat(triage.revoke(held).status()).isEqualTo(200);
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.take(handOver));
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.handOver(child, stranger));
    assertThat(story.gateway.sees(held)).isFalse();
    assertThat(story.gateway.sees(child)).isFalse();
    assertThat(story.archivist.sees(downstream)).isFalse();
    assertThat(story.gateway.sees(sibling)).as("another token of the same agent").isTrue();
  }

  @Test
  void revokingTheCredentialThatHandedOverTakesTheHandOverAlong() {
    var mine = story.crew();
    var held = mine.triage().use(mine.delegation()).token();
    var form =
        Party.byAssertion(
            mine.triage().assertion(story.world),
            "grant_type",
            EXCHANGE,
            "subject_token",
            held,
            "subject_token_type",
            ACCESS_TOKEN,
            "requested_token_type",
            HAND_OVER,
            "requested_actor",
            mine.lookup().id());
    var handOver = mine.triage().bare(form).token();
    story.act("credentials", story.credential(mine.triage(), "key"), "revoke");
    assertThat(story.gateway.sees(held)).as("it rests on the secret").isTrue();
    story.refuses(mine.lookup(), SUBJECT_TOKEN_INVALID, mine.lookup().take(handOver));
  }

  @Test
  void aHandOverIsForOneAgentAlone() {
    var handOver = triage.handOver(used(), lookup).token();
    story.refuses(stranger, SUBJECT_TOKEN_INVALID, stranger.take(handOver));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.take(handOver));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.take(handOver));
    assertThat(lookup.take(handOver).status()).isEqualTo(200);
  }

  @Test
  void aHandOverIsGoodOnceAndForAMinute() {
    var held = used();
    var handOver = triage.handOver(held, lookup).token();
    assertThat(lookup.take(handOver).status()).isEqualTo(200);
    story.refuses(lookup, HAND_OVER_USED, lookup.take(handOver));
    story.refuses(lookup, HAND_OVER_USED, lookup.take(handOver, "scope", "search"));
    var late = triage.handOver(held, lookup).token();
    story.pass(Duration.ofSeconds(60));
    story.refuses(lookup, SUBJECT_TOKEN_INVALID, lookup.take(late));
  }

  @Test
  void ofManyWhoTakeAHandOverAtOnceOneGetsIt() throws Exception {
    int tries = 4;
    var handOver = triage.handOver(used(), lookup).token();
    var together = new CyclicBarrier(tries);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Answer>>();
      for (int i = 0; i < tries; i++) {
        all.add(
            threads.submit(
                () -> {
                  together.await(10, TimeUnit.SECONDS);
                  return lookup.take(handOver);
                }));
      }
      var winners = new ArrayList<String>();
      for (var one : all) {
        var answer = one.get(20, TimeUnit.SECONDS);
        if (answer.status() == 200) {
          winners.add(answer.token());
        } else {
          answer.isRefused(HAND_OVER_USED);
        }
      }
      assertThat(winners).hasSize(1);
    }
    var given = story.read("/api/v1/delegations?limit=200&principal=" + lookup.id()).get("items");
    assertThat(((Json.Arr) given.orElseThrow()).items())
        .as("delegations that hand-overs left, each with a parent")
        .hasSizeGreaterThanOrEqualTo(1);
  }

  @Test
  void aHandOverIsForTheResourceItWasMadeFor() {
    var handOver = triage.handOver(used("scope", "search"), lookup, "scope", "search").token();
    story.refuses(
        lookup,
        TARGET_NOT_DELEGATED,
        lookup.take(handOver, "resource", ARCHIVE, "scope", "search"));
    story.refuses(lookup, TARGET_NOT_DELEGATED, lookup.take(handOver, "resource", ARCHIVE));
    assertThat(lookup.take(handOver).good().text("scope")).isEqualTo("search");
  }

  @Test
  void onlyWhatWasDelegatedIsHandedOver() {
    var own = triage.own().token();
    story.refuses(triage, DELEGATION_INACTIVE, triage.handOver(own, lookup));
    var robot = story.workload("robot");
    story.permit(robot.id(), story.crm, "own", "tickets.read");
    story.permit(robot.id(), story.archive, "own", "records.read");
    var sent = story.gateway.downstream(robot.own().token(), "scope", "records.read").token();
    assertThat(claims(sent).members()).doesNotContainKeys("purpose", "dlg");
    story.refuses(story.gateway, DELEGATION_INACTIVE, story.gateway.handOver(sent, lookup));
  }

  @Test
  void whatAnAgentMayDoForOthersItMayNotDoForItselfThroughAnApi() {
    var own = triage.own().token();
    story.refuses(triage, SCOPE_NOT_PERMITTED, triage.own("resource", ARCHIVE));
    story.refuses(story.gateway, SCOPE_NOT_PERMITTED, story.gateway.downstream(own));
  }

  @Test
  void aHandOverNamesAnActiveAgentThatDoesNotTakePartYet() {
    var held = used();
    var child = taken(held);
    story.refuses(triage, ACTOR_UNAUTHORIZED, triage.handOver(held, triage));
    story.refuses(lookup, ACTOR_UNAUTHORIZED, lookup.handOver(child, triage));
    story.refuses(triage, ACTOR_UNAUTHORIZED, triage.handOver(held, story.gateway));
    for (var nobody : List.of(story.alice, crew.delegation(), "lookup")) {
      story.refuses(
          triage, ACTOR_UNAUTHORIZED, triage.handOver(held, lookup, "requested_actor", nobody));
    }
    var unknown = "agt_00000000000000000000000000";
    story.refuses(
        triage, PRINCIPAL_NOT_ACTIVE, triage.handOver(held, lookup, "requested_actor", unknown));
    var idle = story.permitted(story.agent(story.support));
    story.step(idle, "suspend");
    story.refuses(triage, PRINCIPAL_NOT_ACTIVE, triage.handOver(held, idle));
  }

  @Test
  void aWorkloadStandsInAChainOnce() {
    story.permit(story.gateway.id(), story.crm, "onBehalf", "tickets.read");
    var once = story.gateway.downstream(used(), "resource", CRM).token();
    story.refuses(story.gateway, ACTOR_UNAUTHORIZED, story.gateway.downstream(once));
  }

  @Test
  void aChainIsNoDeeperThanTheDelegationAllows() {
    var child = taken(used());
    var grandchild = stranger.take(lookup.handOver(child, stranger).token()).token();
    var fourth = story.permitted(story.agent(story.support));
    story.refuses(stranger, CHAIN_TOO_DEEP, stranger.handOver(grandchild, fourth));
    story.refuses(story.gateway, CHAIN_TOO_DEEP, story.gateway.downstream(grandchild));
    var shallow = story.delegate(story.alice, triage, Json.object());
    var held = triage.use(shallow).token();
    story.refuses(triage, CHAIN_TOO_DEEP, triage.handOver(held, lookup));
    story.refuses(story.gateway, CHAIN_TOO_DEEP, story.gateway.downstream(held));
  }

  @Test
  void noChainIsDeeperThanTheServerAllows() {
    var deepest = story.delegate(story.alice, triage, Json.object().put("depthMax", 4));
    var held = triage.use(deepest).token();
    var holder = triage;
    for (int actors = 2; actors <= 4; actors++) {
      var next = story.permitted(story.agent(story.support));
      held = next.take(holder.handOver(held, next).token()).token();
      holder = next;
    }
    story.refuses(holder, CHAIN_TOO_DEEP, holder.handOver(held, stranger));
    story.refuses(story.gateway, CHAIN_TOO_DEEP, story.gateway.downstream(held));
    assertThat(story.gateway.sees(held)).isTrue();
  }

  @Test
  void anActorTokenIsTheCallersOwnAndRestsOnNobodyElse() {
    var held = used();
    var own = triage.own().token();
    refusesActorToken(held, "a delegated token");
    refusesActorToken(lookup.own().token(), "somebody else's");
    refusesActorToken(triage.handOver(held, lookup).token(), "a hand-over");
    refusesActorToken(crew.delegation(), "a delegation");
    triage.revoke(own);
    refusesActorToken(own, "a revoked one");
  }

  private void refusesActorToken(String actorToken, String what) {
    var answer =
        triage.use(crew.delegation(), "actor_token", actorToken, "actor_token_type", ACCESS_TOKEN);
    assertThat(answer.status()).as(what).isEqualTo(400);
    story.refuses(triage, ACTOR_TOKEN_INVALID, answer);
  }

  @Test
  void parametersThatMeanNothingTogetherAreRefused() {
    var own = triage.own().token();
    var dlg = crew.delegation();
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "actor_token", own));
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "actor_token_type", ACCESS_TOKEN));
    for (var type : List.of(DELEGATION, HAND_OVER, "urn:ietf:params:oauth:token-type:jwt")) {
      story.refuses(
          triage, MALFORMED_REQUEST, triage.use(dlg, "actor_token", own, "actor_token_type", type));
    }
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "subject_token_type", ""));
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "subject_token", ""));
    for (var type : List.of("id_token", "refresh_token", "saml2", "jwt", "Access_Token")) {
      var urn = "urn:ietf:params:oauth:token-type:" + type;
      story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "subject_token_type", urn));
      story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "requested_token_type", urn));
    }
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "requested_token_type", DELEGATION));
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "requested_token_type", HAND_OVER));
    story.refuses(triage, MALFORMED_REQUEST, triage.use(dlg, "requested_actor", lookup.id()));
    story.refuses(
        triage,
        MALFORMED_REQUEST,
        triage.use(dlg, "requested_token_type", HAND_OVER, "requested_actor", lookup.id()));
    story.refuses(
        triage, MALFORMED_REQUEST, triage.handOver(used(), lookup, "requested_actor", ""));
  }

  @Test
  void aTokenIsForOneRegisteredResource() {
    var dlg = crew.delegation();
    var form =
        Party.form("grant_type", EXCHANGE, "subject_token", dlg, "subject_token_type", DELEGATION);
    for (var several :
        List.of(
            "&resource=" + CRM + "&resource=" + ARCHIVE,
            "&resource=" + CRM + "&audience=" + ARCHIVE,
            "&audience=" + CRM + "&audience=" + ARCHIVE)) {
      story.refuses(triage, RESOURCE_UNKNOWN, triage.post("/oauth2/token", form + several));
    }
    var twice = "&resource=" + CRM + "&resource=" + CRM;
    assertThat(triage.post("/oauth2/token", form + twice).status()).isEqualTo(200);
    for (var nowhere :
        List.of("https://nowhere.example", CRM + "/", CRM + "#x", "HTTPS://crm.example/mcp")) {
      story.refuses(triage, RESOURCE_UNKNOWN, triage.use(dlg, "resource", nowhere));
    }
    story.refuses(triage, RESOURCE_UNKNOWN, triage.use(dlg, "resource", ""));
    var api = story.server.issuer() + "/api/v1";
    story.refuses(triage, SCOPE_NOT_PERMITTED, triage.use(dlg, "resource", api));
  }

  /// Nothing else may repeat. The form is not read on, so nobody has authenticated.
  @Test
  void noOtherParameterStandsTwice() {
    var form =
        Party.form(
            "grant_type",
            EXCHANGE,
            "subject_token",
            crew.delegation(),
            "subject_token_type",
            DELEGATION,
            "resource",
            CRM);
    for (var name :
        List.of(
            "grant_type",
            "subject_token",
            "subject_token_type",
            "scope",
            "purpose",
            "requested_actor",
            "client_id")) {
      var twice = form + "&" + name + "=a&" + name + "=b";
      triage.post("/oauth2/token", twice).isRefused(DUPLICATE_PARAMETER);
      triage
          .post("/oauth2/token", form + "&" + name + "=&" + name + "=")
          .isRefused(DUPLICATE_PARAMETER);
    }
  }
}
