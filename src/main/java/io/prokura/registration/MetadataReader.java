package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Refusal.CLIENT_REDIRECT_URI_INVALID;
import static io.prokura.kernel.Refusal.SOFTWARE_STATEMENT_UNAPPROVED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.PolledFlow;
import io.prokura.clients.AuthenticationMethod;
import io.prokura.clients.Credentials;
import io.prokura.clients.Links;
import io.prokura.clients.RedirectUri;
import io.prokura.clients.Registration;
import io.prokura.clients.Registration.Origin;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Reads what programs say of themselves (RFC 7591 §2). What they leave out gets what is usual,
/// what they list is cut to what there is here, and both are told back (§3.2.1). What would make
/// them something else than they mean to be is refused.
public final class MetadataReader {
  private static final long AGE_MAX = 999_999_999;
  private static final String RS256 = "RS256";
  private static final String PAIRWISE = "pairwise";
  private static final String USERINFO = "userinfo_signed_response_alg";
  private static final String CODE = "authorization_code";
  private static final String DELIVERY = "backchannel_token_delivery_mode";

  /// Members that tell people or other programs something, and are kept as they came.
  private static final List<String> ADDRESSES =
      List.of("client_uri", "logo_uri", "policy_uri", "tos_uri");

  /// Answers of kinds that this server does not give.
  private static final List<String> ENCODINGS =
      List.of(
          "id_token_encrypted_response_alg",
          "userinfo_encrypted_response_alg",
          "introspection_encrypted_response_alg");

  private final String issuer;
  private final Crypto crypto;
  private final Limits limits;
  private final Offer offer;
  private final Predicate<String> urls;

  /// `urls` says which URLs something is fetched from.
  public MetadataReader(
      String issuer, Crypto crypto, Limits limits, Offer offer, Predicate<String> urls) {
    this.issuer = issuer;
    this.crypto = crypto;
    this.limits = limits;
    this.offer = offer;
    this.urls = urls;
  }

  /// What may be chosen, the first being usual.
  ///
  /// @param grantTypes what an application may use at the token endpoint
  /// @param idTokenAlgorithms what ID tokens are signed with, and userinfo where that is wanted
  /// @param subjectTypes how people are named to it
  public record Offer(
      List<String> grantTypes, List<String> idTokenAlgorithms, List<String> subjectTypes) {
    /// What there is now.
    public static final Offer STANDARD =
        new Offer(
            List.of(CODE, "refresh_token", PolledFlow.DEVICE, PolledFlow.BACKCHANNEL),
            List.of(RS256, "ES256", "EdDSA"),
            List.of("public", PAIRWISE));

    public Offer {
      grantTypes = List.copyOf(grantTypes);
      idTokenAlgorithms = List.copyOf(idTokenAlgorithms);
      subjectTypes = List.copyOf(subjectTypes);
    }
  }

  /// The metadata that a program of this `origin` may have. Refuses `CLIENT_METADATA_INVALID`,
  /// `CLIENT_REDIRECT_URI_INVALID` and `SOFTWARE_STATEMENT_UNAPPROVED`.
  public Result<ClientMetadata> read(Json.Obj sent, Origin origin) {
    var members = new Members(sent, urls);
    if (members.has("software_statement")) {
      return refused(SOFTWARE_STATEMENT_UNAPPROVED, "nobody's software statements are taken here");
    }
    var out = Json.object();
    var method = method(members, origin);
    var grants = grants(members, origin, method);
    var redirectUris = redirectUris(members, origin, grants.contains(CODE));
    boolean isSigning = method == AuthenticationMethod.PRIVATE_KEY_JWT;
    var jwksUri = members.fetched("jwks_uri");
    var keys = keys(members, isSigning, out);
    var name = members.text("client_name", Members.TEXT_MAX);
    kinds(members, grants, out);
    var logout = logout(members, out);
    var scopes = scopes(members);
    var sector = members.fetched("sector_identifier_uri");
    var maxAge = members.number("default_max_age", AGE_MAX);
    boolean pushedOnly = members.flag("require_pushed_authorization_requests").orElse(false);
    described(members, redirectUris, out);
    var identity = identity(members, sector, redirectUris);
    var problem = members.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    out.put("redirect_uris", redirectUris.stream().map(RedirectUri::text).toList());
    out.put("token_endpoint_auth_method", method.label());
    out.put("jwks_uri", jwksUri).put("sector_identifier_uri", sector);
    maxAge.ifPresent(age -> out.put("default_max_age", age));
    out.put("require_pushed_authorization_requests", pushedOnly);
    var called = name.orElseGet(() -> unnamed(redirectUris));
    return ok(
        new ClientMetadata(
            called,
            redirectUris,
            method,
            isSigning ? keys : List.of(),
            jwksUri.filter(_ -> isSigning),
            sector,
            maxAge.map(Duration::ofSeconds),
            pushedOnly,
            scopes,
            logout,
            identity,
            links(members),
            out.put("client_name", called).build()));
  }

