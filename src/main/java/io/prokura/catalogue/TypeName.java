package io.prokura.catalogue;

import java.util.Set;
import java.util.regex.Pattern;

/// The names of the entity types that a resource's objects have in policies.
final class TypeName {
  private static final int LENGTH_MAX = 100;
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(::[A-Za-z_][A-Za-z0-9_]*)*");
  private static final Set<String> CEDAR_WORDS =
      Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar");

  /// Types that many resources have objects of: those which MCP servers ask about.
  private static final Set<String> SHARED = Set.of("tool", "mcp_server");

  /// Types of this server's own entities; an enforcer must not speak for them.
  private static final Set<String> OWN =
      Set.of(
          "User",
          "Group",
          "Agent",
          "Workload",
          "Client",
          "Resource",
          "Purpose",
          "Delegation",
          "Permission",
          "Instance");

  private TypeName() {}

  /// Whether `text` is a Cedar entity type that a resource may have: identifiers between `::`, none
  /// reserved, not `Action`, not one of this server's own and not in its namespace.
  static boolean isTypeName(String text) {
    return text.length() <= LENGTH_MAX
        && PATH.matcher(text).matches()
        && Pattern.compile("::").splitAsStream(text).noneMatch(CEDAR_WORDS::contains)
        && !text.equals("Action")
        && !text.endsWith("::Action")
        && !OWN.contains(text)
        && !text.equals("Prokura")
        && !text.startsWith("Prokura::");
  }

  /// Whether resources share the type; any other belongs to one resource at most.
  static boolean isShared(String type) {
    return SHARED.contains(type);
  }
}
