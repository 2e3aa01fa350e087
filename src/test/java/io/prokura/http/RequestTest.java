package io.prokura.http;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.DPOP_PROOF_INVALID;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.SCOPE_INSUFFICIENT;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTest {
  private static final ProtectedResource API =
      new ProtectedResource("https://iam.example", "/api", "API", "use", List.of("use", "more"));
  private static final String METADATA =
      "resource_metadata=\"https://iam.example/.well-known/oauth-protected-resource/api\"";
  private static final Set<Refusal> OF_PROOFS =
      Set.of(DPOP_PROOF_INVALID, Refusal.DPOP_NONCE_REQUIRED);

  private static Request.Builder post() {
    return Request.to(Limits.standard(), "POST", "/x");
  }

  private static Request authorized(String value) {
    return post().header("authorization", value).build();
  }

  private static String basic(String pair) {
    return "Basic "
        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Refusal reason(Result<?> result) {
    return ((Result.Refused<?>) result).reason();
  }

  @Test
  void headersAreFoundInAnyCaseAndRefusedWhenRepeated() {
    var request = post().header("If-Match", "\"1\"").header("X-A", "1").header("x-a", "2").build();
    assertThat(request.header("if-match")).isEqualTo(Result.ok(Optional.of("\"1\"")));
    assertThat(request.header("IF-MATCH")).isEqualTo(Result.ok(Optional.of("\"1\"")));
    assertThat(request.header("Absent")).isEqualTo(Result.ok(Optional.empty()));
    assertThat(request.headers("X-A")).containsExactly("1", "2");
    assertThat(reason(request.header("X-A"))).isEqualTo(MALFORMED_REQUEST);
  }

  @Test
  void basicCredentialsAreDecodedOnBothSidesOfTheFirstColon() {
    // RFC 6749 §2.3.1 encodes both parts, so a colon may stand in either.
    assertThat(authorized(basic("a%3Ab:s%2Be+c:ret")).basicCredentials())
        .isEqualTo(Result.ok(Optional.of(new BasicCredentials("a:b", "s+e c:ret"))));
    assertThat(authorized("bAsIc " + basic("a:").substring(6)).basicCredentials())
        .isEqualTo(Result.ok(Optional.of(new BasicCredentials("a", ""))));
    assertThat(new BasicCredentials("a", "hidden").toString()).doesNotContain("hidden");
  }

  @Test
  void basicCredentialsThatCannotBeReadAreNoAuthentication() {
    for (var bad : List.of("Basic !!!", "Basic ", basic("nocolon"), basic("a:%zz"), basic("a:ä"))) {
      var result = authorized(bad).basicCredentials();
      assertThat(reason(result)).as(bad).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
  }

  @Test
  void anotherSchemeIsNeitherBasicNorBearer() {
    for (var other : List.of("Digest a", "Bearerx a", "Basicx a", "", "Bearer", "DPoP abc")) {
      assertThat(authorized(other).basicCredentials()).isEqualTo(Result.ok(Optional.empty()));
      assertThat(authorized(other).bearerToken()).isEqualTo(Result.ok(Optional.empty()));
    }
    assertThat(post().build().bearerToken()).isEqualTo(Result.ok(Optional.empty()));
  }

  @Test
  void twoAuthorizationHeadersAreRefused() {
    var request = post().header("Authorization", "Bearer a").header("Authorization", "Bearer b");
    assertThat(reason(request.build().bearerToken())).isEqualTo(MALFORMED_REQUEST);
    assertThat(reason(request.build().basicCredentials())).isEqualTo(MALFORMED_REQUEST);
  }

  @Test
  void bearerTokensHaveTheirSyntax() {
    assertThat(authorized("bearer a.b-c_d~e+f/g==").bearerToken())
        .isEqualTo(Result.ok(Optional.of("a.b-c_d~e+f/g==")));
    for (var bad : List.of("Bearer ", "Bearer a b", "Bearer a,b", "Bearer =", "Bearer a=b")) {
      assertThat(reason(authorized(bad).bearerToken())).as(bad).isEqualTo(TOKEN_INVALID);
    }
  }

  @Test
  void queriesAreReadLikeForms() {
    var query = post().query("q=a%20b&empty=&flag").build().query();
    assertThat(((Result.Ok<Form>) query).value().names()).containsExactly("q");
    assertThat(reason(post().query("a=1&a=2").build().query()))
        .isEqualTo(Refusal.DUPLICATE_PARAMETER);
  }

  @Test
  void aFormSaysWhichParameterIsMissing() {
    var form = Form.of(Map.of("a", "1", "b", ""));
    assertThat(form.require("a")).isEqualTo(Result.ok("1"));
    assertThat(form.get("b")).isEmpty();
    assertThat(form.require("b"))
        .isEqualTo(Result.refused(MALFORMED_REQUEST, "the parameter b is missing"));
  }

  @Test
  void anOauthErrorKeepsToTheCharactersOfItsGrammar() {
    var refused = new Result.Refused<>(CLIENT_NOT_AUTHENTICATED, "say \"no\" \\ ä\r\nx");
    var plain = OAuthError.response(post().build(), refused);
    assertThat(plain.status()).isEqualTo(401);
    assertThat(plain.bodyText())
        .isEqualTo("{\"error\":\"invalid_client\",\"error_description\":\"say 'no' ? ???x\"}");
    assertThat(plain.header("WWW-Authenticate")).isEmpty();
    assertThat(plain.cacheControl()).isEqualTo("no-store");
    var challenged = OAuthError.response(authorized("Basic x"), refused);
    assertThat(challenged.header("www-authenticate").orElse("")).startsWith("Basic realm=");
  }

  @Test
  void aProblemTellsWhatIsWrongWithTheToken() {
    var request = authorized("Bearer x");
    var invalid = API.problem(request, new Result.Refused<>(TOKEN_INVALID, "it \"expired\""));
    assertThat(invalid.status()).isEqualTo(401);
    assertThat(challenges(invalid).getFirst())
        .isEqualTo(
            "Bearer realm=\"prokura\", error=\"invalid_token\","
                + " error_description=\"it 'expired'\", "
                + METADATA);
    var narrow = API.problem(request, new Result.Refused<>(SCOPE_INSUFFICIENT, "more"));
    assertThat(narrow.status()).isEqualTo(403);
    assertThat(challenges(narrow))
        .containsExactly(
            "Bearer realm=\"prokura\", error=\"insufficient_scope\","
                + " error_description=\"more\", scope=\"use\", "
                + METADATA);
    assertThat(narrow.bodyText())
        .isEqualTo(
            """
            {"type":"/errors/scope-insufficient","title":"Scope insufficient","status":403,\
            "detail":"more","code":"scope-insufficient","request_id":"request"}""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic x", "Negotiate x", "Bearerx", "dpop"})
  void whoSendsNoTokenIsToldHowAndNoError(String authorization) {
    var request = authorization.isEmpty() ? post().build() : authorized(authorization);
    var refused = API.problem(request, new Result.Refused<>(TOKEN_INVALID, "send a token"));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(challenges(refused))
        .containsExactly(
            "Bearer realm=\"prokura\", scope=\"use\", " + METADATA,
            "DPoP realm=\"prokura\", algs=\"ES256 EdDSA PS256 RS256\", scope=\"use\", " + METADATA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "bearer", "DPoP", "dpop"})
  void theErrorStandsInTheSchemeThatWasUsed(String scheme) {
    var request = authorized(scheme + " x");
    for (var reason : List.of(TOKEN_INVALID, SCOPE_INSUFFICIENT)) {
      var refused = API.problem(request, new Result.Refused<>(reason, "no"));
      assertThat(challenges(refused))
          .filteredOn(one -> one.contains("error="))
          .singleElement(InstanceOfAssertFactories.STRING)
          .startsWithIgnoringCase(scheme + " ")
          .contains("error=\"" + reason.error() + "\"", METADATA);
    }
  }

  @Test
  void aBadProofIsADpopErrorAndABadSecretNone() {
    var proof = API.problem(authorized("DPoP x"), new Result.Refused<>(DPOP_PROOF_INVALID, "no"));
    assertThat(proof.status()).isEqualTo(401);
    assertThat(challenges(proof))
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("DPoP ")
        .contains("error=\"invalid_dpop_proof\"");
    var unknown = new Result.Refused<>(CLIENT_NOT_AUTHENTICATED, "no");
    assertThat(challenges(API.problem(authorized("Basic x"), unknown)))
        .hasSize(3)
        .noneMatch(one -> one.contains("error"))
        .first(InstanceOfAssertFactories.STRING)
        .startsWith("Basic ");
  }

  private static List<String> challenges(Response response) {
    return response.headers().stream()
        .filter(header -> header.name().equals("WWW-Authenticate"))
        .map(Response.Header::value)
        .toList();
  }

  @Test
  void everyRefusalHasBothForms() {
    for (var reason : Refusal.values()) {
      var refused = new Result.Refused<>(reason, "because");
      // A resource says 401 where the token endpoint says 400 (RFC 9449 §5, §7.1).
      int status = OF_PROOFS.contains(reason) ? 401 : reason.status();
      assertThat(API.problem(post().build(), refused).status()).isEqualTo(status);
      assertThat(Problem.response(post().build(), refused).status()).isEqualTo(reason.status());
      assertThat(OAuthError.response(post().build(), refused).status()).isEqualTo(reason.status());
    }
  }

  @Test
  void aHeaderCannotBreakTheResponseApart() {
    for (var value : List.of("a\r\nSet-Cookie: b", "a\nb", "ä", "\0")) {
      assertThatThrownBy(() -> Response.empty(200).with("Location", value))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Response.empty(200).cacheable(value))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Response.empty(200).with("Bad Name", "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Response.empty(100)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countersAndGaugesOfFeaturesAreShown() {
    var metrics = new Metrics();
    metrics.counter("tokens_total", "Tokens.", "grant").increment("code");
    metrics.counter("plain_total", "Plain.").add(2);
    metrics.gauge("keys", "Keys.", () -> 3);
    assertThat(metrics.exposition().bodyText())
        .contains("tokens_total{grant=\"code\"} 1.0", "plain_total 2.0", "keys 3.0");
  }
}
