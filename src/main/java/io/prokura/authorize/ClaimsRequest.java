package io.prokura.authorize;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// What an application wants to be told of a person, claim by claim (OpenID Connect Core §5.5), and
/// how the person has to have signed in for it. Claims that nothing is known of here are passed
/// over, and so is `essential`: what is not told is not told, and no request fails for that.
///
/// @param userinfo the claims wanted at userinfo, each with the values it may have, or none for any
/// @param idToken those wanted in the ID token
/// @param acr what the sign-in has to be worth, where that is essential; empty for anything
/// @param subjects who it has to be that signs in; empty for anybody
public record ClaimsRequest(
    SequencedMap<String, List<Json>> userinfo,
    SequencedMap<String, List<Json>> idToken,
    List<String> acr,
    List<String> subjects) {
  /// Nothing beyond what scopes cover.
  public static final ClaimsRequest NONE =
      new ClaimsRequest(new LinkedHashMap<>(), new LinkedHashMap<>(), List.of(), List.of());

  /// The scope that covers each claim.
  private static final Map<String, String> COVERED =
      Map.of(
          "name", "profile",
          "preferred_username", "profile",
          "email", "email",
          "email_verified", "email",
          "groups", "groups");

  public ClaimsRequest {
    acr = List.copyOf(acr);
    subjects = List.copyOf(subjects);
  }

  /// Reads the parameter `claims`; refuses `MALFORMED_REQUEST`.
  static Result<ClaimsRequest> parse(Json.Obj sent) {
    var userinfo = members(sent, "userinfo");
    var idToken = members(sent, "id_token");
    if (!(userinfo instanceof Ok(var atUserinfo))) {
      return userinfo.refusal();
    }
    if (!(idToken instanceof Ok(var inIdToken))) {
      return idToken.refusal();
    }
    var acr = inIdToken.get("acr");
    var subject = Optional.ofNullable(inIdToken.get("sub")).or(() -> sub(atUserinfo));
    return ok(
        new ClaimsRequest(
            known(atUserinfo),
            known(inIdToken),
            acr != null && acr.essential() ? texts(acr) : List.of(),
            subject.map(ClaimsRequest::texts).orElse(List.of())));
  }

  /// One claim as it is asked for.
  private record Wanted(boolean essential, List<Json> values) {}

  private static Optional<Wanted> sub(Map<String, Wanted> all) {
    return Optional.ofNullable(all.get("sub"));
  }

  private static List<String> texts(Wanted one) {
    return one.values().stream()
        .filter(Json.Str.class::isInstance)
        .map(value -> ((Json.Str) value).value())
        .toList();
  }

  private static Result<SequencedMap<String, Wanted>> members(Json.Obj sent, String place) {
    SequencedMap<String, Wanted> all = new LinkedHashMap<>();
    var member = sent.get(place).orElse(new Json.Null());
    if (member instanceof Json.Null) {
      return ok(all);
    }
    if (!(member instanceof Json.Obj object)) {
      return refused(MALFORMED_REQUEST, "claims: " + place + " is an object");
    }
    for (var claim : object.members().entrySet()) {
      var wanted = wanted(claim.getValue());
      if (wanted.isEmpty()) {
        return refused(
            MALFORMED_REQUEST, "claims: each is null or has essential, value or a list of values");
      }
      all.put(claim.getKey(), wanted.get());
    }
    return ok(all);
  }

  private static Optional<Wanted> wanted(Json member) {
    if (member instanceof Json.Null) {
      return Optional.of(new Wanted(false, List.of()));
    }
    if (!(member instanceof Json.Obj object)) {
      return Optional.empty();
    }
    var essential = object.get("essential").orElse(new Json.Bool(false));
    var values = object.get("values").orElse(new Json.Arr(List.of()));
    if (!(essential instanceof Json.Bool(var isEssential))
        || !(values instanceof Json.Arr(var several))) {
      return Optional.empty();
    }
    return Optional.of(new Wanted(isEssential, object.get("value").map(List::of).orElse(several)));
  }

  private static SequencedMap<String, List<Json>> known(Map<String, Wanted> all) {
    SequencedMap<String, List<Json>> known = new LinkedHashMap<>();
    all.forEach(
        (name, wanted) -> {
          if (COVERED.containsKey(name)) {
            known.put(name, wanted.values());
          }
        });
    return known;
  }

  /// Whether nothing is asked for about the person.
  boolean isSilent() {
    return userinfo.isEmpty() && idToken.isEmpty();
  }

  /// The scopes that cover what is asked for: people allow it by these, and see it by these.
  public Scopes scopes() {
    var covering = new java.util.TreeSet<String>();
    userinfo.keySet().forEach(name -> covering.add(COVERED.getOrDefault(name, "")));
    idToken.keySet().forEach(name -> covering.add(COVERED.getOrDefault(name, "")));
    return Scopes.of(List.copyOf(covering));
  }

  /// The same without claims whose scope is not one of those.
  ClaimsRequest within(Predicate<String> allowed) {
    return new ClaimsRequest(only(userinfo, allowed), only(idToken, allowed), acr, subjects);
  }

  private static SequencedMap<String, List<Json>> only(
      Map<String, List<Json>> claims, Predicate<String> allowed) {
    SequencedMap<String, List<Json>> left = new LinkedHashMap<>();
    claims.forEach(
        (name, values) -> {
          if (allowed.test(COVERED.getOrDefault(name, ""))) {
            left.put(name, values);
          }
        });
    return left;
  }

  /// What of it is kept with a grant: the claims.
  Json.Obj toJson() {
    return Json.object().put("userinfo", json(userinfo)).put("id_token", json(idToken)).build();
  }

  private static Json.Obj json(Map<String, List<Json>> claims) {
    var all = Json.object();
    claims.forEach(
        (name, values) -> all.put(name, Json.object().put("values", Json.array(values)).build()));
    return all.build();
  }
}
