package io.prokura.clients;

import io.prokura.json.Json;
import io.prokura.kernel.DocumentUrl;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.management.Fields;
import java.time.Duration;
import java.util.Optional;

/// How a [Registration] stands in requests, in answers and in its column.
final class RegistrationForm {
  private static final String REDIRECT =
      "an https URI, an http URI on a loopback address, or one of an app's own scheme with a dot";

  private static final long AGE_MAX = 999_999_999;

  private RegistrationForm() {}

  /// Reads the members of a registration; what is wrong is noted in `fields`.
  static Registration read(Fields fields, Limits limits) {
    boolean isPublic = fields.flagOr("public", false);
    var profile =
        fields
            .optional("profile", "oauth or fapi2", Registration.Profile::parse)
            .orElse(Registration.Profile.OAUTH);
    var registration =
        new Registration(
            isPublic,
            fields.list("redirectUris", REDIRECT, RedirectUri::parse),
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
            Optional.of(fields.numberOr("defaultMaxAge", -1, 0, AGE_MAX))
                .filter(seconds -> seconds >= 0)
                .map(Duration::ofSeconds),
            fields
                .optional("origin", "who registered it", Registration.Origin::parse)
                .orElse(Registration.Origin.ADMINISTRATOR),
            fields.optional("document", "the URL of a document about it", RegistrationForm::url));
    problem(registration).ifPresent(fields::wrong);
    return registration;
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
    one.maxAge().ifPresent(age -> out.put("defaultMaxAge", age.toSeconds()));
    out.put("origin", one.origin().word());
    out.put("document", one.document());
    return out.build();
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
