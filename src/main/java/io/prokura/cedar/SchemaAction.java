package io.prokura.cedar;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.SortedSet;
import java.util.TreeSet;

/// An action as a schema declares it.
///
/// @param groups the actions it is directly a member of
/// @param ancestors the actions it is a member of, directly or not
/// @param principals the types a principal may have in a request for the action
/// @param resources the types a resource may have in a request for the action
/// @param context what the context of such a request is
public record SchemaAction(
    EntityUid uid,
    SortedSet<EntityUid> groups,
    SortedSet<EntityUid> ancestors,
    SequencedSet<EntityType> principals,
    SequencedSet<EntityType> resources,
    Type.RecordType context) {

  public SchemaAction {
    groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
    ancestors = Collections.unmodifiableSortedSet(new TreeSet<>(ancestors));
    principals = sorted(principals);
    resources = sorted(resources);
  }

  /// In their order, and found by their hash.
  private static SequencedSet<EntityType> sorted(SequencedSet<EntityType> types) {
    return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(new TreeSet<>(types)));
  }

  /// Whether it is this action or one of its groups, directly or not.
  boolean isIn(EntityUid group) {
    return uid.equals(group) || ancestors.contains(group);
  }
}
