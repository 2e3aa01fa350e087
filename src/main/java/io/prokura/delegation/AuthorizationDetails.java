package io.prokura.delegation;

import static io.prokura.kernel.Refusal.AUTHORIZATION_DETAILS_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Form;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is wanted as one detail (RFC 9396) instead of in parameters of its own: some actions on one
/// resource for a purpose. It says no more than `resource`, `scope` and `purpose` do, and is read
/// as these are.
public final class AuthorizationDetails {
  /// The parameter and the member of answers.
  public static final String NAME = "authorization_details";

  /// The only type of a detail here.
  public static final String TYPE = "urn:prokura:params:oauth:authorization-details:purpose";

  private static final Set<String> MEMBERS = Set.of("type", "purpose", "locations", "actions");

  private final JsonReader reader;

  public AuthorizationDetails(JsonReader reader) {
    this.reader = reader;
  }

  /// `sent` with its detail as parameters; itself where there is none. Refuses
  /// `AUTHORIZATION_DETAILS_INVALID` another type, an unknown member, more than one detail, and one
  /// beside a parameter that says the same.
  public Result<Form> expand(Form sent) {
    var text = sent.get(NAME);
    if (text.isEmpty()) {
      return ok(sent);
    }
    if (!(reader.read(text.get().getBytes(UTF_8)) instanceof Ok<Json>(Json.Arr(var items)))
        || items.size() != 1
        || !(items.getFirst() instanceof Json.Obj detail)) {
      return wrong("it is a list of one detail: a token is for one purpose");
    }
    if (!detail.text("type").equals(Optional.of(TYPE))
        || !MEMBERS.containsAll(detail.members().keySet())) {
      return wrong("its type is " + TYPE + ", with purpose, locations and actions");
    }
    var purpose = detail.text("purpose");
    var locations = texts(detail, "locations");
    var actions = texts(detail, "actions");
    boolean isTyped =
        purpose.isPresent()
            && locations.isPresent()
            && actions.isPresent()
            && locations.get().size() <= 1
            && actions.get().stream().noneMatch(action -> action.indexOf(' ') >= 0);
    if (!isTyped) {
      return wrong("purpose is a name, locations is a list of one resource, actions one of names");
    }
    if (sent.has("purpose")
        || (sent.has("resource") && !locations.get().isEmpty())
        || (!actions.get().isEmpty() && namesActions(sent))) {
      return wrong("purpose, resource and scope are said once");
    }
    return ok(with(sent, purpose.get(), locations.get(), actions.get()));
  }

  /// Whether `scope` asks for more than what is about the person.
  private static boolean namesActions(Form sent) {
    return sent.has("scope") && !sent.get("scope").equals(Optional.of("openid"));
  }

  private static Form with(
      Form sent, String purpose, List<String> locations, List<String> actions) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    sent.names().stream()
        .filter(name -> !name.equals(NAME))
        .forEach(name -> all.put(name, sent.all(name)));
    all.put("purpose", List.of(purpose));
    if (!locations.isEmpty()) {
      all.put("resource", locations);
    }
    if (!actions.isEmpty()) {
      var scope = sent.has("scope") ? "openid " : "";
      all.put("scope", List.of(scope + String.join(" ", actions)));
    }
    return Form.ofAll(all);
  }

  private static Optional<List<String>> texts(Json.Obj detail, String name) {
    return detail.get(name).isEmpty() ? Optional.of(List.of()) : detail.texts(name);
  }

  private static <T> Result<T> wrong(String detail) {
    return refused(AUTHORIZATION_DETAILS_INVALID, NAME + ": " + detail);
  }

  /// What `authority` comes to as a list of details; empty where it has no purpose.
  public static Optional<Json> of(Authority authority) {
    return authority.purpose() instanceof Stated.Purpose(_, var name)
        ? Optional.of(
            Json.array(
                List.of(
                    Json.object()
                        .put("type", TYPE)
                        .put("purpose", name)
                        .put("locations", List.of(authority.audience()))
                        .put("actions", authority.scopes().values())
                        .build())))
        : Optional.empty();
  }
}
