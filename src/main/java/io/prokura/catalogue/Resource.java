package io.prokura.catalogue;

import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A protected API or MCP server.
///
/// `identifier` is its URI (RFC 8707), unique. `types` are the entity types of its objects; a type
/// belongs to one resource at most, but for `tool` and `mcp_server`, which every MCP server has:
/// whose tool is meant is then told by the enforcer that asks or by the token's audience. Access
/// tokens for it are signed by `tokenAlgorithm`, for verifiers that know no other. For an
/// agent-facing resource the caller's access token must be presented with every question.
/// `enforcers` may ask for decisions about it and introspect its tokens; what they say about the
/// properties in `asserts` (`resource.status`) is believed, what they say about others is not.
public record Resource(
    Id.Resource id,
    String identifier,
    String name,
    List<String> types,
    List<Action> actions,
    boolean agentFacing,
    PersonRights personRights,
    Algorithm tokenAlgorithm,
    List<Id.Workload> enforcers,
    List<String> asserts,
    long version) {
  /// How many types, enforcers and asserted properties a resource may have.
  public static final int ITEMS_MAX = 50;

  private static final int PROPERTY_MAX = 100;
  private static final Pattern PROPERTY =
      Pattern.compile("(subject|resource|action|context)\\.[A-Za-z_][A-Za-z0-9_]*");

  public Resource {
    if (!ResourceIdentifier.normalised(identifier).equals(Optional.of(identifier))) {
      throw new IllegalArgumentException("not a normalised identifier: " + identifier);
    }
    types = types.stream().map(String::intern).toList();
    actions = List.copyOf(actions);
    enforcers = List.copyOf(enforcers);
    asserts = List.copyOf(asserts);
    if (new HashSet<>(actions.stream().map(Action::name).toList()).size() < actions.size()) {
      throw new IllegalArgumentException("two actions of one name");
    }
  }

  public Optional<Action> action(String name) {
    for (var action : actions) {
      if (action.name().equals(name)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /// The names of all actions as scopes: what can be asked for at all.
  public Scopes scopes() {
    return new Scopes(actions.stream().map(Action::name).toList());
  }

  /// Whether the resource itself knows what a person may do on it.
  public boolean holdsPersonRights() {
    return personRights == PersonRights.HELD;
  }

  /// Whether `text` names a property that an enforcer can assert.
  static boolean isProperty(String text) {
    return text.length() <= PROPERTY_MAX && PROPERTY.matcher(text).matches();
  }

  /// The types that no other resource may have.
  List<String> ownTypes() {
    return types.stream().filter(type -> !TypeName.isShared(type)).toList();
  }

  Resource withVersion(long next) {
    return new Resource(
        id,
        identifier,
        name,
        types,
        actions,
        agentFacing,
        personRights,
        tokenAlgorithm,
        enforcers,
        asserts,
        next);
  }
}
