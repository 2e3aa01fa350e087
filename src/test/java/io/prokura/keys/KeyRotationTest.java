package io.prokura.keys;

import static io.prokura.app.Story.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The signing key changes under running clients: what signs was published long enough before, and
/// what was signed verifies to its end.
final class KeyRotationTest {
  private static final Duration LEAD = Duration.ofHours(1);
  private static final Duration PERIOD = Duration.ofDays(30);

  /// How long a session can last, whose ID tokens stay known for that long.
  private static final Duration SESSION = Duration.ofHours(12);

  private static Json.Arr jwks(Story story) {
    var response = story.server.send(HttpRequest.newBuilder(story.server.uri("/oauth2/jwks")));
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=300");
    return (Json.Arr) story.server.object(response.body()).get("keys").orElseThrow();
  }

  private static List<String> published(Story story) {
    return jwks(story).items().stream()
        .map(key -> ((Json.Obj) key).text("kid").orElseThrow())
        .toList();
  }

  private static String rotate(Story story) {
    var empty = Json.object().build();
    var answer = story.server.done("/api/v1/keys/rotate", story.operator(), empty);
    return answer.text("next").orElseThrow();
  }

  private static String kid(String token) {
    return header(token).text("kid").orElseThrow();
  }

  private static Party agent(Story story) {
    return story.permitted(story.agent(story.support));
  }

  @Test
  void aNewKeyIsOnRecordAndPublishedWithoutItsPrivateHalf() {
    try (var story = Story.begin()) {
      var leaf = story.newest(rotate(story));
      assertThat(leaf.text("type")).hasValue("key.published");
      assertThat(leaf.object("facts").orElseThrow().number("activeFrom"))
          .hasValue(story.now().plus(LEAD).toEpochMilli());
      assertThat(jwks(story).items())
          .hasSize(2)
          .allSatisfy(
              key ->
                  assertThat(((Json.Obj) key).members())
                      .containsOnlyKeys("kty", "crv", "x", "y", "kid", "use", "alg"));
    }
  }

  @Test
  void theNextKeyIsPublishedForItsLeadBeforeItSigns() {
    try (var story = Story.begin()) {
      var agent = agent(story);
      var first = kid(agent.own().token());
      assertThat(published(story)).containsExactly(first);
      var next = rotate(story);
      assertThat(next).isNotEqualTo(first);
      assertThat(published(story)).containsExactly(first, next);
      assertThat(rotate(story)).as("one waits already").isEqualTo(next);
      assertThat(published(story)).containsExactly(first, next);
      assertThat(kid(agent.own().token())).isEqualTo(first);
      story.pass(LEAD.minusSeconds(1));
      var last = agent.own().token();
      assertThat(kid(last)).isEqualTo(first);
      story.pass(Duration.ofSeconds(1));
      assertThat(kid(agent.own().token())).isEqualTo(next);
      assertThat(published(story)).contains(first);
      story.pass(Duration.ofSeconds(298));
      assertThat(story.gateway.sees(last)).as("signed by the key before").isTrue();
      story.pass(Duration.ofSeconds(1));
      assertThat(story.gateway.sees(last)).isFalse();
    }
  }

  @Test
  void theKeyRotatesByItselfAndTheOldOneGoesWhenNothingNeedsIt() {
    try (var story = Story.begin()) {
      var agent = agent(story);
      var first = kid(agent.own().token());
      story.pass(PERIOD.minus(LEAD).minusSeconds(1));
      story.server.restart();
      assertThat(published(story)).containsExactly(first);
      story.pass(Duration.ofSeconds(1));
      story.server.restart();
      var both = published(story);
      assertThat(both).hasSize(2).startsWith(first);
      var last = agent.own().token();
      assertThat(kid(last)).isEqualTo(first);
      story.pass(LEAD);
      assertThat(kid(agent.own().token())).isEqualTo(both.getLast());
      story.pass(LEAD.plus(SESSION).minusSeconds(1));
      story.server.restart();
      assertThat(published(story)).isEqualTo(both);
      story.pass(Duration.ofSeconds(1));
      story.server.restart();
      assertThat(published(story)).containsExactly(both.getLast());
      assertThat(story.gateway.sees(agent.own().token())).isTrue();
    }
  }
}
