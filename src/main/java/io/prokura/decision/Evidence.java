package io.prokura.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.audit.Fact;
import io.prokura.audit.Facts;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.Entity;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.Uids;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What a decision rested on, as facts of the record: entities of the registers, the permissions of
/// each participant, and the resource. What did not change since it was last referred to is found
/// by its identity and costs nothing.
final class Evidence {
  static final String KIND = "kind";
  static final String ENTITY = "entity";
  static final String PERMISSIONS = "permissions";
  static final String RESOURCE = "resource";
  static final String PURPOSE = "purpose";

  private final Facts facts;
  private final Cache<Object, Fact> known =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();

  Evidence(Facts facts) {
    this.facts = facts;
  }

  /// The facts behind a question and what its evaluation looked at.
  List<Fact> of(Question question, List<Entity> registered) {
    var found = new ArrayList<Fact>(registered.size() + question.participants().size() + 1);
    var target = question.target().resource();
    found.add(fact(target, target.id(), () -> content(target)));
    for (var entity : registered) {
      about(entity, target).ifPresent(id -> found.add(fact(entity, id, () -> content(entity))));
    }
    if (question.covering().isPresent()
        && question.grounds().purpose() instanceof Stated.Purpose(var id, _)) {
      var covering = question.covering().get();
      found.add(fact(covering, id, () -> content(covering)));
    }
    for (int i = 0; i < question.participants().size(); i++) {
      var held = question.participants().get(i).permissions();
      var principal = question.grounds().chain().get(i);
      if (!held.policies().isEmpty()) {
        found.add(fact(held, principal, () -> content(principal, target, held)));
      }
    }
    return found;
  }

  private Fact fact(Object thing, Id about, Supplier<Json.Obj> content) {
    var fact = known.getIfPresent(thing);
    if (fact == null) {
      fact = facts.of(about, content.get());
      known.put(thing, fact);
    }
    return fact;
  }

  /// Who or what an entity stands for; what a policy looked up of other resources is kept with the
  /// one asked about.
  private static Optional<Id> about(Entity entity, Resource target) {
    var id = entity.uid().id();
    Optional<Id> principal = Id.Principal.parse(id).map(one -> one);
    return principal.or(
        () ->
            entity.uid().type().equals(Uids.RESOURCE)
                ? Optional.of(target.id())
                : Optional.empty());
  }

  private static Json.Obj content(Entity entity) {
    return Json.object().put(KIND, ENTITY).put(ENTITY, EntityJson.write(entity)).build();
  }

  private static Json.Obj content(Id.Principal principal, Resource resource, PolicySet held) {
    var policies = Json.object();
    held.policies().forEach((id, policy) -> policies.put(id, policy.source().text()));
    return Json.object()
        .put(KIND, PERMISSIONS)
        .put("of", principal.text())
        .put("on", resource.id().text())
        .put("policies", policies.build())
        .build();
  }

  private static Json.Obj content(Policy covering) {
    return Json.object()
        .put(KIND, PURPOSE)
        .put("policy", covering.id())
        .put("text", covering.source().text())
        .build();
  }

  private static Json.Obj content(Resource resource) {
    return ResourceJson.write(resource);
  }
}
