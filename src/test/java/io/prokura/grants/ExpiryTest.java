package io.prokura.grants;

import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.PURPOSE_NOT_COVERING;
import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Whatever ends by itself, a moment before its end and at it; and no token outlasts what it rests
/// on. Then the clock goes back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExpiryTest {
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Story story = Story.begin();

  @AfterAll
  void end() {
    story.close();
  }

  private static long exp(String token) {
    return claims(token).number("exp").orElseThrow();
  }

  private long usual() {
    return story.now().plusSeconds(300).getEpochSecond();
  }

  /// A whole second, as tokens have it.
  private Instant in(long seconds) {
    return story.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds);
  }

  /// Does it with a clock that has been put back, and is put right again.
  private void earlier(Duration by, Runnable what) {
    story.pass(by.negated());
    what.run();
    story.pass(by);
  }

  private void passUntil(Instant time) {
    story.pass(Duration.between(story.now(), time));
  }

  /// The same agent with a secret that ends at `end`.
  private Party withSecretUntil(Party agent, Instant end) {
    var body = Json.object().put("kind", "secret").put("expiresAt", end.toString()).build();
    var path = "/api/v1/agents/" + agent.id() + "/credentials";
    var secret = story.server.done(path, story.operator(), body).text("secret").orElseThrow();
    return new Party(story.server, agent.id(), secret, agent.key());
  }

  private void permitUntil(Party agent, String mode, Instant end, String action) {
    story.register(
        "permissions",
        Json.object()
            .put("principal", agent.id())
            .put("resource", story.crm)
            .put("actions", List.of(action))
            .put("mode", mode)
            .put("expiresAt", end.toString()));
  }

  @Test
  void anAccessTokenIsGoodUntilItsExpAndAgainWhenTheClockGoesBack() {
    var agent = story.permitted(story.agent(story.support));
    var token = agent.own().token();
    passUntil(Instant.ofEpochSecond(exp(token)).minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    earlier(SECOND, () -> assertThat(story.gateway.sees(token)).isTrue());
    var minuteBefore = Duration.ofMinutes(6);
    earlier(minuteBefore, () -> assertThat(story.gateway.sees(token)).isTrue());
    earlier(minuteBefore.plus(SECOND), () -> assertThat(story.gateway.sees(token)).isFalse());
  }

  @Test
  void aHandOverIsTakenBeforeItsExpAndNotAtIt() {
    var crew = story.crew();
    var held = crew.triage().use(crew.delegation()).token();
    var inTime = crew.triage().handOver(held, crew.lookup()).token();
    var late = crew.triage().handOver(held, crew.lookup()).token();
    passUntil(Instant.ofEpochSecond(exp(inTime)).minus(MOMENT));
    assertThat(exp(crew.lookup().take(inTime).token())).isEqualTo(exp(held));
    story.pass(MOMENT);
    crew.lookup().take(late).isRefused(SUBJECT_TOKEN_INVALID);
  }

  @Test
  void whatIsUsedUpStaysSoWhenTheClockGoesBack() {
    var crew = story.crew();
    var held = crew.triage().use(crew.delegation()).token();
    var handOver = crew.triage().handOver(held, crew.lookup()).token();
    crew.lookup().take(handOver).token();
    var assertion = crew.triage().assertion(story.world);
    var form = new String[] {"grant_type", "client_credentials", "resource", Story.CRM};
    crew.triage().bare(Party.byAssertion(assertion, form)).token();
    for (var by : List.of(SECOND, Duration.ofSeconds(20))) {
      earlier(
          by,
          () -> {
            crew.lookup().take(handOver).isRefused(SUBJECT_TOKEN_INVALID);
            crew.triage()
                .bare(Party.byAssertion(assertion, form))
                .isRefused(CLIENT_NOT_AUTHENTICATED);
          });
    }
  }

  @Test
  void aCredentialProvesUntilItsEndAndSoDoTheTokensItGot() {
    var end = in(100);
    var agent = withSecretUntil(story.permitted(story.agent(story.support)), end);
    var token = agent.own().token();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    passUntil(end.minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    assertThat(exp(agent.own().token())).isEqualTo(end.getEpochSecond());
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    agent.own().isRefused(CLIENT_NOT_AUTHENTICATED);
    earlier(SECOND, () -> assertThat(exp(agent.own().token())).isEqualTo(end.getEpochSecond()));
  }

  @Test
  void noTokenOfAChainOutlastsACredentialThatProvedOneOfIt() {
    var crew = story.crew();
    var first = in(200);
    var second = in(100);
    var triage = withSecretUntil(crew.triage(), first);
    var lookup = withSecretUntil(crew.lookup(), second);
    var lasting = crew.triage().use(crew.delegation()).token();
    assertThat(exp(lasting)).isEqualTo(usual());
    var held = triage.use(crew.delegation()).token();
    assertThat(exp(held)).isEqualTo(first.getEpochSecond());
    assertThat(exp(story.gateway.downstream(held).token())).isEqualTo(first.getEpochSecond());
    var handOver = triage.handOver(lasting, crew.lookup()).token();
    assertThat(exp(crew.lookup().take(handOver).token())).isEqualTo(first.getEpochSecond());
    var again = triage.handOver(lasting, crew.lookup()).token();
    assertThat(exp(lookup.take(again).token())).isEqualTo(second.getEpochSecond());
  }

  @Test
  void aPermissionCountsUntilItsEndAndSoDoTheTokensThatNeedIt() {
    var agent = story.agent(story.support);
    var end = in(100);
    permitUntil(agent, "own", end, "tickets.read");
    story.permit(agent.id(), story.crm, "own", "tickets.update");
    assertThat(exp(agent.own().token())).as("needs both").isEqualTo(end.getEpochSecond());
    var token = agent.own("scope", "tickets.read").token();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    assertThat(exp(agent.own("scope", "tickets.update").token())).isEqualTo(usual());
    permitUntil(agent, "own", end.plusSeconds(60), "tickets.read");
    permitUntil(agent, "onBehalf", end.plusSeconds(90), "tickets.read");
    assertThat(exp(agent.own().token())).as("the longest").isEqualTo(end.getEpochSecond() + 60);
    passUntil(end.minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    passUntil(end.plusSeconds(59));
    assertThat(exp(agent.own("scope", "tickets.read").token()))
        .isEqualTo(end.getEpochSecond() + 60);
    story.pass(SECOND);
    agent.own("scope", "tickets.read").isRefused(SCOPE_NOT_PERMITTED);
  }

  @Test
  void noTokenOfAChainOutlastsAPermissionOfOneOfIt() {
    var person = story.user("erin");
    story.permit(person, story.crm, "own", "tickets.read");
    var agent = story.agent(story.support);
    var end = in(100);
    permitUntil(agent, "onBehalf", end, "tickets.read");
    var delegation = story.delegate(person, agent, Json.object());
    var token = agent.use(delegation).token();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    passUntil(end);
    agent.use(delegation).isRefused(SCOPE_NOT_PERMITTED);
  }

  @Test
  void aDelegationIsUsedBeforeItsEndAndNotAtIt() {
    var crew = story.crew();
    var end = in(100);
    var brief =
        story.delegate(story.alice, crew.triage(), Json.object().put("expiresAt", end.toString()));
    var token = crew.triage().use(brief).token();
    passUntil(end.minus(SECOND));
    assertThat(exp(crew.triage().use(brief).token())).isEqualTo(end.getEpochSecond());
    passUntil(end.minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    crew.triage().use(brief).isRefused(DELEGATION_INACTIVE);
  }

  @Test
  void aPurposeCountsBeforeItsEndAndNotAtIt() {
    var end = in(100);
    var name = story.fresh("campaign");
    var campaign =
        story.register(
            "purposes",
            Json.object()
                .put("name", name)
                .put("owner", story.dana)
                .put("covers", Json.array(List.of(Story.covers(story.crm, "tickets.read"))))
                .put("expiresAt", end.toString()));
    var agent = story.permitted(story.agent(campaign));
    var token = agent.own().token();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    passUntil(end.minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    agent.own().isRefused(PURPOSE_NOT_COVERING);
  }

  @Test
  void aPurposeCountsUntilItsHoursCloseAndAgainWhenTheyOpen() {
    var day = story.now().atZone(ZoneOffset.UTC);
    story.pass(Duration.ofDays(1).minusMinutes(day.get(ChronoField.MINUTE_OF_DAY)));
    passUntil(in(0).plus(Duration.ofHours(10)));
    var start = story.now().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    var hours =
        story.server.object(
            """
            {"zone":"UTC","windows":[{"days":%s,"from":"%s","to":"%s"}]}
            """
                .formatted(EVERY_DAY, clock(start), clock(start.plusMinutes(2))));
    var shift =
        story.register(
            "purposes",
            Json.object()
                .put("name", story.fresh("shift"))
                .put("owner", story.dana)
                .put("covers", Json.array(List.of(Story.covers(story.crm, "tickets.read"))))
                .put("hours", hours));
    var agent = story.permitted(story.agent(shift));
    var token = agent.own().token();
    var end = start.plusMinutes(2).toInstant();
    assertThat(exp(token)).isEqualTo(end.getEpochSecond());
    passUntil(end.minus(MOMENT));
    assertThat(story.gateway.sees(token)).isTrue();
    story.pass(MOMENT);
    assertThat(story.gateway.sees(token)).isFalse();
    agent.own().isRefused(PURPOSE_NOT_COVERING);
    story.pass(Duration.ofDays(1).minusMinutes(2).minus(MOMENT));
    agent.own().isRefused(PURPOSE_NOT_COVERING);
    story.pass(MOMENT);
    agent.own().token();
  }

  private static final String EVERY_DAY =
      """
      ["monday","tuesday","wednesday","thursday","friday","saturday","sunday"]\
      """;

  private static String clock(ZonedDateTime time) {
    return time.format(DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT));
  }

  @Test
  void anAnswerIsRepeatedForADayAndNoLonger() {
    var body = Json.object().put("userName", story.fresh("repeated")).build().toText();
    var first = registered(body);
    passUntil(first.at().plus(Duration.ofDays(1)));
    assertThat(registered(body).text()).isEqualTo(first.text());
    story.pass(MOMENT);
    assertThat(registered(body).text()).contains("duplicate");
  }

  private record Registered(String text, Instant at) {}

  private Registered registered(String body) {
    var key = Map.of("Idempotency-Key", "a-day");
    var response = story.server.send("POST", "/api/v1/users", story.operator(), key, body);
    return new Registered(response.body(), story.now());
  }

  /// A second that is there twice, as a leap second is on clocks that repeat one.
  @Test
  void aRepeatedSecondChangesNothing() {
    var agent = story.permitted(story.agent(story.support));
    var before = agent.own().token();
    story.pass(SECOND);
    story.pass(SECOND.negated());
    var after = agent.own().token();
    assertThat(story.gateway.sees(before)).isTrue();
    assertThat(story.gateway.sees(after)).isTrue();
    story.act("credentials", story.credential(agent, "secret"), "revoke");
    earlier(
        SECOND,
        () -> {
          assertThat(story.gateway.sees(before)).isFalse();
          assertThat(story.gateway.sees(after)).isFalse();
        });
  }
}
