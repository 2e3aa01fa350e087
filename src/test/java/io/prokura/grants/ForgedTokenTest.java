package io.prokura.grants;

import static io.prokura.app.Party.ACCESS_TOKEN;
import static io.prokura.app.Story.ARCHIVE;
import static io.prokura.app.Story.CRM;
import static io.prokura.app.Story.claims;
import static io.prokura.kernel.Refusal.ACTOR_TOKEN_INVALID;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Tokens that this server never issued, some of them signed with its own key, are worth nothing at
/// any door: exchange, introspection, decision, management.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ForgedTokenTest {
  private final Story story = Story.begin();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private final Party stranger = story.permitted(story.agent(story.support));
  private final SigningKey stolen = story.server.stolenKey();
  private final SigningKey foreign =
      SigningKey.generate(Crypto.jdk(), story.world, Algorithm.ES256);
  private final String good = triage.use(crew.delegation(), "scope", "tickets.read").token();
  private final Json.Obj claims = claims(good);

  @AfterAll
  void end() {
    story.close();
  }

  private Json.Obj header(String alg, String kid, String typ) {
    return Json.object().put("alg", alg).put("kid", kid).put("typ", typ).build();
  }

  private Json.Obj ours(String typ) {
    return header("ES256", stolen.kid(), typ);
  }

  /// The object with one member replaced, or taken away by `null`.
  private static Json.Obj with(Json.Obj object, String name, Json value) {
    var changed = Json.object();
    object
        .members()
        .forEach(
            (member, old) -> {
              if (!member.equals(name)) {
                changed.put(member, old);
              }
            });
    return value instanceof Json.Null ? changed.build() : changed.put(name, value).build();
  }

  private static String sign(SigningKey key, String header, String payload) {
    var signed = Base64Url.encode(header.getBytes(UTF_8)) + "." + encoded(payload);
    return signed + "." + Base64Url.encode(key.sign(signed.getBytes(UTF_8)));
  }

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(UTF_8));
  }

  private static String sign(SigningKey key, Json.Obj header, Json.Obj claims) {
    return sign(key, header.toText(), claims.toText());
  }

  /// Our own signature under claims that we never wrote.
  private String ours(String claim, Json value) {
    return sign(stolen, ours("at+jwt"), with(claims, claim, value));
  }

  /// Shows the token where it costs least; all doors verify it alike.
  private void isWorthless(String what, String token) {
    assertThat(story.gateway.introspect(token).good().body())
        .as(what)
        .isEqualTo(Json.object().put("active", false).build());
  }

  /// Shows the token at every door; who has proved itself is refused on record.
  private void opensNoDoor(String token) {
    opensNoDoor(token, "token_invalid");
  }

  private void opensNoDoor(String token, String reason) {
    isWorthless(token, token);
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.handOver(token, crew.lookup()));
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.take(token));
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(token));
    story.refuses(
        triage,
        ACTOR_TOKEN_INVALID,
        triage.use(crew.delegation(), "actor_token", token, "actor_token_type", ACCESS_TOKEN));
    var decision = story.gateway.decides(token, triage.id(), "Crm", "tickets.read").good().body();
    assertThat(decision.flag("decision")).hasValue(false);
    assertThat(reason(decision)).isEqualTo(reason);
    assertThat(story.server.get("/api/v1/agents", token).statusCode()).isEqualTo(401);
  }

  private static String reason(Json.Obj decision) {
    return decision
        .object("context")
        .flatMap(context -> context.object("why"))
        .flatMap(reason -> reason.text("code"))
        .orElseThrow();
  }

  @Test
  void aThiefOfTheKeyCouldForge() {
    assertThat(story.gateway.sees(sign(stolen, ours("at+jwt"), claims)))
        .as("so what is refused below is refused for what it says")
        .isTrue();
    assertThat(story.gateway.sees(ours("jti", Json.text("tok_00000000000000000000000000"))))
        .isTrue();
  }

  @Test
  void whatIsWorthlessOpensNoDoor() {
    var none = encoded(header("none", stolen.kid(), "at+jwt").toText());
    opensNoDoor(none + "." + encoded(claims.toText()) + ".");
    opensNoDoor(sign(foreign, ours("at+jwt"), claims));
    opensNoDoor(sign(stolen, ours("JWT"), claims));
    opensNoDoor(ours("exp", Json.number(story.now().getEpochSecond())));
    opensNoDoor(ours("iss", Json.text("https://evil.example")));
    opensNoDoor(triage.handOver(good, stranger).token(), "token_audience");
  }

  @Test
  void noAlgorithmIsNoSignature() {
    for (var none : List.of("none", "None", "NONE", "nOnE", "")) {
      var unsigned =
          encoded(header(none, stolen.kid(), "at+jwt").toText()) + "." + encoded(claims.toText());
      isWorthless("alg " + none, unsigned + ".");
      isWorthless("alg " + none, unsigned);
      isWorthless("alg " + none, unsigned + "." + good.substring(good.lastIndexOf('.') + 1));
    }
  }

  @Test
  void thePublicKeyIsNoSecret() throws Exception {
    var jwk = stolen.verificationKey().toJwk();
    var der = ECKey.parse(jwk.toText()).toPublicKey().getEncoded();
    var pem = new String(java.util.Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der), UTF_8);
    var armoured = "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n";
    var secrets = List.of(jwk.bytes(), jwk.canonical(), der, armoured.getBytes(UTF_8));
    for (var secret : secrets) {
      for (var header : List.of(header("HS256", stolen.kid(), "at+jwt"), ours("at+jwt"))) {
        var signed = encoded(header.toText()) + "." + encoded(claims.toText());
        isWorthless("HMAC", signed + "." + Base64Url.encode(hmac(secret, signed)));
      }
    }
  }

  private static byte[] hmac(byte[] secret, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  @Test
  void aForeignKeyIsNotOursWhateverItIsCalled() {
    isWorthless("our kid", sign(foreign, ours("at+jwt"), claims));
    isWorthless("its kid", sign(foreign, header("ES256", foreign.kid(), "at+jwt"), claims));
    var nameless = with(ours("at+jwt"), "kid", new Json.Null());
    isWorthless("no kid", sign(foreign, nameless, claims));
    isWorthless("our signature under no kid", sign(stolen, nameless, claims));
    isWorthless("kid from nowhere", sign(stolen, header("ES256", "nowhere", "at+jwt"), claims));
    var path = header("ES256", "../../secret/master.key", "at+jwt");
    isWorthless("kid that is a path", sign(stolen, path, claims));
    var sql = header("ES256", "' OR ''='", "at+jwt");
    isWorthless("kid that is SQL", sign(stolen, sql, claims));
    var brought = foreign.verificationKey().toJwk();
    isWorthless("jwk", sign(foreign, with(ours("at+jwt"), "jwk", brought), claims));
    isWorthless("jwk alone", sign(foreign, with(nameless, "jwk", brought), claims));
    var address = Json.text("http://127.0.0.1:1/jwks");
    isWorthless("jku", sign(foreign, with(ours("at+jwt"), "jku", address), claims));
    isWorthless("an agent's own key", sign(triage.key(), ours("at+jwt"), claims));
  }

  @Test
  void anotherTypIsAnotherToken() {
    for (var typ : List.of("JWT", "hand-over+jwt", "id_token", "dpop+jwt", "at+jwt2", "")) {
      isWorthless(typ, sign(stolen, ours(typ), claims));
    }
    isWorthless("no typ", sign(stolen, with(ours("JWT"), "typ", new Json.Null()), claims));
    var idToken =
        Json.object()
            .put("iss", story.server.issuer())
            .put("sub", story.alice)
            .put("aud", triage.id())
            .put("nonce", "n")
            .put("iat", story.now().getEpochSecond())
            .put("exp", story.now().getEpochSecond() + 300)
            .build();
    isWorthless("an ID token", sign(stolen, ours("JWT"), idToken));
    var noTyp = with(ours("JWT"), "typ", new Json.Null());
    isWorthless("an ID token without typ", sign(stolen, noTyp, idToken));
    isWorthless("an assertion", triage.assertion(story.world));
  }

  @Test
  void aHandOverIsNoAccessTokenAndTheOtherWayRound() {
    var handOver = triage.handOver(good, crew.lookup()).token();
    isWorthless("a hand-over", handOver);
    story.refuses(crew.lookup(), SUBJECT_TOKEN_INVALID, crew.lookup().take(good));
    var dressed = sign(stolen, ours("hand-over+jwt"), claims);
    story.refuses(triage, SUBJECT_TOKEN_INVALID, triage.take(dressed));
    assertThat(crew.lookup().take(handOver).status()).isEqualTo(200);
  }

  @Test
  void timeHasToBeOnItsSide() {
    long now = story.now().getEpochSecond();
    isWorthless("expired now", ours("exp", Json.number(now)));
    isWorthless("expired long ago", ours("exp", Json.number(1)));
    isWorthless("no exp", ours("exp", new Json.Null()));
    isWorthless("exp a text", ours("exp", Json.text(String.valueOf(now + 60))));
    isWorthless("exp beyond all time", ours("exp", Json.number(Long.MAX_VALUE)));
    isWorthless("negative exp", ours("exp", Json.number(-1)));
    isWorthless("not yet", ours("nbf", Json.number(now + 61)));
    isWorthless("issued later", ours("iat", Json.number(now + 61)));
    assertThat(story.gateway.sees(ours("iat", Json.number(now + 60))))
        .as("by a node whose clock is a minute ahead")
        .isTrue();
    var payload = claims.toText().replace("\"exp\":", "\"exp\":1e400,\"was\":");
    isWorthless("exp is infinite", sign(stolen, ours("at+jwt").toText(), payload));
  }

  @Test
  void issuerAndAudienceHaveToBeExactlyOurs() {
    var issuer = story.server.issuer();
    for (var other :
        List.of("https://evil.example", issuer + "/", issuer.toUpperCase(java.util.Locale.ROOT))) {
      isWorthless("issuer " + other, ours("iss", Json.text(other)));
    }
    isWorthless("no issuer", ours("iss", new Json.Null()));
    isWorthless("issuers", ours("iss", Json.texts(List.of(issuer))));
    isWorthless("nowhere", ours("aud", Json.text("https://nowhere.example")));
    isWorthless("no audience", ours("aud", new Json.Null()));
    isWorthless("a list", ours("aud", Json.texts(List.of(CRM))));
    isWorthless("two audiences", ours("aud", Json.texts(List.of(CRM, ARCHIVE))));
    isWorthless("no jti", ours("jti", new Json.Null()));
    isWorthless("a jti of another kind", ours("jti", Json.text(triage.id())));
    isWorthless("a purpose nobody knows", ours("purpose", Json.text("unheard.of")));
  }

  @Test
  void aTokenForAnotherAudienceIsNoneHere() {
    var forTheArchive = triage.use(crew.delegation(), "resource", ARCHIVE).token();
    assertThat(story.archivist.sees(forTheArchive)).isTrue();
    assertThat(story.gateway.sees(forTheArchive)).isFalse();
    var decision = story.gateway.decides(forTheArchive, triage.id(), "Crm", "tickets.read");
    assertThat(decision.good().body().flag("decision")).hasValue(false);
    assertThat(reason(decision.body())).isEqualTo("token_audience");
    assertThat(story.server.get("/api/v1/agents", forTheArchive).statusCode()).isEqualTo(401);
    story.refuses(story.gateway, SUBJECT_TOKEN_INVALID, story.gateway.downstream(forTheArchive));
  }

  @Test
  void anyChangeOfWhatWasSignedIsNoticed() {
    var parts = good.split("\\.", -1);
    var wider = encoded(with(claims, "scope", Json.text("tickets.read search")).toText());
    isWorthless("a wider scope", parts[0] + "." + wider + "." + parts[2]);
    var shorter = with(claims, "act", new Json.Null());
    isWorthless("no actor", parts[0] + "." + encoded(shorter.toText()) + "." + parts[2]);
    isWorthless("a padded signature", good + "=");
    isWorthless("four parts", good + ".x");
    isWorthless("no signature", parts[0] + "." + parts[1] + ".");
    isWorthless("JSON", claims.toText());
    isWorthless("a delegation", crew.delegation());
    isWorthless("nothing much", "x");
    var twice = claims.toText().replace("\"sub\":", "\"sub\":\"usr_0\",\"sub\":");
    isWorthless("a member twice", sign(stolen, ours("at+jwt").toText(), twice));
    var critical = with(ours("at+jwt"), "crit", Json.texts(List.of("exp")));
    isWorthless("critical", sign(stolen, critical, claims));
    isWorthless("b64", sign(stolen, with(ours("at+jwt"), "b64", Json.flag(false)), claims));
  }

  @Test
  void bombsAreRefusedWithoutBeingUnpacked() {
    var deep = "{\"a\":".repeat(1_500) + "1" + "}".repeat(1_500);
    var arrays = "[".repeat(1_000) + "]".repeat(1_000);
    var header = ours("at+jwt").toText();
    isWorthless("deep claims", sign(stolen, header, deep));
    var inside = claims.toText().replace("{\"iss\"", "{\"x\":" + arrays + ",\"iss\"");
    isWorthless("a deep claim", sign(stolen, header, inside));
    var bomb = header.replace("{\"alg\"", "{\"x\":" + arrays + ",\"alg\"");
    isWorthless("a deep header", sign(stolen, bomb, claims.toText()));
    var digits = claims.toText().replace("\"exp\":", "\"exp\":" + "9".repeat(5_000) + ",\"e\":");
    isWorthless("a long number", sign(stolen, header, digits));
    var wide = with(claims, "x", Json.text("x".repeat(JwtReader.LENGTH_MAX)));
    isWorthless("a long claim", sign(stolen, ours("at+jwt"), wide));
    isWorthless("dots", ".".repeat(10_000));
  }

  @Test
  void aBodyBeyondItsBoundIsNotRead() {
    var answer = triage.handOver("x".repeat(70_000), crew.lookup());
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body().text("error")).hasValue("invalid_request");
  }
}
