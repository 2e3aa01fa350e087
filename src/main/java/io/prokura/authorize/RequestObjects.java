package io.prokura.authorize;

import static io.prokura.kernel.Refusal.REQUEST_OBJECT_INVALID;
import static io.prokura.kernel.Refusal.REQUEST_OBJECT_UNSUPPORTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.ClientKeys;
import io.prokura.clients.Holder;
import io.prokura.http.Form;
import io.prokura.jose.Algorithm;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Opens authorization requests that the application signed (RFC 9101), where the configuration has
/// them taken. What is signed counts alone: nothing beside it is looked at.
public final class RequestObjects {
  /// How far ahead the end of a request object may lie.
  private static final Duration AHEAD_MAX = Duration.ofHours(1);

  private static final ExpectedType TYPE = ExpectedType.of("oauth-authz-req+jwt", "JWT").orAbsent();

  /// The claims that are about the object and no parameters of the request.
  private static final Set<String> ABOUT = Set.of("iss", "aud", "exp", "nbf", "iat", "jti");

  private final World world;
  private final Limits limits;
  private final String issuer;
  private final JwtReader reader;
  private final ClientKeys keys;
  private final boolean taken;

  /// Opens what is addressed to `issuer`; nothing at all unless it is `taken`.
  public RequestObjects(
      World world, Limits limits, String issuer, JwtReader reader, ClientKeys keys, boolean taken) {
    this.world = world;
    this.limits = limits;
    this.issuer = issuer;
    this.reader = reader;
    this.keys = keys;
    this.taken = taken;
  }

  /// The parameters that `sent` stands for: itself, or what is signed in its `request`. Refuses
  /// `REQUEST_OBJECT_UNSUPPORTED`, also what is not signed at all, and `REQUEST_OBJECT_INVALID`.
  Result<Form> open(Form sent) {
    var object = sent.get("request");
    if (object.isEmpty()) {
      return ok(sent);
    }
    if (!taken) {
      return refused(REQUEST_OBJECT_UNSUPPORTED, "request objects are not taken here");
    }
    var client = sent.get("client_id").flatMap(Id.Client::parse);
    if (client.isEmpty()) {
      return refused(REQUEST_OBJECT_INVALID, "client_id stands beside the request object");
    }
    var signed = signed(client.get(), object.get());
    return signed instanceof Ok(var claims) ? form(client.get(), claims) : signed.refusal();
  }

  private Result<Json.Obj> signed(Id.Client client, String compact) {
    var read = reader.read(compact, REQUEST_OBJECT_UNSUPPORTED);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var signed =
        unverified.algorithm() == Algorithm.RS256
            ? Optional.<ClientKeys.Signed>empty()
            : keys.signed(unverified, new Holder.Application(client), TYPE);
    if (signed.isEmpty()) {
      return refused(REQUEST_OBJECT_INVALID, "the application did not sign the request object");
    }
    var claims = signed.get().jwt().claims();
    var times =
        JwtTimes.check(
            claims, world.now(), limits.clockSkew(), limits.clockSkew(), REQUEST_OBJECT_INVALID);
    if (!(times instanceof Ok(var checked))) {
      return times.refusal();
    }
    boolean isFar = checked.expiresAt().isAfter(world.now().plus(AHEAD_MAX));
    return isFar
        ? refused(REQUEST_OBJECT_INVALID, "exp lies more than an hour ahead")
        : addressed(client, claims);
  }

  /// Another kind of JWT by the same client, an assertion for instance, says who it is in `sub`
  /// (RFC 9101 §10.8).
  private Result<Json.Obj> addressed(Id.Client client, Json.Obj claims) {
    var name = Optional.of(client.text());
    boolean isForUs =
        claims.text("aud").equals(Optional.of(issuer))
            || claims.texts("aud").equals(Optional.of(List.of(issuer)));
    boolean isRequest =
        claims.text("iss").equals(name)
            && claims.text("client_id").equals(name)
            && claims.get("sub").isEmpty()
            && claims.get("request").isEmpty()
            && claims.get("request_uri").isEmpty();
    return isForUs && isRequest
        ? ok(claims)
        : refused(
            REQUEST_OBJECT_INVALID,
            "iss and client_id name the application, aud is the issuer, and there is no sub");
  }

  private static Result<Form> form(Id.Client client, Json.Obj claims) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (var claim : claims.members().entrySet()) {
      if (!ABOUT.contains(claim.getKey())) {
        parameters.put(claim.getKey(), values(claim.getValue()));
      }
    }
    parameters.put("client_id", List.of(client.text()));
    return ok(Form.ofAll(parameters));
  }

  /// The texts that a parameter would have in a form.
  private static List<String> values(Json value) {
    return switch (value) {
      case Json.Str(var text) -> List.of(text);
      case Json.Arr array ->
          array.texts().isPresent() && !array.items().isEmpty()
              ? array.texts().get()
              : List.of(array.toText());
      case Json.Null _ -> List.of();
      case Json.Obj _, Json.Bool _, Json.Whole _, Json.Fraction _ -> List.of(value.toText());
    };
  }
}
