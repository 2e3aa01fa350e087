package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.cedar.Policy;
import io.prokura.policy.Obligation;
import io.prokura.policy.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;

/// The obligations of policies that decided. A policy's annotation is read once.
final class Obligations {
  private final Cache<Policy, List<Obligation>> known =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  /// What the policies of a snapshot with these ids oblige an enforcer to.
  List<Obligation> of(PolicySnapshot snapshot, List<String> ids) {
    List<Obligation> all = List.of();
    for (var id : ids) {
      var policy = snapshot.policies().find(id);
      if (policy.isPresent() && policy.get().annotations().containsKey(Obligation.ANNOTATION)) {
        all = all.isEmpty() ? new ArrayList<>() : all;
        all.addAll(known.get(policy.get(), Obligation::of));
      }
    }
    return all;
  }
}
