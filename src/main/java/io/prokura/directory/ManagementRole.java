package io.prokura.directory;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What somebody is in the management of this server. The management policies say what a role may
/// do; a role gives nothing on anybody's resources.
public enum ManagementRole {
  /// Runs the server: people, workloads, keys, everything below.
  ADMINISTRATOR,
  /// Keeps the registers of agents, resources, purposes and permissions.
  REGISTRAR,
  /// Stops what misbehaves, and lifts a quarantine.
  RESPONDER,
  /// Drafts, tests and publishes policies.
  POLICY_AUTHOR,
  /// Reads everything, the record included, and changes nothing.
  AUDITOR;

  /// The word for this role in the API and in the record: `policy_author`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ManagementRole> parse(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }

  /// An unmodifiable copy in the order above.
  static Set<ManagementRole> ordered(Collection<ManagementRole> roles) {
    var copy = EnumSet.noneOf(ManagementRole.class);
    copy.addAll(roles);
    return Collections.unmodifiableSet(copy);
  }

  static List<String> words(Set<ManagementRole> roles) {
    return roles.stream().map(ManagementRole::word).toList();
  }

  /// Roles as they stand in a column: words between single spaces.
  static String column(Set<ManagementRole> roles) {
    return String.join(" ", words(roles));
  }

  static Set<ManagementRole> ofColumn(String column) {
    return ordered(
        column.isEmpty()
            ? List.of()
            : Arrays.stream(column.split(" ", -1)).map(word -> parse(word).orElseThrow()).toList());
  }
}
