package io.prokura.http;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
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
import org.junit.jupiter.api.Test;

final class RequestTest {
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
    var invalid = Problem.response(request, new Result.Refused<>(TOKEN_INVALID, "it \"expired\""));
    assertThat(invalid.status()).isEqualTo(401);
    assertThat(invalid.header("WWW-Authenticate"))
        .contains(
            "Bearer realm=\"prokura\", error=\"invalid_token\","
                + " error_description=\"it 'expired'\"");
    var narrow = Problem.response(request, new Result.Refused<>(SCOPE_INSUFFICIENT, "more"));
    assertThat(narrow.status()).isEqualTo(403);
    assertThat(narrow.header("WWW-Authenticate").orElse("")).contains("insufficient_scope");
    assertThat(narrow.bodyText())
        .isEqualTo(
            """
            {"type":"/errors/scope-insufficient","title":"Scope insufficient","status":403,\
            "detail":"more","code":"scope-insufficient","request_id":"request"}""");
  }

  @Test
  void everyRefusalHasBothForms() {
    for (var reason : Refusal.values()) {
      var refused = new Result.Refused<>(reason, "because");
      // A resource says 401 where the token endpoint says 400 (RFC 9449 §5, §7.1).
      int status = reason == Refusal.DPOP_PROOF_INVALID ? 401 : reason.status();
      assertThat(Problem.response(post().build(), refused).status()).isEqualTo(status);
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
