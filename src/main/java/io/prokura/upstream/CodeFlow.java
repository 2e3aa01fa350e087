package io.prokura.upstream;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.clients.OneTime;
import io.prokura.issuers.IdToken;
import io.prokura.issuers.IdTokens;
import io.prokura.issuers.IssuerKeys;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.issuers.TrustedIssuer.SignIn;
import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import io.prokura.seal.Seal;
import io.prokura.upstream.Pending.Purpose;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The authorization code flow as a client of a trusted issuer (OpenID Connect Core 1.0 §3.1) with
/// PKCE (RFC 7636). What comes back counts only in the browser it was begun in, once, within ten
/// minutes, at the address of the issuer it went to, and where an issuer says whose its responses
/// are (RFC 9207), only with its name.
public final class CodeFlow {
  private static final int ANSWER_MAX = 64 * 1024;

  private final String own;
  private final World world;
  private final Issuers issuers;
  private final IssuerKeys metadata;
  private final IdTokens tokens;
  private final Outbound outbound;
  private final OneTime oneTime;
  private final Seal seal;
  private final JsonReader json;

  /// `own` is what this server is known by.
  public CodeFlow(
      String own,
      World world,
      Issuers issuers,
      IssuerKeys metadata,
      IdTokens tokens,
      Outbound outbound,
      OneTime oneTime,
      Seal seal,
      JsonReader json) {
    this.own = own;
    this.world = world;
    this.issuers = issuers;
    this.metadata = metadata;
    this.tokens = tokens;
    this.outbound = outbound;
    this.oneTime = oneTime;
    this.seal = seal;
    this.json = json;
  }

  /// What came of it: who signed in by which issuer, and how it was begun.
  record Done(TrustedIssuer issuer, IdToken token, Pending pending) {}

  /// Begins at an active issuer that people sign in by and that can be reached.
  Optional<Begun> begin(Id.Issuer id, long checked, Purpose purpose) {
    var issuer = usable(id);
    var endpoint =
        issuer
            .flatMap(metadata::metadata)
            .map(known -> known.authorizationEndpoint())
            .filter(url -> !url.isEmpty());
    if (endpoint.isEmpty()) {
      return Optional.empty();
    }
    var signIn = issuer.get().terms().signIn().orElseThrow();
    var pending = Pending.of(world, id, checked, purpose);
    var scopes = new LinkedHashSet<>(signIn.scopes());
    scopes.add("openid");
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("response_type", "code");
    parameters.put("client_id", signIn.clientId());
    parameters.put("redirect_uri", redirectUri(id));
    parameters.put("scope", String.join(" ", scopes));
    parameters.put("state", pending.state());
    parameters.put("nonce", pending.nonce());
    parameters.put("code_challenge", challenge(pending.verifier()));
    parameters.put("code_challenge_method", "S256");
    var url = endpoint.get() + (endpoint.get().indexOf('?') < 0 ? "?" : "&") + form(parameters);
    return Optional.of(new Begun(url, pending.wrapped(seal), Pending.TIME));
  }

  /// What this browser set out for; nothing when it has not set out.
  Optional<Purpose> purpose(Arrived arrived) {
    return arrived.pending().flatMap(text -> Pending.read(seal, text)).map(Pending::purpose);
  }

  /// Takes what came back at the address of the issuer `id`, where the browser set out for what is
  /// `wanted`; refuses `TOKEN_INVALID`.
  Result<Done> complete(Id.Issuer id, Predicate<Purpose> wanted, Arrived arrived) {
    var pending = arrived.pending().flatMap(text -> Pending.read(seal, text));
    if (pending.isEmpty()
        || !wanted.test(pending.get().purpose())
        || !pending.get().issuer().equals(id)
        || !same(pending.get().state(), arrived.get("state").orElse(""))
        || !world.now().isBefore(pending.get().until())) {
      return refused(TOKEN_INVALID, "this browser has not begun this sign-in");
    }
    var issuer = usable(id);
    var known = issuer.flatMap(metadata::metadata);
    if (issuer.isEmpty() || known.isEmpty()) {
      return refused(TOKEN_INVALID, "the issuer is not one to sign in by");
    }
    var said = arrived.get("iss");
    boolean isIts = said.map(issuer.get().issuer()::equals).orElse(!known.get().sendsIssuer());
    var code = arrived.get("code");
    if (!isIts || code.isEmpty() || arrived.get("error").isPresent()) {
      return refused(TOKEN_INVALID, "the answer is not a code of the issuer");
    }
    var first =
        oneTime.use(
            "upstream sign-in",
            pending.get().state(),
            pending.get().since(),
            pending.get().until());
    if (first != OneTime.Outcome.FIRST) {
      return refused(TOKEN_INVALID, "this sign-in has been completed");
    }
    var signIn = issuer.get().terms().signIn().orElseThrow();
    return exchange(known.get().tokenEndpoint(), issuer.get(), signIn, pending.get(), code.get())
        .map(
            compact ->
                tokens.verify(issuer.get(), signIn.clientId(), pending.get().nonce(), compact))
        .orElseGet(() -> refused(TOKEN_INVALID, "the issuer gives no ID token for the code"))
        .map(token -> new Done(issuer.get(), token, pending.get()));
  }

  private Optional<String> exchange(
      String endpoint, TrustedIssuer issuer, SignIn signIn, Pending pending, String code) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("grant_type", "authorization_code");
    parameters.put("code", code);
    parameters.put("redirect_uri", redirectUri(issuer.id()));
    parameters.put("code_verifier", pending.verifier());
    var secret = issuers.secret(issuer.id());
    Map<String, String> headers =
        secret
            .map(text -> Map.of("Authorization", basic(signIn.clientId(), text)))
            .orElseGet(Map::of);
    if (secret.isEmpty()) {
      parameters.put("client_id", signIn.clientId());
    }
    var content = new Outbound.Content("application/x-www-form-urlencoded", form(parameters));
    return outbound.post(endpoint, content, headers, ANSWER_MAX) instanceof Fetched.Answered answer
            && json.readObject(answer.text().getBytes(UTF_8)) instanceof Ok(var body)
        ? body.text("id_token")
        : Optional.empty();
  }

  private Optional<TrustedIssuer> usable(Id.Issuer id) {
    return issuers
        .find(id)
        .filter(issuer -> issuer.active() && issuer.terms().signIn().isPresent());
  }

  /// One for each issuer, so that no answer of one is taken for another's (RFC 9700 §4.4.2).
  private String redirectUri(Id.Issuer id) {
    return own + "/login/upstream/" + id.text() + "/callback";
  }

  private static String basic(String clientId, String secret) {
    var pair = encoded(clientId) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  private static String challenge(String verifier) {
    var digest = Crypto.sha256(verifier.getBytes(UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
