package io.prokura.clients;

import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.DocumentUrl;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.management.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a [Registration] stands in requests, in answers and in its column.
final class RegistrationForm {
  private static final String REDIRECT =
      "an https URI, an http URI on a loopback address, or one of an app's own scheme with a dot";

  private static final long AGE_MAX = 999_999_999;

  private static final String PAIRWISE = "pairwise";
  private static final int HOST_MAX = 253;
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private static final String WEB = "an https URI, or an http URI on a loopback address";

  private RegistrationForm() {}

  /// Reads the members of a registration; what is wrong is noted in `fields`.
  static Registration read(Fields fields, Limits limits) {
    boolean isPublic = fields.flagOr("public", false);
    var profile =
        fields
            .optional("profile", "oauth or fapi2", Registration.Profile::parse)
            .orElse(Registration.Profile.OAUTH);
    var redirectUris = fields.list("redirectUris", REDIRECT, RedirectUri::parse);
    var registration =
        new Registration(
            isPublic,
            redirectUris,
            fields
                .optional("consent", "asked or implied", Registration.Consent::parse)
                .orElse(Registration.Consent.ASKED),
            fields.flagOr("pkceOptional", false),
            fields.flagOr("pushedRequestsOnly", profile == Registration.Profile.FAPI2),
            profile,
            fields.optional("resource", "the id of a resource", Id.Resource::parse),
            fields
                .optional("scope", "scopes between spaces", text -> scopes(text, limits))
                .orElse(Scopes.NONE),
            logout(fields),
            identity(fields, redirectUris),
            fields.optional("backchannelClientNotificationEndpoint", WEB, RegistrationForm::web),
            Optional.of(fields.numberOr("defaultMaxAge", -1, 0, AGE_MAX))
                .filter(seconds -> seconds >= 0)
                .map(Duration::ofSeconds),
            fields
                .optional("origin", "who registered it", Registration.Origin::parse)
                .orElse(Registration.Origin.ADMINISTRATOR),
            fields.optional("document", "the URL of a document about it", RegistrationForm::url),
            links(fields));
    problem(registration).ifPresent(fields::wrong);
    return registration;
  }

  private static Registration.Logout logout(Fields fields) {
    return new Registration.Logout(
        fields.list("postLogoutRedirectUris", REDIRECT, RedirectUri::parse),
        fields.optional("backchannelLogoutUri", WEB, RegistrationForm::web),
        fields.flagOr("backchannelLogoutSessionRequired", false));
  }

  private static Registration.Identity identity(Fields fields, List<RedirectUri> redirectUris) {
    var idToken =
        fields
            .optional("idTokenSignedResponseAlg", Algorithm.CHOICE, Algorithm::signing)
            .orElse(Algorithm.ES256);
    var type =
        fields.optional(
            "subjectType",
            "public or pairwise",
            text -> Optional.of(text).filter(List.of("public", PAIRWISE)::contains));
    var named = fields.optional("sectorIdentifier", "a host name", RegistrationForm::sector);
    boolean isPairwise = type.equals(Optional.of(PAIRWISE));
    var sector = isPairwise ? named.or(() -> host(redirectUris)) : Optional.<String>empty();
    if (isPairwise && sector.isEmpty()) {
      fields.wrong("sectorIdentifier is needed where redirectUris do not all have the same host");
    }
    if (!isPairwise && named.isPresent()) {
      fields.wrong("sectorIdentifier is for the subjectType pairwise");
    }
    var userinfo =
        fields.optional("userinfoSignedResponseAlg", Algorithm.CHOICE, Algorithm::signing);
    return new Registration.Identity(idToken, userinfo, sector);
  }

  private static Links links(Fields fields) {
    return new Links(
        fields.optional("clientUri", WEB, RegistrationForm::web),
        fields.optional("policyUri", WEB, RegistrationForm::web),
        fields.optional("tosUri", WEB, RegistrationForm::web),
        fields.optional("logoUri", WEB, RegistrationForm::web));
  }

