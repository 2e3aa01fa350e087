package io.prokura.cedar;

import java.util.Map;
import java.util.Set;

/// A request of which not everything is known: which resource it is, apart from its type and some
/// of what it is in, and some members of the context.
///
/// @param resource the type of the resource
/// @param within what every such resource is in
/// @param perhaps what some of them are in
/// @param context the members of the context that are known
/// @param open the members that may be there, whose values are not known; all others are not there
public record PartialRequest(
    EntityUid principal,
    EntityUid action,
    EntityType resource,
    Set<EntityUid> within,
    Set<EntityUid> perhaps,
    Map<String, Value> context,
    Set<String> open) {

  public PartialRequest {
    within = Set.copyOf(within);
    perhaps = Set.copyOf(perhaps);
    context = Map.copyOf(context);
    open = Set.copyOf(open);
  }
}
