package io.prokura.policy;

import java.util.Optional;

/// The two sets of policies: what the organisation says about its resources, and who may manage the
/// server.
public enum PolicySetName {
  ORGANISATION,
  MANAGEMENT;

  /// The word for it in paths and in the record.
  public String word() {
    return switch (this) {
      case ORGANISATION -> "organisation";
      case MANAGEMENT -> "management";
    };
  }

  /// The set with this word.
  public static Optional<PolicySetName> parse(String word) {
    for (var name : values()) {
      if (name.word().equals(word)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