  private static String unnamed(List<RedirectUri> redirectUris) {
    return redirectUris.isEmpty() ? "Unnamed" : "Unnamed (" + redirectUris.getFirst().shown() + ")";
  }

  /// Where people come back to; only a program without a browser can do without.
  private List<RedirectUri> redirectUris(Members members, Origin origin, boolean isNeeded) {
    var texts = members.texts("redirect_uris", RedirectUri.LENGTH_MAX).orElse(List.of());
    var uris = texts.stream().map(RedirectUri::parse).flatMap(Optional::stream).toList();
    boolean isWeb = members.text("application_type", Members.TEXT_MAX).equals(Optional.of("web"));
    if ((uris.isEmpty() && isNeeded) || uris.size() < texts.size()) {
      wrongAddress(
          members,
          "redirect_uris has at least one URI: https, or http on a loopback address, without"
              + " wildcards, fragments and user information");
    }
    for (var uri : uris) {
      boolean isHttps = uri.text().startsWith("https://");
      if (!isHttps && !uri.isLoopback() && origin != Origin.TOKEN) {
        wrongAddress(members, "a redirect URI is https, or http on a loopback address");
      }
      if (!isHttps && isWeb) {
        wrongAddress(members, "a redirect URI of a web application is https");
      }
      if (isOurs(uri.text())) {
        wrongAddress(members, "a redirect URI leads to this server");
      }
    }
    return uris;
  }

  private boolean isOurs(String uri) {
    return uri.equals(issuer) || uri.startsWith(issuer + "/") || uri.startsWith(issuer + "?");
  }

  private static void wrongAddress(Members members, String detail) {
    members.wrong(new Refused<>(CLIENT_REDIRECT_URI_INVALID, detail));
  }

  /// How it proves itself. Without a word that is a secret (RFC 7591 §2), for those who may have
  /// one.
  private static AuthenticationMethod method(Members members, Origin origin) {
    var usual =
        origin == Origin.TOKEN
            ? AuthenticationMethod.CLIENT_SECRET_BASIC
            : AuthenticationMethod.NONE;
    var allowed =
        switch (origin) {
          case TOKEN, ADMINISTRATOR ->
              Set.of(
                  AuthenticationMethod.NONE,
                  AuthenticationMethod.CLIENT_SECRET_BASIC,
                  AuthenticationMethod.CLIENT_SECRET_POST,
                  AuthenticationMethod.PRIVATE_KEY_JWT);
          case OPEN -> Set.of(AuthenticationMethod.NONE);
          case DOCUMENT -> Set.of(AuthenticationMethod.NONE, AuthenticationMethod.PRIVATE_KEY_JWT);
        };
    var asked = members.text("token_endpoint_auth_method", Members.TEXT_MAX);
    if (asked.isEmpty()) {
      return usual;
    }
    return allowed.stream()
        .filter(method -> method.label().equals(asked.get()))
        .findFirst()
        .orElseGet(
            () -> {
              members.wrong(
                  "token_endpoint_auth_method is one of: "
                      + String.join(
                          ", ",
                          allowed.stream().map(AuthenticationMethod::label).sorted().toList()));
              return usual;
            });
  }