  /// The host that all addresses have, where that is one and not everybody's own machine.
  private static Optional<String> host(List<RedirectUri> redirectUris) {
    var hosts = redirectUris.stream().map(RedirectUri::shown).distinct().toList();
    return hosts.size() == 1 && !redirectUris.getFirst().isLoopback()
        ? sector(hosts.getFirst().toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  private static Optional<String> sector(String text) {
    return Optional.of(text)
        .filter(host -> host.length() <= HOST_MAX && HOST.matcher(host).matches());
  }

  private static Optional<String> web(String text) {
    return RedirectUri.parse(text).map(RedirectUri::text).filter(uri -> uri.startsWith("http"));
  }

  /// What is wrong with a registration as a whole, if anything.
  private static Optional<String> problem(Registration one) {
    if (one.profile() == Registration.Profile.FAPI2) {
      if (one.isPublic() || !one.pushedOnly() || one.isPkceOptional()) {
        return Optional.of(
            "under fapi2 an application proves itself, pushes its requests and uses PKCE");
      }
      if (!one.redirectUris().stream().allMatch(uri -> uri.text().startsWith("https://"))) {
        return Optional.of("under fapi2 every redirect URI is https");
      }
      if (one.identity().algorithms().contains(Algorithm.RS256)) {
        return Optional.of("under fapi2 nothing is signed by RS256");
      }
    }
    boolean isLax = one.isPkceOptional() || one.consent() == Registration.Consent.IMPLIED;
    return one.isPublic() && isLax
        ? Optional.of("anybody can pose as a public application: people are asked, PKCE is used")
        : Optional.empty();
  }

  /// The members, without those that say nothing.
  static Json.Obj json(Registration one) {
    var out = Json.object().put("public", one.isPublic());
    out.put("consent", one.consent().word()).put("profile", one.profile().word());
    out.put("pkceOptional", one.isPkceOptional());
    out.put("pushedRequestsOnly", one.pushedOnly());
    out.put("redirectUris", one.redirectUris().stream().map(RedirectUri::text).toList());
    one.resource().ifPresent(id -> out.put("resource", id.text()));
    if (!one.scopes().isEmpty()) {
      out.put("scope", one.scopes().toString());
    }
    logout(out, one.logout());
    identity(out, one.identity());
    one.notificationUri().ifPresent(uri -> out.put("backchannelClientNotificationEndpoint", uri));
    one.maxAge().ifPresent(age -> out.put("defaultMaxAge", age.toSeconds()));
    out.put("origin", one.origin().word());
    out.put("document", one.document());
    var links = one.links();
    return out.put("clientUri", links.site())
        .put("policyUri", links.policy())
        .put("tosUri", links.terms())
        .put("logoUri", links.logo())
        .build();
  }

  private static void logout(Json.Builder out, Registration.Logout one) {
    if (!one.redirectUris().isEmpty()) {
      out.put(
          "postLogoutRedirectUris", one.redirectUris().stream().map(RedirectUri::text).toList());
    }
    one.backchannelUri().ifPresent(uri -> out.put("backchannelLogoutUri", uri));
    if (one.sessionRequired()) {
      out.put("backchannelLogoutSessionRequired", true);
    }
  }

  private static void identity(Json.Builder out, Registration.Identity one) {
    if (one.idToken() != Algorithm.ES256) {
      out.put("idTokenSignedResponseAlg", one.idToken().label());
    }
    one.userinfo().ifPresent(by -> out.put("userinfoSignedResponseAlg", by.label()));
    one.sector().ifPresent(host -> out.put("subjectType", PAIRWISE).put("sectorIdentifier", host));
  }

  /// The registration that [#json] wrote.
  static Registration of(Json.Obj json, Limits limits) {
    return read(new Fields(json), limits);
  }

  private static Optional<String> url(String text) {
    return DocumentUrl.parse(text).map(DocumentUrl::text);
  }

  private static Optional<Scopes> scopes(String text, Limits limits) {
    return Scopes.parse(text, limits) instanceof Ok(var scopes)
        ? Optional.of(scopes)
        : Optional.empty();
  }
}
