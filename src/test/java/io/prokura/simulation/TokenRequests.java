package io.prokura.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.simulation.Call.Assertion;
import io.prokura.simulation.Credential.Proof;
import io.prokura.simulation.Wish.Issue;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The requests of OAuth clients: for tokens, and about them.
final class TokenRequests {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String HAND_OVER = "urn:prokura:params:oauth:token-type:hand-over";
  private static final String DELEGATION = "urn:prokura:params:oauth:token-type:delegation";
  private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private static final Duration SKEW = Duration.ofSeconds(60);

  private final InstantSource clock;
  private final Dice dice;
  private int assertions;

  TokenRequests(InstantSource clock, Dice dice) {
    this.clock = clock;
    this.dice = dice;
  }

  private static final class Form {
    private final List<String> pairs = new ArrayList<>();

    Form put(String name, String value) {
      pairs.add(name + "=" + URLEncoder.encode(value, UTF_8));
      return this;
    }

    @Override
    public String toString() {
      return String.join("&", pairs);
    }
  }

  Call token(Issue wish) {
    var form = new Form();
    switch (wish.grant()) {
      case OWN -> form.put("grant_type", "client_credentials");
      case USE -> exchange(form, wish.basis().delegation().orElseThrow().id(), DELEGATION);
      case HAND_OVER ->
          exchange(form, wish.from().orElseThrow().compact(), ACCESS_TOKEN)
              .put("requested_token_type", HAND_OVER)
              .put("requested_actor", wish.basis().to().orElseThrow().id());
      case TAKE -> exchange(form, wish.from().orElseThrow().compact(), HAND_OVER);
      case DOWNSTREAM -> exchange(form, wish.from().orElseThrow().compact(), ACCESS_TOKEN);
    }
    form.put("resource", wish.resource().identifier());
    if (!wish.scopes().isEmpty()) {
      form.put("scope", String.join(" ", wish.scopes()));
    }
    wish.purpose().ifPresent(purpose -> form.put("purpose", purpose.name()));
    return proven(wish, "/oauth2/token", form, wish.by());
  }

  private static Form exchange(Form form, String subject, String type) {
    return form.put("grant_type", EXCHANGE)
        .put("subject_token", subject)
        .put("subject_token_type", type);
  }

  Call introspect(Credential by, HeldToken token) {
    var form = new Form().put("token", token.compact());
    return proven(new Wish.Introspect(by, token), "/oauth2/introspect", form, by);
  }

  Call revoke(Credential by, HeldToken token) {
    var form = new Form().put("token", token.compact());
    return proven(new Wish.Revoke(by, token), "/oauth2/revoke", form, by);
  }

  Call evaluate(
      Credential by, HeldToken token, Resource resource, String action, Optional<String> spends) {
    var context = Json.object().put("access_token", token.compact());
    spends.ifPresent(id -> context.put("consume", true).put("request_id", id));
    var bearer = dice.hits(500) ? token.current() : token.subject();
    var body =
        Json.object()
            .put(
                "subject",
                Json.object().put("type", bearer.kind().word).put("id", bearer.id()).build())
            .put("action", Json.object().put("name", action).build())
            .put("resource", Json.object().put("type", resource.type()).put("id", "thing").build())
            .put("context", context.build())
            .build();
    var wish = new Wish.Evaluate(by, token, action, spends);
    return Call.json(wish, "POST", "/access/v1/evaluation", body)
        .with("Authorization", basic(by.holder(), ((Proof.Secret) by.proof()).secret()));
  }

  /// The request with the proof that it comes from the holder of `by`.
  private Call proven(Wish wish, String path, Form form, Credential by) {
    return switch (by.proof()) {
      case Proof.Secret(var secret) ->
          new Call(wish, "POST", path, List.of(), form.toString(), Optional.empty())
              .with("Authorization", basic(by.holder(), secret));
      case Proof.Key(var key) -> {
        long end = clock.instant().getEpochSecond() + 30 + dice.below(270);
        var jti = "assertion-" + assertions++;
        form.put("client_assertion_type", ASSERTION);
        form.put("client_assertion", assertion(by.holder(), key, jti, end));
        var until = Instant.ofEpochSecond(end).plus(SKEW);
        var once = Optional.of(new Assertion(jti, until));
        yield new Call(wish, "POST", path, List.of(), form.toString(), once);
      }
      case Proof.Lost _ -> throw new IllegalArgumentException("nobody knows this secret");
    };
  }

  private static String basic(Party holder, String secret) {
    var pair = holder.id() + ":" + secret;
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  /// A client assertion, some without `iat` and some by a clock that is a little ahead.
  private String assertion(Party client, SigningKey key, String jti, long end) {
    var claims =
        Json.object()
            .put("iss", client.id())
            .put("sub", client.id())
            .put("aud", Node.ISSUER)
            .put("jti", jti)
            .put("exp", end);
    if (!dice.hits(200)) {
      long now = clock.instant().getEpochSecond();
      claims.put("iat", now + dice.one(List.of(-30, 0, 0, 1, 1, 2, 50)));
    }
    return JwtWriter.mint(key, "client-authentication+jwt", claims.build());
  }
}