  private List<VerificationKey> keys(Members members, boolean isNeeded, Json.Builder out) {
    var jwks = members.object("jwks");
    if (jwks.isPresent() && members.has("jwks_uri")) {
      members.wrong("either jwks or jwks_uri says what the keys are");
    }
    if (jwks.isEmpty()) {
      if (isNeeded && !members.has("jwks_uri")) {
        members.wrong("private_key_jwt needs jwks or jwks_uri");
      }
      return List.of();
    }
    out.put("jwks", jwks.get());
    return switch (JwkSet.parse(crypto, jwks.get(), CLIENT_METADATA_INVALID)) {
      case Ok<JwkSet>(var set) -> {
        if (isNeeded && (set.keys().isEmpty() || set.keys().size() > Credentials.HELD_MAX)) {
          members.wrong(
              "jwks has 1 to %d keys that can be used here".formatted(Credentials.HELD_MAX));
        }
        yield set.keys();
      }
      case Refused<JwkSet> refused -> {
        members.wrong(refused);
        yield List.of();
      }
    };
  }

  /// The grants that it may use of those that it lists. Those that begin without the person's
  /// browser are for programs that an administrator's token vouches for, and CIBA for those that
  /// prove themselves.
  private List<String> grants(Members members, Origin origin, AuthenticationMethod method) {
    var asked = members.texts("grant_types", Members.TEXT_MAX).orElse(List.of(CODE));
    boolean isVouchedFor = origin == Origin.TOKEN || origin == Origin.ADMINISTRATOR;
    var grants =
        offer.grantTypes().stream()
            .filter(type -> asked.contains(type) || type.equals("refresh_token"))
            .filter(
                type ->
                    isVouchedFor
                        || !(type.equals(PolledFlow.DEVICE) || type.equals(PolledFlow.BACKCHANNEL)))
            .filter(
                type -> !type.equals(PolledFlow.BACKCHANNEL) || method != AuthenticationMethod.NONE)
            .toList();
    if (grants.size() < 2) {
      members.wrong("an application acts for people: by authorization_code and code");
    }
    return grants;
  }

  /// The members that choose among kinds of answers.
  private void kinds(Members members, List<String> grants, Json.Builder out) {
    boolean isBrowsed = grants.contains(CODE);
    var usual = isBrowsed ? List.of("code") : List.<String>of();
    var responses = members.texts("response_types", Members.TEXT_MAX).orElse(usual);
    if (isBrowsed != responses.contains("code")) {
      members.wrong("response_types has code where grant_types has authorization_code");
    }
    out.put("grant_types", grants);
    out.put("response_types", usual);
    var delivery = members.text(DELIVERY, Members.TEXT_MAX);
    if (delivery.isPresent() && !delivery.get().equals("poll")) {
      members.wrong(DELIVERY + " is poll");
    }
    if (grants.contains(PolledFlow.BACKCHANNEL)) {
      out.put(DELIVERY, "poll");
    }
    chosen(members, "id_token_signed_response_alg", offer.idTokenAlgorithms(), out);
    if (members.has(USERINFO)) {
      chosen(members, USERINFO, offer.idTokenAlgorithms(), out);
    }
    chosen(members, "subject_type", offer.subjectTypes(), out);
    for (var encoding : ENCODINGS) {
      if (members.has(encoding)) {
        members.wrong(encoding + " is not possible here");
      }
    }
  }

  private static void chosen(
      Members members, String name, List<String> possible, Json.Builder out) {
    var asked = members.text(name, Members.TEXT_MAX).orElse(possible.getFirst());
    if (!possible.contains(asked)) {
      members.wrong(name + " is one of: " + String.join(", ", possible));
    }
    out.put(name, asked);
  }

