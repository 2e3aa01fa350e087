package io.prokura.app;

import static io.prokura.app.CodeFlow.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.jose.DpopProof;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// An application under the FAPI 2.0 security profile, as the OpenID Foundation's conformance suite
/// plays one. Parameters are given as pairs of name and value, and replace those that it sends by
/// itself; an empty value takes one away.
final class Fapi2Client {
  private static final String METHOD = "client_assertion_type";

  final String id;
  final Company company;
  final World world;

  /// Headers that go with each request, of a proxy for instance.
  final Map<String, String> headers = new LinkedHashMap<>();

  private final Browser browser;
  private final RelyingParty pages;
  private final RSAKey key = generate();
  private final String redirectUri;

  /// Registers the application with that redirect URI and a key of its own.
  Fapi2Client(Company company, Browser browser, World world, String name, String redirectUri) {
    this.company = company;
    this.browser = browser;
    this.world = world;
    this.redirectUri = redirectUri;
    pages = new RelyingParty(company, browser, world);
    company.make(
        name,
        "clients",
        ("{'name': '%s', 'everything': true, 'resource': '<crm>', 'profile': 'fapi2',"
                + " 'redirectUris': ['%s']}")
            .formatted(name, redirectUri));
    id = company.id(name);
    var jwk = key.toPublicJWK().toJSONString().replace('"', '\'');
    company.make(
        name + "-key", "clients/" + id + "/credentials", "{'kind': 'key', 'jwk': " + jwk + "}");
  }

  private static RSAKey generate() {
    try {
      return new RSAKeyGenerator(2048).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String issuer() {
    return company.server.issuer();
  }

  /// A prover whose clock shows what the server's does.
  Prover prover() {
    return new Prover(world.now());
  }

  /// The claims of a good assertion.
  JWTClaimsSet.Builder claims() {
    var now = world.now();
    return new JWTClaimsSet.Builder()
        .issuer(id)
        .subject(id)
        .audience(issuer())
        .jwtID(UUID.randomUUID().toString())
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(60)));
  }

  String assertion() {
    return assertion(JWSAlgorithm.PS256, claims().build());
  }

  String assertion(JWSAlgorithm algorithm, JWTClaimsSet claims) {
    return signed(new JWSHeader(algorithm), claims);
  }

  /// A DPoP proof by the key that signs assertions, which is an RSA key.
  String rsaProof(JWSAlgorithm algorithm, JWTClaimsSet claims) {
    var header = new JWSHeader.Builder(algorithm).type(new JOSEObjectType("dpop+jwt"));
    return signed(header.jwk(key.toPublicJWK()).build(), claims);
  }

