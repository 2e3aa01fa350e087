package io.prokura.grants;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Prover;
import io.prokura.app.Story;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// A platform elsewhere whose agents come by its assertions, with a key that was registered with
/// it.
final class Platform {
  private static final Pattern AGENT = Pattern.compile("agt_[0-9a-z]{26}");

  final Story story;
  final String issuer;
  final String id;
  final SigningKey key;

  /// One party with a key that nobody registered here: an agent of the platform.
  final Prover prover;

  private Platform(Story story, String issuer, String id, SigningKey key) {
    this.story = story;
    this.issuer = issuer;
    this.id = id;
    this.key = key;
    prover = new Prover(story.now());
  }

  /// One that is believed so about its agents.
  static Platform registered(Story story, Json.Builder agents) {
    var key = key(story);
    var issuer = "https://" + story.fresh("platform") + ".example";
    var id = story.register("trusted-issuers", body(issuer, key, agents));
    return new Platform(story, issuer, id, key);
  }

  static SigningKey key(Story story) {
    return SigningKey.generate(Crypto.jdk(), story.world, Algorithm.ES256);
  }

  static Json.Builder body(String issuer, SigningKey key, Json.Builder agents) {
    return Json.object()
        .put("issuer", issuer)
        .put("name", issuer)
        .put("jwks", new JwkSet(List.of(key.verificationKey())).toJson())
        .put("grants", List.of())
        .put("agents", agents.build());
  }

  /// What is believed of a platform that is one customer's alone.
  static Json.Builder terms(Story story, Json.Obj... mapping) {
    return Json.object()
        .put("mapping", Json.array(List.of(mapping)))
        .put("purposes", List.of(story.support))
        .put("shared", false)
        .put("agentsMax", 100);
  }

  /// The same where agents begin active, and Dana and Bruno answer for them.
  static Json.Builder active(Story story, Json.Obj... mapping) {
    return terms(story, mapping)
        .put("owner", story.dana)
        .put("backupOwner", story.bruno)
        .put("active", true);
  }

  /// The same with one member replaced or added, or taken away by `null`.
  static Json.Builder with(Json.Builder terms, String name, Json value) {
    return Json.object().putAll(Elsewhere.with(terms.build(), name, value).members());
  }

  /// The same for an issuer that other customers of the platform have too.
  static Json.Builder shared(Json.Builder terms, String tenantClaim, String tenant) {
    return with(terms, "shared", new Json.Bool(true))
        .put("tenantClaim", tenantClaim)
        .put("tenant", tenant);
  }

  static Json.Obj mapped(String claim, String value, String... roles) {
    return Json.object()
        .put("claim", claim)
        .put("value", value)
        .put("roles", List.of(roles))
        .build();
  }

  /// A role by which its holder may itself do this on a resource.
  static String role(Story story, String resource, String... actions) {
    var allowed = Json.object().put("resource", resource).put("actions", List.of(actions));
    return story.register(
        "roles",
        Json.object()
            .put("name", story.fresh("role"))
            .put("permissions", Json.array(List.of(allowed.put("mode", "own").build()))));
  }

  /// The claims of an assertion about `sub` that is good for five minutes and once.
  Json.Builder claims(String sub) {
    long now = story.now().getEpochSecond();
    return Json.object()
        .put("iss", issuer)
        .put("sub", sub)
        .put("aud", List.of(story.server.issuer(), "https://other.example"))
        .put("jti", Id.Token.next(story.world).text())
        .put("iat", now)
        .put("exp", now + 300);
  }

  String signed(Json.Builder claims) {
    return JwtWriter.mint(key, "JWT", claims.build());
  }

  /// An assertion about `sub`, which is in these groups.
  String saying(String sub, String... groups) {
    return signed(claims(sub).put("groups", List.of(groups)));
  }

  /// Sends an assertion for reading in the CRM, unless `more` says otherwise, with a proof of the
  /// agent's key.
  Answer redeem(String assertion, String... more) {
    return bare(prover, form(assertion, more));
  }

  /// The same with no proof of any key.
  Answer redeemWithoutKey(String assertion, String... more) {
    return nobody().bare(form(assertion, more));
  }

  /// Sends a form with a proof of this key and nothing else that says who sends it.
  Answer bare(Prover by, String... form) {
    return nobody().proving(by.proof()).bare(form);
  }

  private Party nobody() {
    return new Party(story.server, "", "", key);
  }

  static String[] form(String assertion, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", Elsewhere.JWT_BEARER);
    form.put("assertion", assertion);
    form.put("resource", Story.CRM);
    form.put("scope", "tickets.read");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    var pairs = new ArrayList<String>();
    form.forEach((name, value) -> pairs.addAll(List.of(name, value)));
    return pairs.toArray(String[]::new);
  }

  /// Exchanges something for a token of `own`'s agent, by that token and the key it is bound to.
  Answer exchange(String own, Prover by, String... form) {
    var all =
        new ArrayList<>(
            List.of(
                "grant_type",
                Party.EXCHANGE,
                "actor_token",
                own,
                "actor_token_type",
                Party.ACCESS_TOKEN,
                "resource",
                Story.CRM));
    all.addAll(List.of(form));
    return bare(by, all.toArray(String[]::new));
  }

  /// Uses a delegation so.
  Answer use(String own, Prover by, String delegation, String... more) {
    var form = new ArrayList<>(List.of("subject_token", delegation));
    form.addAll(List.of("subject_token_type", Party.DELEGATION));
    form.addAll(List.of(more));
    return exchange(own, by, form.toArray(String[]::new));
  }

  /// The agent that a refusal names, because it may not act.
  static String named(Answer answer) {
    answer.isRefused(Refusal.PRINCIPAL_NOT_ACTIVE);
    var agent = AGENT.matcher(answer.text("error_description"));
    assertThat(agent.find()).as(answer.body().toText()).isTrue();
    return agent.group();
  }

  String state(String agent) {
    return story.read("/api/v1/agents/" + agent).text("state").orElseThrow();
  }

  /// Everybody whom the platform means by its names.
  List<Json.Obj> links() {
    var items = story.read("/api/v1/trusted-issuers/" + id + "/links").get("items").orElseThrow();
    return ((Json.Arr) items).items().stream().map(Json.Obj.class::cast).toList();
  }
}
