package io.prokura.tokens;

import static io.prokura.app.Party.ACCESS_TOKEN;
import static io.prokura.app.Story.claims;
import static io.prokura.app.Story.header;
import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Introspection answers as JWTs (RFC 9701): what they say, whom they are for, and that nobody gets
/// anywhere with one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignedIntrospectionTest {
  private static final String SIGNED = "application/token-introspection+jwt";

  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final String token = triage.use(crew.delegation(), "scope", "tickets.read").token();

  @AfterAll
  void end() {
    story.close();
  }

  private String signed(Party caller) {
    var answer = caller.introspect(token, SIGNED);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(SIGNED);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    return answer.body();
  }

  @Test
  void theAnswerIsSignedForTheCallerAndSaysWhatTheOtherOneSays() throws Exception {
    var jwt = signed(story.gateway);
    assertThat(header(jwt).text("typ")).hasValue("token-introspection+jwt");
    var told = story.gateway.introspect(token).good().body();
    assertThat(told.flag("active")).hasValue(true);
    assertThat(claims(jwt))
        .isEqualTo(
            Json.object()
                .put("iss", story.server.issuer())
                .put("aud", story.gateway.id())
                .put("iat", story.now().getEpochSecond())
                .put("token_introspection", told)
                .build());
    var parsed = SignedJWT.parse(jwt);
    var jwks = story.server.send(HttpRequest.newBuilder(story.server.uri("/oauth2/jwks"))).body();
    var key = JWKSet.parse(jwks).getKeyByKeyId(parsed.getHeader().getKeyID()).toECKey();
    assertThat(parsed.verify(new ECDSAVerifier(key))).isTrue();
  }

  @Test
  void whoIsNoEnforcerGetsASignedNothing() {
    for (var other : List.of(triage, story.archivist, story.application("portal"))) {
      assertThat(claims(signed(other)).object("token_introspection"))
          .hasValue(Json.object().put("active", false).build());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json, application/token-introspection+jwt;q=0.5",
        "Application/Token-Introspection+JWT",
        "application/token-introspection+jwt; q=1.000",
      })
  void itIsSignedForWhoAsks(String accept) {
    assertThat(story.gateway.introspect(token, accept).headers().firstValue("Content-Type"))
        .hasValue(SIGNED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "application/jwt",
        "application/token-introspection+jwt;q=0",
        "application/token-introspection+jwt;q=0.00, application/json",
        "application/token-introspection+jwts",
        ";,;q=,",
      })
  void itIsJsonForEverybodyElse(String accept) {
    assertThat(story.gateway.introspect(token, accept).headers().firstValue("Content-Type"))
        .hasValue("application/json");
  }

  @Test
  void anAnswerIsNoToken() {
    var jwt = signed(story.gateway);
    assertThat(story.gateway.sees(jwt)).isFalse();
    assertThat(story.server.get("/api/v1/agents", jwt).statusCode()).isEqualTo(401);
    assertThat(story.server.get("/oauth2/userinfo", jwt).statusCode()).isEqualTo(401);
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(jwt, crew.lookup()));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.take(jwt));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(jwt));
    story.refuses(
        triage,
        ACTOR_TOKEN_INVALID,
        triage.use(crew.delegation(), "actor_token", jwt, "actor_token_type", ACCESS_TOKEN));
    triage
        .bare(Party.byAssertion(jwt, "grant_type", "client_credentials", "resource", Story.CRM))
        .isRefused(CLIENT_NOT_AUTHENTICATED);
    var decision = story.gateway.decides(jwt, triage.id(), "Crm", "tickets.read").good().body();
    assertThat(decision.flag("decision")).hasValue(false);
  }
}
