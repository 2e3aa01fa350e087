package io.prokura.grants;

import io.prokura.app.Answer;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// An issuer elsewhere that a server trusts, with a key that was registered with it.
final class Elsewhere {
  static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  static final String ID_JAG = "oauth-id-jag+jwt";

  final String issuer;
  final String id;
  final SigningKey key;
  private final Story story;

  private Elsewhere(Story story, String issuer, String id, SigningKey key) {
    this.story = story;
    this.issuer = issuer;
    this.id = id;
    this.key = key;
  }

  /// One that is trusted for these grants.
  static Elsewhere trusted(Story story, String... grants) {
    var key = SigningKey.generate(Crypto.jdk(), story.world, Algorithm.ES256);
    var issuer = "https://" + story.fresh("idp") + ".example";
    var id = story.register("trusted-issuers", body(issuer, key, grants));
    return new Elsewhere(story, issuer, id, key);
  }

  /// One that is trusted for ID-JAGs, which may be used again with their key.
  static Elsewhere reusing(Story story) {
    var key = SigningKey.generate(Crypto.jdk(), story.world, Algorithm.ES256);
    var issuer = "https://" + story.fresh("idp") + ".example";
    var body = body(issuer, key, "id-jag").put("reuse", true);
    return new Elsewhere(story, issuer, story.register("trusted-issuers", body), key);
  }

  static Json.Builder body(String issuer, SigningKey key, String... grants) {
    return Json.object()
        .put("issuer", issuer)
        .put("name", issuer)
        .put("jwks", new JwkSet(List.of(key.verificationKey())).toJson())
        .put("grants", List.of(grants));
  }

  /// Has this issuer's name `sub` mean `principal`.
  Elsewhere meaning(String sub, String principal) {
    var body = Json.object().put("sub", sub).put("principal", principal).build();
    story.server.done("/api/v1/trusted-issuers/" + id + "/link", story.operator(), body);
    return this;
  }

  /// The claims of an assertion about `sub` that is good for five minutes and once.
  Json.Builder claims(String sub) {
    long now = story.now().getEpochSecond();
    return Json.object()
        .put("iss", issuer)
        .put("sub", sub)
        .put("aud", story.server.issuer())
        .put("jti", Id.Token.next(story.world).text())
        .put("iat", now)
        .put("exp", now + 300);
  }

  /// The claims with one member replaced, or taken away by `null`.
  static Json.Obj with(Json.Obj claims, String name, Json value) {
    var changed = new LinkedHashMap<>(claims.members());
    changed.put(name, value);
    changed.values().removeIf(Json.Null.class::isInstance);
    return new Json.Obj(changed);
  }

  /// The claim `act` of somebody whom this issuer calls `sub`.
  Json.Obj act(String sub) {
    return Json.object().put("iss", issuer).put("sub", sub).build();
  }

  String plain(Json.Builder claims) {
    return signed("JWT", claims.build());
  }

  /// An ID-JAG for `client`, by the id that it has at the server.
  String idJag(Party client, Json.Builder claims) {
    return signed(ID_JAG, claims.put("client_id", client.id()).build());
  }

  String signed(String typ, Json.Obj claims) {
    return JwtWriter.mint(key, typ, claims);
  }

  /// Sends an assertion for reading in the CRM, unless `more` says otherwise.
  static Answer redeem(Party client, String assertion, String... more) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", JWT_BEARER);
    form.put("assertion", assertion);
    form.put("resource", Story.CRM);
    form.put("scope", "tickets.read");
    for (int i = 0; i < more.length; i += 2) {
      form.put(more[i], more[i + 1]);
    }
    var pairs = new ArrayList<String>();
    form.forEach((name, value) -> pairs.addAll(List.of(name, value)));
    return client.token(pairs.toArray(String[]::new));
  }
}
