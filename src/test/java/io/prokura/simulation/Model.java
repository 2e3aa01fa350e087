package io.prokura.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is so by now, from what was asked and what the record says was done. It knows nothing of
/// how the server works it out.
final class Model {
  final List<Party> parties = new ArrayList<>();
  final List<Credential> credentials = new ArrayList<>();
  final List<Resource> resources = new ArrayList<>();
  final List<Purpose> purposes = new ArrayList<>();
  final List<Permission> permissions = new ArrayList<>();
  final List<Role> roles = new ArrayList<>();
  final PublishedPolicies policies = new PublishedPolicies();
  final List<Delegation> delegations = new ArrayList<>();
  final List<HeldToken> tokens = new ArrayList<>();

  private final Map<String, Calls> calls = new HashMap<>();
  private final Map<String, List<Long>> kills = new HashMap<>();
  private final Map<String, Long> ends = new HashMap<>();
  private final List<Long> keyChanges = new ArrayList<>();

  /// How many calls a delegation may be used for: the limits that were set so far.
  record Calls(long lowest, long highest) {

    private Calls and(Calls other) {
      return new Calls(Math.min(lowest, other.lowest), Math.max(highest, other.highest));
    }
  }

  /// Sets how many calls a delegation may be used for.
  void limit(Delegation delegation, long limit) {
    calls.merge(delegation.id(), new Calls(limit, limit), Calls::and);
  }

  /// The limits of a delegation that has a budget of calls.
  Optional<Calls> calls(Delegation delegation) {
    return Optional.ofNullable(calls.get(delegation.id()));
  }

  /// Everything issued on `agent` before `place` has ended; what is issued after may live.
  void killed(Party agent, long place) {
    kills.computeIfAbsent(agent.id(), _ -> new ArrayList<>()).add(place);
  }

  /// Everything that rests on the thing `id` has ended, whenever it is issued.
  void ended(String id, long place) {
    ends.putIfAbsent(id, place);
  }

  void keysChanged(long place) {
    keyChanges.add(place);
  }

  boolean hasEnded(String id) {
    return ends.containsKey(id);
  }

  Purpose purposeNamed(String name) {
    return purposes.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  Party party(String id) {
    return parties.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  /// Whether a token that was given is good: its time, everybody and everything it rests on, and
  /// that nothing of its lineage was cut off.
  Good good(HeldToken token, View view) {
    if (!view.now().isBefore(token.expiresAt())) {
      return Good.NO;
    }
    // A clock that was put back, or a signing key that has come or gone since, may make a good
    // token look bad, which is safe.
    boolean sure =
        !view.now().isBefore(token.issuedAt())
            && keyChanges.stream()
                .noneMatch(place -> place > Math.min(token.knew(), view.applied()));
    return grounds(token.chain(), token.delegations(), view)
        .and(token.purpose().map(one -> one.good(view)).orElse(Good.YES))
        .and(uncut(token, view))
        .atBest(sure ? Good.YES : Good.EITHER);
  }

  /// Whether everybody in a chain may act, and every delegation is in force.
  Good grounds(List<Party> chain, List<Delegation> delegations, View view) {
    var good = Good.YES;
    for (var party : chain) {
      good = good.and(party.active(view));
    }
    for (var delegation : delegations) {
      good = good.and(delegation.life().good(view));
    }
    return good;
  }

  /// Whether nothing in the lineage of a token has been cut off.
  Good uncut(HeldToken token, View view) {
    var good = Good.YES;
    for (var id : token.lineage()) {
      if (ends.containsKey(id)) {
        good = good.and(ends.get(id) <= view.applied() ? Good.NO : Good.EITHER);
      }
      for (long kill : kills.getOrDefault(id, List.of())) {
        good = good.and(survives(token, kill, view));
      }
    }
    return good;
  }

  /// A kill that the node had certainly applied when it checked the chain ends nothing; one that it
  /// had certainly not applied ends the token wherever it is known.
  private static Good survives(HeldToken token, long kill, View view) {
    if (kill <= token.knew()) {
      return Good.YES;
    }
    return kill > token.reached() && kill <= view.applied() ? Good.NO : Good.EITHER;
  }

  /// Whether everybody in a chain may do `action`, by the permissions there are. The last one acts
  /// for nobody.
  Good permitted(List<Party> chain, Resource resource, String action, View view) {
    var good = Good.YES;
    for (var party : chain) {
      boolean held = party.kind() == Party.Kind.USER && resource.holdsPersonRights();
      good =
          held
              ? good
              : good.and(permitted(party, resource, action, !party.equals(chain.getLast()), view));
    }
    return good;
  }

  private Good permitted(
      Party party, Resource resource, String action, boolean delegated, View view) {
    return permissions.stream()
        .filter(one -> one.names(party, resource, action, delegated))
        .map(one -> one.life().good(view))
        .reduce(Good.NO, Good::or);
  }

  /// What speaks against a token, for whoever has to find out what went wrong.
  String against(HeldToken token, View view) {
    var found = new ArrayList<String>();
    token.chain().stream()
        .filter(one -> one.active(view) != Good.YES)
        .forEach(one -> found.add(one.id() + " is " + one.life().believable(view.applied())));
    token.delegations().stream()
        .filter(one -> one.life().good(view) != Good.YES)
        .forEach(one -> found.add(one.id() + " is over"));
    token
        .lineage()
        .forEach(
            id -> {
              if (ends.containsKey(id)) {
                found.add(id + " ended at " + ends.get(id));
              }
              if (kills.containsKey(id)) {
                found.add(id + " was killed at " + kills.get(id));
              }
            });
    return found + " for " + view;
  }
}