  private String signed(JWSHeader header, JWTClaimsSet claims) {
    try {
      var jwt = new SignedJWT(header, claims);
      jwt.sign(new RSASSASigner(key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Posts a form, with an assertion unless the pairs say that there is none.
  Answer post(String path, List<String> proofs, String... pairs) {
    var form = new LinkedHashMap<String, String>();
    form.put(METHOD, ClientAuthenticator.ASSERTION_TYPE);
    form.put("client_assertion", assertion());
    return bare(path, proofs, replaced(form, pairs));
  }

  private Answer bare(String path, List<String> proofs, Map<String, String> form) {
    var request =
        HttpRequest.newBuilder(company.server.uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(Browser.encoded(form)));
    proofs.forEach(proof -> request.header("DPoP", proof));
    headers.forEach(request::header);
    var response = company.server.send(request);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    return Answer.of(company.server, response);
  }

  /// How many bits of chance seem to be in a text, as the suite counts them: its length times the
  /// entropy of its characters.
  static double bits(String text) {
    var counts = text.chars().boxed().collect(Collectors.groupingBy(c -> c, Collectors.counting()));
    return counts.values().stream()
        .mapToDouble(count -> -count * Math.log((double) count / text.length()) / Math.log(2))
        .sum();
  }

  private static Map<String, String> replaced(Map<String, String> form, String... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      form.put(pairs[i], pairs[i + 1]);
    }
    form.values().removeIf(String::isEmpty);
    return form;
  }

  /// The pairs for a request without an assertion.
  static String[] unsigned(String... pairs) {
    var all = new ArrayList<>(List.of(METHOD, "", "client_assertion", ""));
    all.addAll(List.of(pairs));
    return all.toArray(String[]::new);
  }

  /// The parameters of an authorization request for OpenID Connect.
  Map<String, String> request(String... pairs) {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", id);
    request.put("response_type", "code");
    request.put("redirect_uri", redirectUri);
    request.put("scope", "openid");
    request.put("state", "af0ifjsldkj");
    request.put("nonce", "n-0S6_WzA2Mj");
    request.put("code_challenge", CodeFlow.CHALLENGE);
    request.put("code_challenge_method", "S256");
    return replaced(request, pairs);
  }

  Answer push(String... pairs) {
    return push(List.of(), pairs);
  }

  Answer push(List<String> proofs, String... pairs) {
    var form = new LinkedHashMap<String, String>();
    form.put(METHOD, ClientAuthenticator.ASSERTION_TYPE);
    form.put("client_assertion", assertion());
    form.putAll(request());
    return bare("/oauth2/par", proofs, replaced(form, pairs));
  }

  /// Opens a pushed request as `client`, with more parameters in the URL.
  HttpResponse<String> open(String client, Answer pushed, String... pairs) {
    assertThat(pushed.status()).as(pushed.body().toText()).isEqualTo(201);
    assertThat(pushed.body().get("error")).isEmpty();
    assertThat(pushed.body().number("expires_in").orElse(0L)).isBetween(5L, 600L);
    assertThat(bits(pushed.text("request_uri"))).isGreaterThan(128);
    var query = new LinkedHashMap<String, String>();
    query.put("client_id", client);
    query.put("request_uri", pushed.text("request_uri"));
    return browser.open("/oauth2/authorize?" + Browser.encoded(replaced(query, pairs)));
  }

  /// What the application hears when the person allows all that a pushed request asks.
  Map<String, String> heard(Answer pushed, String... pairs) {
    var heard = answer(pages.allowed(open(id, pushed, pairs)));
    if (heard.containsKey("code")) {
      assertThat(bits(heard.getOrDefault("code", ""))).isGreaterThan(128);
    }
    return heard;
  }

  String code(String... pairs) {
    return heard(push(pairs)).getOrDefault("code", "");
  }

  Answer redeem(String code, List<String> proofs, String... pairs) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirectUri);
    form.put("code_verifier", CodeFlow.VERIFIER);
    return token(form, proofs, pairs);
  }

  Answer refresh(String token, List<String> proofs, String... pairs) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", token);
    return token(form, proofs, pairs);
  }

  private Answer token(Map<String, String> form, List<String> proofs, String... pairs) {
    form.put(METHOD, ClientAuthenticator.ASSERTION_TYPE);
    form.put("client_assertion", assertion());
    return bare("/oauth2/token", proofs, replaced(form, pairs));
  }

  /// The claims of a proof for presenting `token` at userinfo.
  JWTClaimsSet.Builder presenting(Prover prover, String token) {
    return prover
        .claims()
        .claim("htm", "GET")
        .claim("htu", issuer() + "/oauth2/userinfo")
        .claim("ath", DpopProof.hash(token));
  }

  /// Asks userinfo with this header `Authorization` and these proofs.
  HttpResponse<String> userinfo(String authorization, String... proofs) {
    return get("/oauth2/userinfo", authorization, proofs);
  }

  HttpResponse<String> get(String path, String authorization, String... proofs) {
    var request = HttpRequest.newBuilder(company.server.uri(path)).GET();
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    for (var proof : proofs) {
      request.header("DPoP", proof);
    }
    headers.forEach(request::header);
    return company.server.send(request);
  }

  /// Expects one of these errors, in the form of RFC 6749 §5.2, whose descriptions have neither
  /// quotation marks nor backslashes.
  static void refused(Answer answer, int status, String... errors) {
    assertThat(answer.body().text("error").orElse("")).isIn((Object[]) errors);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text("error_description")).matches("[ !#-\\[\\]-~]+");
    assertThat(answer.body().members()).containsOnlyKeys("error", "error_description");
  }

  /// The claims of an ID token or an access token.
  Json.Obj claims(String jwt) {
    return pages.claims(jwt);
  }

  Json.Obj header(String jwt) {
    return pages.part(jwt, 0);
  }
}
