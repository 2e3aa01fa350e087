package io.prokura.tokens;

import static io.prokura.app.Story.ARCHIVE;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claim;
import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.delegation.AuthorizationDetails;
import io.prokura.json.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Introspection over HTTP: what the enforcer of a token's resource learns, that nobody else learns
/// anything, and that nothing is told of the dead.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IntrospectionTest {
  private static final Json.Obj INACTIVE = Json.object().put("active", false).build();

  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party lookup = crew.lookup();

  @AfterAll
  void end() {
    story.close();
  }

  private String used() {
    return triage.use(crew.delegation(), "scope", "tickets.read search").token();
  }

  private void isInactive(String token) {
    assertThat(story.gateway.introspect(token).good().body()).isEqualTo(INACTIVE);
  }

  @Test
  void theEnforcerLearnsWhoActsForWhomHowFarAndWhy() {
    var child = lookup.take(triage.handOver(used(), lookup, "scope", "search").token()).token();
    var claims = claims(child);
    var delegations = claims.texts("dlg").orElseThrow();
    long now = story.now().getEpochSecond();
    assertThat(story.gateway.introspect(child).good().body())
        .isEqualTo(
            Json.object()
                .put("active", true)
                .put("token_type", "Bearer")
                .put("iss", story.server.issuer())
                .put("sub", story.alice)
                .put("sub_profile", "user")
                .put("client_id", lookup.id())
                .put("scope", "search")
                .put("aud", CRM)
                .put("exp", claims.number("exp").orElseThrow())
                .put("iat", now)
                .put("jti", claim(child, "jti"))
                .put("purpose", "support")
                .put("act", lookup.act(triage.act()))
                .put("dlg", delegations)
                .put("tsk", claim(child, "tsk"))
                .put(
                    "authorization_details",
                    Json.array(
                        List.of(
                            Json.object()
                                .put("type", AuthorizationDetails.TYPE)
                                .put("purpose", "support")
                                .put("locations", List.of(CRM))
                                .put("actions", List.of("search"))
                                .build())))
                .put(
                    "authority",
                    Json.object()
                        .put("resource", CRM)
                        .put("actions", List.of("search"))
                        .put("purpose", "support")
                        .put("delegations", delegations)
                        .put("depth", 2)
                        .build())
                .build());
  }

  @Test
  void anAgentsOwnTokenIsToldAsItsOwn() {
    var answer = story.gateway.introspect(triage.own().token()).good().body();
    assertThat(answer.members()).doesNotContainKey("aut");
    assertThat(answer.text("sub")).hasValue(triage.id());
    assertThat(answer.members()).doesNotContainKeys("act", "dlg", "cut", "lin");
    var authority = answer.object("authority").orElseThrow();
    assertThat(authority.number("depth")).hasValue(0L);
    assertThat(authority.texts("delegations")).hasValue(List.of());
  }

  @Test
  void nobodyElseLearnsAnything() {
    var token = used();
    var application = story.application("portal");
    for (var other : List.of(triage, lookup, story.archivist, application)) {
      assertThat(other.introspect(token).good().body()).as(other.id()).isEqualTo(INACTIVE);
    }
    assertThat(story.gateway.sees(token)).isTrue();
  }

  @Test
  void whoIsNotProvenIsNotAnswered() {
    var token = used();
    var thief = new Party(story.server, story.gateway.id(), "guess", story.gateway.key());
    assertThat(thief.introspect(token).isRefused(CLIENT_NOT_AUTHENTICATED).challenge())
        .startsWith("Basic ");
    story.refuses(
        story.gateway,
        "introspect",
        MALFORMED_REQUEST,
        story.gateway.post("/oauth2/introspect", "token="));
  }

  @Test
  void aHintChangesNothing() {
    var form = "token=" + used() + "&token_type_hint=";
    for (var hint : List.of("access_token", "refresh_token", "unheard_of")) {
      var answer = story.gateway.post("/oauth2/introspect", form + hint);
      assertThat(answer.good().body().flag("active")).hasValue(true);
    }
  }

  @Test
  void ofTheDeadNothingIsTold() {
    var token = used();
    story.pass(Duration.ofSeconds(299));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(Duration.ofSeconds(1));
    isInactive(token);
    var revoked = used();
    triage.revoke(revoked);
    isInactive(revoked);
    isInactive(triage.handOver(used(), lookup).token());
    isInactive("eyJhbGciOiJub25lIn0.e30.");
    isInactive(crew.delegation());
  }

  @Test
  void aTokenIsAsGoodAsEverybodyItNames() {
    var mine = story.crew();
    var person = story.user("erin");
    story.permit(person, story.crm, "own", "tickets.read");
    var delegation = story.delegate(person, mine.triage(), Json.object().put("depthMax", 2));
    var held = mine.triage().use(delegation).token();
    var child = mine.lookup().take(mine.triage().handOver(held, mine.lookup()).token()).token();
    var other = mine.lookup().own().token();
    assertThat(story.gateway.sees(child)).isTrue();
    story.step(mine.triage(), "suspend");
    isInactive(child);
    assertThat(story.gateway.sees(other)).as("not below the suspended agent").isTrue();
    story.step(mine.triage(), "resume");
    assertThat(story.gateway.sees(child)).as("a suspension is a state").isTrue();
    story.act("users", person, "deactivate");
    isInactive(held);
    isInactive(child);
    story.act("users", person, "activate");
    assertThat(story.gateway.sees(child)).isTrue();
  }

  @Test
  void aTokenOfAnotherAudienceIsForItsEnforcer() {
    var token = triage.use(crew.delegation(), "resource", ARCHIVE).token();
    isInactive(token);
    assertThat(story.archivist.sees(token)).isTrue();
  }
}
