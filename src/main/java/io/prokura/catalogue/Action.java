package io.prokura.catalogue;

import io.prokura.json.Json;
import io.prokura.kernel.Scopes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Something that can be done on a resource. Its name is an OAuth scope and the id of the action in
/// policies and decisions.
///
/// `identifiedBy` names the arguments that tell one concrete call from another, each once. Where
/// there are none, no single call can be approved.
public record Action(
    String name,
    Sensitivity sensitivity,
    Reversibility reversibility,
    String description,
    List<String> identifiedBy) {
  /// Characters that the name of an action may have.
  public static final int NAME_MAX = 100;

  /// How many arguments may identify a call.
  public static final int ARGUMENTS_MAX = 20;

  private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.-]{0,99}");

  /// Scopes that mean something to every client (OpenID Connect Core §5.4 and §11), and `groups`,
  /// which means the same to many. Only the server itself has actions of these names.
  private static final Set<String> RESERVED =
      Set.of("openid", "profile", "email", "address", "phone", "groups", "offline_access");

  public Action {
    if (!Scopes.isToken(name) || name.length() > NAME_MAX) {
      throw new IllegalArgumentException("not an action name: " + name);
    }
    // Many resources have actions of the same few names, each of which is then one place in memory.
    name = name.intern();
    identifiedBy = List.copyOf(identifiedBy);
    if (identifiedBy.size() > ARGUMENTS_MAX
        || new HashSet<>(identifiedBy).size() < identifiedBy.size()
        || !identifiedBy.stream().allMatch(Action::isArgument)) {
      throw new IllegalArgumentException("not the arguments of a call: " + identifiedBy);
    }
  }

  /// An action of which no argument identifies a call.
  public Action(String name, Sensitivity sensitivity, boolean reversible, String description) {
    this(name, sensitivity, Reversibility.of(reversible), description, List.of());
  }

  /// What policies are told; false where the resource does not say.
  public boolean reversible() {
    return reversibility == Reversibility.REVERSIBLE;
  }

  /// What of it is a closed vocabulary: everything but its description.
  public Json.Obj facts() {
    return Json.object()
        .put("name", name)
        .put("sensitivity", sensitivity.word())
        .putAll(reversibility.toJson().members())
        .put("identifiedBy", identifiedBy)
        .build();
  }

  /// The action that [#facts] were taken from, as it is described.
  public static Action of(Json.Obj facts, String description) {
    return new Action(
        facts.text("name").orElseThrow(),
        facts.text("sensitivity").flatMap(Sensitivity::parse).orElseThrow(),
        Reversibility.read(facts),
        description,
        facts.texts("identifiedBy").orElse(List.of()));
  }

  /// Whether `text` can be the name of an action: a scope-token of at most [#NAME_MAX] characters
  /// that holds no `*` and is no scope of OpenID Connect.
  public static boolean isName(String text) {
    return Scopes.isToken(text)
        && text.length() <= NAME_MAX
        && text.indexOf('*') < 0
        && !RESERVED.contains(text);
  }

  /// Whether `text` can be the name of an argument: at most 100 letters, digits, `_`, `$`, `.` and
  /// `-`, the first none of the last two and no digit.
  public static boolean isArgument(String text) {
    return ARGUMENT.matcher(text).matches();
  }
}
