package io.prokura.demo;

import io.prokura.cli.Text;
import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Shortens JSON for a reader: ids get the name of what they are, tokens and secrets keep only
/// their first characters, long texts and lists are cut.
final class Abridged {
  private static final Pattern ID = Pattern.compile("[a-z]{3}_[0-9a-z]{26}");
  private static final Set<String> SECRETS =
      Set.of(
          "access_token",
          "subject_token",
          "client_assertion",
          "actor_token",
          "refresh_token",
          "auth_req_id",
          "code",
          "code_verifier",
          "secret",
          "token",
          "leaf",
          "proof",
          "d");
  private static final int ID_SHOWN = 9;
  private static final int SECRET_SHOWN = 10;
  private static final int TEXT_MAX = 70;
  private static final int ITEMS_MAX = 6;

  private final Map<String, String> names = new HashMap<>();

  /// From now on the id is shown with this name beside it.
  void name(String id, String name) {
    names.put(id, name);
  }

  Json of(Json json) {
    return switch (json) {
      case Json.Obj object -> object(object);
      case Json.Arr(var items) -> array(items);
      case Json.Str(var text) -> Json.text(Text.cut(text(text), TEXT_MAX));
      case Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> json;
    };
  }

  private Json object(Json.Obj object) {
    var shown = Json.object();
    object
        .members()
        .forEach(
            (name, value) ->
                shown.put(
                    name,
                    SECRETS.contains(name) && value instanceof Json.Str(var text)
                        ? Json.text(secret(text))
                        : of(value)));
    return shown.build();
  }

  private Json array(List<Json> items) {
    var shown = items.stream().limit(ITEMS_MAX).map(this::of).toList();
    if (items.size() <= ITEMS_MAX) {
      return Json.array(shown);
    }
    var more = new ArrayList<>(shown);
    more.add(Json.text("… " + (items.size() - ITEMS_MAX) + " more"));
    return Json.array(more);
  }

  /// A delegation's id is no secret, although it stands where a token does.
  private String secret(String text) {
    return ID.matcher(text).matches() ? text(text) : Text.cut(text, SECRET_SHOWN);
  }

  /// The text with every id in it shortened and named.
  String text(String text) {
    return ID.matcher(Text.printable(text)).replaceAll(found -> label(found.group()));
  }

  private String label(String id) {
    var name = names.get(id);
    return id.substring(0, ID_SHOWN) + "…" + (name == null ? "" : "(" + name + ")");
  }
}
