package io.prokura.grants;

import static io.prokura.app.Story.ARCHIVE;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.grants.Elsewhere.redeem;
import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SIGN_IN_TOO_OLD;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.json.Json;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Tokens by the word of a trusted issuer: for a person through an application, and for the agents
/// that act for the person, over HTTP.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JwtBearerTest {
  private final Story story = Story.begin();
  private final Elsewhere idp =
      Elsewhere.trusted(story, "jwt-bearer", "id-jag").meaning("erin@idp", story.alice);
  private final Party portal = story.application("portal");
  private final Party triage = story.permitted(story.agent(story.support));
  private final Party lookup = story.permitted(story.agent(story.support));

  @AfterAll
  void end() {
    story.close();
  }

  @Test
  void anApplicationGetsATokenForThePersonWhomTheIssuerMeans() {
    var answer = redeem(portal, idp.plain(idp.claims("erin@idp")), "scope", "tickets.read");
    var token = answer.token();
    assertThat(answer.body().text("token_type")).hasValue("Bearer");
    assertThat(answer.body().members()).doesNotContainKeys("refresh_token", "id_token");
    assertThat(claim(token, "sub")).isEqualTo(story.alice);
    assertThat(claim(token, "client_id")).isEqualTo(portal.id());
    assertThat(claim(token, "aud")).isEqualTo(CRM);
    assertThat(claim(token, "scope")).isEqualTo("tickets.read");
    assertThat(claims(token).members()).doesNotContainKeys("act", "purpose");
    assertThat(claims(token).texts("lin").orElseThrow()).contains(idp.id, story.alice, portal.id());
    assertThat(story.gateway.sees(token)).isTrue();
    var facts = story.newest(idp.id).object("facts").orElseThrow();
    assertThat(story.newest(idp.id).text("type")).hasValue("assertion.redeemed");
    assertThat(facts.text("client")).hasValue(portal.id());
    assertThat(facts.text("grant")).hasValue("jwt-bearer");
  }

  @Test
  void thePersonsRightsTheCeilingAndThePoliciesBoundIt() {
    var all = redeem(portal, idp.plain(idp.claims("erin@idp")), "resource", ARCHIVE, "scope", "");
    assertThat(claim(all.token(), "scope")).isEqualTo("records.read search");
    var bounded = story.application("teller", Story.covers(story.crm, "tickets.read"));
    var little = redeem(bounded, idp.plain(idp.claims("erin@idp")), "scope", "");
    assertThat(claim(little.token(), "scope")).isEqualTo("tickets.read");
    redeem(bounded, idp.plain(idp.claims("erin@idp")), "scope", "tickets.update")
        .isRefused(SCOPE_NOT_PERMITTED);
  }

  @Test
  void anIdJagBoundsResourceAndScope() {
    var narrow =
        idp.idJag(
            portal,
            idp.claims("erin@idp").put("resource", CRM).put("scope", "tickets.read search"));
    var token = redeem(portal, narrow, "resource", "", "scope", "").token();
    assertThat(claim(token, "aud")).isEqualTo(CRM);
    assertThat(claim(token, "scope")).isEqualTo("search tickets.read");
    var claims =
        idp.claims("erin@idp")
            .put("client_id", portal.id())
            .put("resource", List.of(CRM, ARCHIVE))
            .put("scope", "search records.read elsewhere.write")
            .build();
    var one = Json.texts(List.of(story.server.issuer()));
    var listed = idp.signed(Elsewhere.ID_JAG, Elsewhere.with(claims, "aud", one));
    assertThat(claim(redeem(portal, listed, "resource", ARCHIVE, "scope", "").token(), "scope"))
        .isEqualTo("records.read search");
    var other = idp.idJag(portal, idp.claims("erin@idp").put("resource", ARCHIVE));
    redeem(portal, other).isRefused(RESOURCE_UNKNOWN);
  }

  /// Where an application's people have to have signed in lately, the issuer has to say so.
  @Test
  void anApplicationThatWantsThemFreshTakesNoWordOfAnOldSignIn() {
    var hasty = story.application("hasty", 300);
    long now = story.now().getEpochSecond();
    for (var time : List.of(now - 299, now)) {
      redeem(hasty, idp.idJag(hasty, idp.claims("erin@idp").put("auth_time", time))).good();
      redeem(hasty, idp.plain(idp.claims("erin@idp").put("auth_time", time))).good();
    }
    for (var time : List.of(0L, now - 400)) {
      redeem(hasty, idp.idJag(hasty, idp.claims("erin@idp").put("auth_time", time)))
          .isRefused(SIGN_IN_TOO_OLD);
    }
    redeem(hasty, idp.idJag(hasty, idp.claims("erin@idp"))).isRefused(SIGN_IN_TOO_OLD);
    redeem(hasty, idp.plain(idp.claims("erin@idp"))).isRefused(SIGN_IN_TOO_OLD);
    var old = idp.plain(idp.claims("erin@idp").put("auth_time", 0));
    redeem(portal, old).good();
  }

  @Test
  void aTimeOfSignInThatIsNoneIsRefused() {
    long now = story.now().getEpochSecond();
    for (var time :
        List.of(
            Json.text(String.valueOf(now)),
            Json.number(-1),
            Json.number(now + 3600),
            new Json.Null(),
            Json.array(List.of()))) {
      redeem(portal, idp.plain(idp.claims("erin@idp").put("auth_time", time)))
          .isRefused(ASSERTION_INVALID);
    }
  }

  @Test
  void anAgentThatPresentsItIsTheActorForOneOfItsPurposes() {
    var token = redeem(triage, idp.idJag(triage, idp.claims("erin@idp"))).token();
    assertThat(claim(token, "sub")).isEqualTo(story.alice);
    assertThat(claims(token).object("act")).hasValue(triage.act());
    assertThat(claim(token, "purpose")).isEqualTo("support");
    assertThat(claim(token, "client_id")).isEqualTo(triage.id());
    assertThat(story.gateway.decides(token, triage.id(), "Crm", "tickets.read").good().body())
        .extracting(body -> body.flag("decision").orElseThrow())
        .isEqualTo(true);
  }

  @Test
  void theChainStaysWhole() {
    idp.meaning("bot-7", lookup.id());
    var act = idp.idJag(portal, idp.claims("erin@idp").put("act", idp.act("bot-7")));
    var token = redeem(portal, act).token();
    assertThat(claims(token).object("act")).hasValue(lookup.act());
    assertThat(claim(token, "client_id")).isEqualTo(portal.id());
    var further = idp.idJag(triage, idp.claims("erin@idp").put("act", idp.act("bot-7")));
    var nested = redeem(triage, further).token();
    assertThat(claims(nested).object("act")).hasValue(triage.act(lookup.act()));
    var own = idp.idJag(triage, idp.claims("erin@idp").put("act", triage.act(lookup.act())));
    assertThat(claims(redeem(triage, own).token()).object("act"))
        .hasValue(triage.act(lookup.act()));
    var last = story.newest(claim(nested, "jti")).object("facts").orElseThrow();
    assertThat(last.texts("actors")).hasValue(List.of(triage.id(), lookup.id()));
  }

  @Test
  void whatItRestsOnEndsIt() {
    var name = story.fresh("frank");
    var other = Elsewhere.trusted(story, "jwt-bearer").meaning(name, story.alice);
    var first = redeem(portal, other.plain(other.claims(name))).token();
    var reason = Json.object().put("sub", name).put("reason", "the wrong one").build();
    assertThat(story.gateway.sees(first)).isTrue();
    story.server.done("/api/v1/trusted-issuers/" + other.id + "/unlink", story.operator(), reason);
    assertThat(story.gateway.sees(first)).as("unlinked").isFalse();
    other.meaning(name, story.alice);
    assertThat(story.gateway.sees(first)).as("linked again").isFalse();
    var second = redeem(portal, other.plain(other.claims(name))).token();
    assertThat(story.gateway.sees(second)).isTrue();
    story.act("trusted-issuers", other.id, "deactivate");
    assertThat(story.gateway.sees(second)).as("not believed").isFalse();
  }
}
