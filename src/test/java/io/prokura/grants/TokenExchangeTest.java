package io.prokura.grants;

import static io.prokura.app.Party.ACCESS_TOKEN;
import static io.prokura.app.Party.HAND_OVER;
import static io.prokura.app.Story.ARCHIVE;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static io.prokura.kernel.Refusal.POLICY_FORBIDS;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.SCOPE_NOT_DELEGATED;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SCOPE_UNKNOWN;
import static io.prokura.kernel.Refusal.TARGET_NOT_DELEGATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.jose.Base64Url;
import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The four forms of token exchange over HTTP: what comes out of each, that it is never more than
/// what went in, and that every operand of the arithmetic can say no.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TokenExchangeTest {
  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party lookup = crew.lookup();

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

  private static List<String> delegations(String token) {
    return claims(token).texts("dlg").orElseThrow();
  }

  private static Json.Obj act(String token) {
    return claims(token).object("act").orElseThrow();
  }

  private static long exp(String token) {
    return claims(token).number("exp").orElseThrow();
  }

  private static void isBearer(Answer answer) {
    assertThat(answer.good().body().members())
        .containsOnlyKeys(
            "access_token",
            "token_type",
            "expires_in",
            "scope",
            "entry",
            "authorization_details",
            "issued_token_type");
    assertThat(answer.text("token_type")).isEqualTo("Bearer");
    assertThat(answer.text("issued_token_type")).isEqualTo(ACCESS_TOKEN);
  }

  @Test
  void anAgentThatUsesADelegationActsForTheDelegator() {
    var answer = triage.use(crew.delegation(), "scope", "tickets.read");
    isBearer(answer);
    assertThat(answer.body().number("expires_in")).hasValue(300L);
    var token = answer.token();
    var claims = claims(token);
    assertThat(header(token).text("typ")).hasValue("at+jwt");
    long now = story.now().getEpochSecond();
    assertThat(claims)
        .isEqualTo(
            Json.object()
                .put("iss", story.server.issuer())
                .put("sub", story.alice)
                .put("sub_profile", "user")
                .put("client_id", triage.id())
                .put("scope", "tickets.read")
                .put("purpose", "support")
                .put("act", triage.act())
                .put("dlg", List.of(crew.delegation()))
                .put("tsk", claim(token, "tsk"))
                .put("cut", claims.number("cut").orElseThrow())
                .put("lin", claims.texts("lin").orElseThrow())
                .put("aud", CRM)
                .put("jti", claim(token, "jti"))
                .put("iat", now)
                .put("exp", now + 300)
                .build());
    assertThat(claims.texts("lin").orElseThrow())
        .hasSize(5)
        .contains(story.alice, triage.id(), crew.delegation(), story.support);
  }

  @Test
  void aHandOverIsForOneAgentAndThisServerAlone() {
    var held = used("scope", "tickets.read search");
    var answer = triage.handOver(held, lookup, "scope", "search");
    assertThat(answer.good().text("token_type")).isEqualTo("N_A");
    assertThat(answer.text("issued_token_type")).isEqualTo(HAND_OVER);
    assertThat(answer.text("scope")).isEqualTo("search");
    assertThat(answer.body().number("expires_in")).hasValue(60L);
    var handOver = answer.token();
    assertThat(header(handOver).text("typ")).hasValue("hand-over+jwt");
    var claims = claims(handOver);
    assertThat(claims.text("aud")).hasValue(story.server.issuer());
    assertThat(claims.object("may_act")).hasValue(lookup.act());
    assertThat(claims.object("act")).hasValue(lookup.act(triage.act()));
    assertThat(exp(handOver) - story.now().getEpochSecond()).isEqualTo(60);
    assertThat(claims.texts("lin").orElseThrow()).contains(claim(held, "jti"));
    assertThat(story.gateway.sees(handOver)).as("it opens nothing").isFalse();
  }

  @Test
  void theChainGrowsOnTopAndKeepsWhatWasThereByteForByte() {
    var held = used();
    var child = taken(held);
    assertThat(act(child)).isEqualTo(lookup.act(triage.act()));
    assertThat(claim(child, "sub")).isEqualTo(story.alice);
    assertThat(claim(child, "client_id")).isEqualTo(lookup.id());
    assertThat(claim(child, "tsk")).isEqualTo(claim(held, "tsk"));
    assertThat(text(child)).contains("\"act\":" + act(held).toText());
    assertThat(claims(child).texts("lin").orElseThrow())
        .containsAll(claims(held).texts("lin").orElseThrow())
        .contains(claim(held, "jti"), lookup.id());
    var third = story.permitted(story.agent(story.support));
    var grandchild = third.take(lookup.handOver(child, third).token()).token();
    assertThat(act(grandchild)).isEqualTo(third.act(lookup.act(triage.act())));
    assertThat(text(grandchild)).contains("\"act\":" + act(child).toText());
  }

  private static String text(String token) {
    var payload = Base64Url.decode(token.split("\\.", -1)[1]).orElseThrow();
    return new String(payload, StandardCharsets.UTF_8);
  }

  @Test
  void takingAHandOverPutsANarrowerDelegationOnRecord() {
    var held = used("scope", "tickets.read search");
    var answer = lookup.take(triage.handOver(held, lookup, "scope", "search").token());
    isBearer(answer);
    var child = answer.token();
    assertThat(delegations(child)).hasSize(2).startsWith(crew.delegation());
    var work = story.read("/api/v1/delegations/" + delegations(child).getLast());
    assertThat(work.text("parent")).hasValue(crew.delegation());
    assertThat(work.text("state")).hasValue("active");
    assertThat(work.text("delegator")).hasValue(triage.id());
    assertThat(work.text("delegate")).hasValue(lookup.id());
    assertThat(work.text("purpose")).hasValue(story.support);
    assertThat(work.get("covers")).hasValue(Json.array(List.of(Story.covers(story.crm, "search"))));
    assertThat(claims(child).texts("lin").orElseThrow()).containsAll(delegations(child));
  }

  @Test
  void anApiCallsAnotherOneForItsCaller() {
    var sent = used();
    var answer = story.gateway.downstream(sent, "scope", "records.read");
    isBearer(answer);
    var token = answer.token();
    assertThat(claim(token, "aud")).isEqualTo(ARCHIVE);
    assertThat(claim(token, "sub")).isEqualTo(story.alice);
    assertThat(act(token)).isEqualTo(story.gateway.act(triage.act()));
    assertThat(delegations(token)).containsExactly(crew.delegation());
    assertThat(claims(token).texts("lin").orElseThrow()).contains(claim(sent, "jti"));
    assertThat(story.archivist.sees(token)).isTrue();
    assertThat(story.gateway.sees(token)).as("the gateway does not enforce the archive").isFalse();
  }

  @Test
  void scopeOnlyNarrows() {
    var held = used("scope", "tickets.read search");
    assertThat(claim(taken(held), "scope")).isEqualTo("search tickets.read");
    story.refuses(
        triage,
        SCOPE_NOT_DELEGATED,
        triage.handOver(held, lookup, "scope", "tickets.read tickets.update"));
    var handOver = triage.handOver(held, lookup, "scope", "search").token();
    story.refuses(
        lookup, SCOPE_NOT_DELEGATED, lookup.take(handOver, "scope", "tickets.read search"));
    assertThat(lookup.take(handOver).good().text("scope"))
        .as("a take that was refused used nothing up")
        .isEqualTo("search");
  }

  @Test
  void purposeOnlyNarrows() {
    var held = used("purpose", "support.triage");
    assertThat(claim(held, "purpose")).isEqualTo("support.triage");
    assertThat(claim(held, "scope")).isEqualTo("search tickets.read");
    assertThat(claim(taken(held), "purpose")).isEqualTo("support.triage");
    for (var other : List.of("support", "billing", "unheard.of")) {
      story.refuses(triage, PURPOSE_NOT_COVERING, triage.handOver(held, lookup, "purpose", other));
    }
    for (var other : List.of("billing", "unheard.of")) {
      story.refuses(triage, PURPOSE_NOT_COVERING, triage.use(crew.delegation(), "purpose", other));
    }
    var broad = used();
    var narrowed = triage.handOver(broad, lookup, "purpose", "support.triage").token();
    assertThat(claim(lookup.take(narrowed).token(), "scope")).isEqualTo("search tickets.read");
    story.refuses(
        story.gateway, PURPOSE_NOT_COVERING, story.gateway.downstream(held, "scope", "search"));
  }

  @Test
  void aTokenEndsNoLaterThanWhatItRestsOn() {
    var end = story.now().plusSeconds(120);
    var brief =
        story.delegate(
            story.alice, triage, Json.object().put("expiresAt", end.toString()).put("depthMax", 2));
    var held = triage.use(brief).token();
    assertThat(exp(held)).isEqualTo(end.getEpochSecond());
    var downstream = story.gateway.downstream(held).token();
    assertThat(exp(downstream)).isEqualTo(end.getEpochSecond());
    story.pass(Duration.ofSeconds(90));
    var handOver = triage.handOver(held, lookup).token();
    assertThat(exp(handOver)).isEqualTo(end.getEpochSecond());
    assertThat(exp(lookup.take(handOver).token())).isEqualTo(end.getEpochSecond());
    story.pass(Duration.ofSeconds(30));
    triage.use(brief).isRefused(Refusal.DELEGATION_INACTIVE);
    triage.handOver(held, lookup).isRefused(Refusal.SUBJECT_TOKEN_INVALID);
  }

  @Test
  void aTokenEndsWithItsPurpose() {
    var end = story.now().plusSeconds(90);
    var campaign =
        story.register(
            "purposes",
            Json.object()
                .put("name", story.fresh("campaign"))
                .put("owner", story.dana)
                .put("covers", Json.array(List.of(Story.covers(story.crm, "tickets.read"))))
                .put("expiresAt", end.toString()));
    var only = Json.array(List.of(Story.covers(story.crm, "tickets.read")));
    var delegation =
        story.delegate(
            story.alice, triage, Json.object().put("purpose", campaign).put("covers", only));
    var token = triage.use(delegation).token();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    story.pass(Duration.ofSeconds(90));
    story.refuses(triage, PURPOSE_NOT_COVERING, triage.use(delegation));
  }

  @Test
  void whoAsksForNothingGetsTheIntersectionOfAll() {
    var person = story.user("carol");
    story.permit(person, story.crm, "own", "tickets.read", "tickets.update", "tickets.wipe");
    var agent = story.agent(story.support);
    story.permit(agent.id(), story.crm, "onBehalf", "tickets.read", "tickets.update", "search");
    var delegation =
        story.delegate(
            person,
            agent,
            Json.object()
                .put(
                    "covers",
                    Json.array(List.of(Story.covers(story.crm, "tickets.read", "search")))));
    var answer = agent.use(delegation).good();
    assertThat(answer.text("scope")).isEqualTo("tickets.read");
    var facts = story.newest(answer.text("entry")).object("facts").orElseThrow();
    var operands = facts.object("operands").orElseThrow();
    assertThat(operands.text("principal 0")).hasValue("search tickets.read tickets.update");
    assertThat(operands.text("principal 1")).hasValue("tickets.read tickets.update tickets.wipe");
    assertThat(operands.text("purpose support"))
        .hasValue("search tickets.export tickets.read tickets.update");
    assertThat(operands.text(delegation)).hasValue("search tickets.read");
  }

  @Test
  void everyOperandCanSayNo() {
    story.refuses(triage, SCOPE_UNKNOWN, triage.use(crew.delegation(), "scope", "fly"));
    var able = story.agent(story.support);
    story.permit(able.id(), story.crm, "onBehalf", "tickets.wipe", "tickets.export");
    var toAble = story.delegate(story.alice, able, Json.object());
    story.refuses(able, PURPOSE_NOT_COVERING, able.use(toAble, "scope", "tickets.wipe"));
    story.refuses(able, POLICY_FORBIDS, able.use(toAble, "scope", "tickets.export"));
    var person = story.user("carol");
    var fromHer = story.delegate(person, triage, Json.object());
    story.refuses(triage, SCOPE_NOT_PERMITTED, triage.use(fromHer));
    var unable = story.agent(story.support);
    var toIt = story.delegate(story.alice, unable, Json.object());
    story.refuses(unable, SCOPE_NOT_PERMITTED, unable.use(toIt, "scope", "search"));
    var crmOnly = Json.array(List.of(Story.covers(story.crm, "tickets.read")));
    var narrow = story.delegate(story.alice, triage, Json.object().put("covers", crmOnly));
    story.refuses(triage, SCOPE_NOT_DELEGATED, triage.use(narrow, "scope", "search"));
    story.refuses(triage, TARGET_NOT_DELEGATED, triage.use(narrow, "resource", ARCHIVE));
    story.refuses(triage, SCOPE_NOT_PERMITTED, triage.handOver(used(), unable, "scope", "search"));
  }

  @Test
  void aResourceThatHoldsThePersonsRightsIsNotSecondGuessed() {
    var host = "https://" + story.fresh("notes") + ".example";
    var notes =
        story.register(
            "resources",
            Story.resource(host, "notes.read")
                .put("enforcers", List.of(story.gateway.id()))
                .put("personRights", "held"));
    var purpose = story.purpose(story.fresh("notes"), "", Story.covers(notes, "notes.read"));
    var agent = story.agent(purpose);
    story.permit(agent.id(), notes, "onBehalf", "notes.read");
    var delegation =
        story.delegate(
            story.alice,
            agent,
            Json.object()
                .put("purpose", purpose)
                .put("covers", Json.array(List.of(Story.covers(notes, "notes.read")))));
    var answer = agent.use(delegation, "resource", host).good();
    assertThat(answer.text("scope")).isEqualTo("notes.read");
    var facts = story.newest(answer.text("entry")).object("facts").orElseThrow();
    assertThat(facts.object("operands").orElseThrow().get("principal 1"))
        .as("the operand is shown as not known")
        .hasValue(new Json.Null());
  }

  @Test
  void anActorTokenIsASecondProofOfTheCallerItself() {
    var own = triage.own().token();
    var answer =
        triage.use(crew.delegation(), "actor_token", own, "actor_token_type", ACCESS_TOKEN);
    isBearer(answer);
    var handOver = triage.handOver(answer.token(), lookup).token();
    var lookupsOwn = lookup.own().token();
    isBearer(lookup.take(handOver, "actor_token", lookupsOwn, "actor_token_type", ACCESS_TOKEN));
  }
}