  /// How it is told who somebody is (OpenID Connect Core §8.1): within the host of its sector, else
  /// the one host of its redirect URIs.
  private static Registration.Identity identity(
      Members members, Optional<String> sectorUri, List<RedirectUri> redirectUris) {
    // What else was asked for has been refused already.
    var idToken =
        members
            .text("id_token_signed_response_alg", Members.TEXT_MAX)
            .flatMap(Algorithm::signing)
            .orElse(Algorithm.RS256);
    var userinfo = members.text(USERINFO, Members.TEXT_MAX).flatMap(Algorithm::signing);
    if (!members.text("subject_type", Members.TEXT_MAX).equals(Optional.of(PAIRWISE))) {
      return new Registration.Identity(idToken, userinfo, Optional.empty());
    }
    var hosts =
        sectorUri
            .map(uri -> List.of(host(uri)))
            .orElseGet(
                () -> redirectUris.stream().map(uri -> host(uri.text())).distinct().toList());
    if (hosts.size() != 1 || hosts.getFirst().isEmpty()) {
      members.wrong("sector_identifier_uri is needed where redirect_uris have several hosts");
    }
    return new Registration.Identity(idToken, userinfo, hosts.stream().findFirst());
  }

  private static String host(String uri) {
    return Optional.ofNullable(URI.create(uri).getHost()).orElse("").toLowerCase(Locale.ROOT);
  }

  /// How it takes part when people sign out (OpenID Connect RP-Initiated Logout §3.1, Back-Channel
  /// Logout §2.2).
  private Registration.Logout logout(Members members, Json.Builder out) {
    var texts =
        members.texts("post_logout_redirect_uris", RedirectUri.LENGTH_MAX).orElse(List.of());
    var uris = texts.stream().map(RedirectUri::parse).flatMap(Optional::stream).toList();
    if (uris.size() < texts.size() || uris.stream().anyMatch(uri -> isOurs(uri.text()))) {
      members.wrong("post_logout_redirect_uris are addresses like redirect_uris");
    }
    if (!uris.isEmpty()) {
      out.put("post_logout_redirect_uris", uris.stream().map(RedirectUri::text).toList());
    }
    var backchannel = members.url("backchannel_logout_uri");
    out.put("backchannel_logout_uri", backchannel);
    boolean isSessionNeeded =
        members.flag("backchannel_logout_session_required").orElse(false)
            && backchannel.isPresent();
    if (backchannel.isPresent()) {
      out.put("backchannel_logout_session_required", isSessionNeeded);
    }
    return new Registration.Logout(uris, backchannel, isSessionNeeded);
  }

  private Scopes scopes(Members members) {
    var text = members.get("scope");
    if (text.isEmpty()) {
      return Scopes.NONE;
    }
    if (text.get() instanceof Json.Str(var scopes)
        && Scopes.parse(scopes, limits) instanceof Ok(var parsed)) {
      return parsed;
    }
    members.wrong("scope is scopes between spaces");
    return Scopes.NONE;
  }

  private static Links links(Members members) {
    return new Links(
        members.url("client_uri"),
        members.url("policy_uri"),
        members.url("tos_uri"),
        members.url("logo_uri"));
  }

  private static void described(Members members, List<RedirectUri> redirectUris, Json.Builder out) {
    for (var address : ADDRESSES) {
      out.put(address, members.url(address));
    }
    members.texts("contacts", Members.TEXT_MAX).ifPresent(all -> out.put("contacts", all));
    for (var word : List.of("software_id", "software_version")) {
      out.put(word, members.text(word, Members.TEXT_MAX));
    }
    var type = members.text("application_type", Members.TEXT_MAX);
    if (type.isPresent() && !type.get().equals("web") && !type.get().equals("native")) {
      members.wrong("application_type is web or native");
    }
    boolean isWeb = redirectUris.stream().allMatch(uri -> uri.text().startsWith("https://"));
    out.put("application_type", type.orElse(isWeb ? "web" : "native"));
    var scope = members.get("scope");
    scope.ifPresent(text -> out.put("scope", text));
  }
}
