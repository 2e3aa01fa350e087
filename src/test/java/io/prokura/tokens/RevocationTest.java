package io.prokura.tokens;

import static io.prokura.app.Story.claim;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Revocation over HTTP: a client ends its own token with everything made from it and nobody
/// else's, and learns nothing from the answer.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RevocationTest {
  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party lookup = crew.lookup();

  @AfterAll
  void end() {
    story.close();
  }

  private String used() {
    return triage.use(crew.delegation()).token();
  }

  private String taken(String held) {
    return lookup.take(triage.handOver(held, lookup).token()).token();
  }

  private static void isDone(Answer answer) {
    assertThat(answer.good().body().members()).as("an empty body").isEmpty();
  }

  @Test
  void aClientEndsItsTokenWithEverythingMadeFromIt() {
    var held = used();
    var child = taken(held);
    var downstream = story.gateway.downstream(held).token();
    isDone(triage.revoke(held));
    assertThat(story.gateway.sees(held)).isFalse();
    assertThat(story.gateway.sees(child)).isFalse();
    assertThat(story.archivist.sees(downstream)).isFalse();
    var decision = story.gateway.decides(child, lookup.id(), "Crm", "tickets.read");
    assertThat(decision.good().body().flag("decision")).hasValue(false);
    var leaf = story.newest(claim(held, "jti"));
    assertThat(leaf.text("type")).hasValue("cutoff.written");
    assertThat(leaf.object("facts").orElseThrow().text("by")).hasValue(triage.id());
    isDone(triage.revoke(held));
  }

  @Test
  void whatItWasMadeFromLivesOn() {
    var held = used();
    var child = taken(held);
    isDone(lookup.revoke(child));
    assertThat(story.gateway.sees(child)).isFalse();
    assertThat(story.gateway.sees(held)).isTrue();
    assertThat(story.gateway.sees(taken(held))).isTrue();
  }

  @Test
  void somebodyElsesTokenIsNotTouched() {
    var held = used();
    var child = taken(held);
    var application = story.application("portal");
    for (var other : List.of(lookup, story.gateway, story.archivist, application)) {
      isDone(other.revoke(held));
    }
    isDone(triage.revoke(child));
    assertThat(story.gateway.sees(held)).isTrue();
    assertThat(story.gateway.sees(child)).isTrue();
  }

  @Test
  void whatIsUnknownIsRevokedWithoutAWord() {
    for (var unknown :
        List.of("nothing", "a.b.c", crew.delegation(), triage.handOver(used(), lookup).token())) {
      isDone(triage.revoke(unknown));
    }
  }

  @Test
  void aHintChangesNothing() {
    for (var hint : List.of("access_token", "refresh_token", "unheard_of")) {
      var token = used();
      isDone(triage.revoke(token, "token_type_hint", hint));
      assertThat(story.gateway.sees(token)).as(hint).isFalse();
    }
  }

  /// The token must not come back with whoever was suspended.
  @Test
  void aTokenIsRevokedAlsoWhileSomebodyItNamesIsSuspended() {
    var child = taken(used());
    var mine = story.crew();
    var held = mine.triage().use(mine.delegation()).token();
    var below = mine.lookup().take(mine.triage().handOver(held, mine.lookup()).token()).token();
    story.step(mine.triage(), "suspend");
    isDone(mine.lookup().revoke(below));
    story.step(mine.triage(), "resume");
    assertThat(story.gateway.sees(below)).isFalse();
    assertThat(story.gateway.sees(held)).isTrue();
    assertThat(story.gateway.sees(child)).isTrue();
  }

  @Test
  void whoIsNotProvenRevokesNothing() {
    var token = used();
    var thief = new Party(story.server, triage.id(), "guess", triage.key());
    thief.revoke(token).isRefused(CLIENT_NOT_AUTHENTICATED);
    story.refuses(triage, "revoke", MALFORMED_REQUEST, triage.revoke(""));
    assertThat(story.gateway.sees(token)).isTrue();
  }
}
