package io.prokura.cedar;

import org.jspecify.annotations.Nullable;

/// One request while it is evaluated, with the entities it names at hand.
final class Evaluation {
  private final Request request;
  private final Entities entities;
  private final @Nullable Entity principal;
  private final @Nullable Entity action;
  private final @Nullable Entity resource;

  Evaluation(Request request, Entities entities) {
    this.request = request;
    this.entities = entities;
    this.principal = entities.find(request.principal()).orElse(null);
    this.action = entities.find(request.action()).orElse(null);
    this.resource = entities.find(request.resource()).orElse(null);
  }

  Request request() {
    return request;
  }

  /// The entity that a variable of the request names, if it exists.
  @Nullable Entity entity(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> principal;
      case ACTION -> action;
      case RESOURCE -> resource;
      case CONTEXT -> null;
    };
  }

  /// The entity that a variable of the request names.
  EntityUid uid(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> request.principal();
      case ACTION -> request.action();
      case RESOURCE -> request.resource();
      case CONTEXT -> throw new IllegalArgumentException("the context is no entity");
    };
  }

  private @Nullable Entity entity(EntityUid uid) {
    if (uid.equals(request.principal())) {
      return principal;
    }
    if (uid.equals(request.resource())) {
      return resource;
    }
    if (uid.equals(request.action())) {
      return action;
    }
    return entities.find(uid).orElse(null);
  }

  /// An attribute of what a variable stands for, if there is one.
  @Nullable Value find(Variable of, String name) {
    if (of == Variable.CONTEXT) {
      return request.context().attributes().get(name);
    }
    var entity = entity(of);
    return entity == null ? null : entity.attributes().get(name);
  }

  /// An attribute of what a variable stands for.
  Value attribute(Variable of, String name) {
    var value = find(of, name);
    return value != null ? value : attribute(value(of), name);
  }

  Value value(Variable variable) {
    return switch (variable) {
      case PRINCIPAL -> request.principal();
      case ACTION -> request.action();
      case RESOURCE -> request.resource();
      case CONTEXT -> request.context();
    };
  }

  Value attribute(Value of, String name) {
    var value =
        switch (of) {
          case RecordValue record -> record.attributes().get(name);
          case EntityUid uid -> existing(uid).attributes().get(name);
          case BoolValue _,
              LongValue _,
              StringValue _,
              SetValue _,
              Decimal _,
              IpAddress _,
              DateTime _,
              Duration _ ->
              throw Operations.mismatch("entity or record", of);
        };
    if (value == null) {
      var owner = of instanceof EntityUid uid ? "`" + uid.shown() + "`" : "the record";
      throw new EvaluationException(owner + " has no attribute " + Quoted.string(name));
    }
    return value;
  }

  boolean has(Value of, String name) {
    return switch (of) {
      case RecordValue record -> record.attributes().containsKey(name);
      case EntityUid uid -> {
        var entity = entity(uid);
        yield entity != null && entity.attributes().containsKey(name);
      }
      case BoolValue _,
          LongValue _,
          StringValue _,
          SetValue _,
          Decimal _,
          IpAddress _,
          DateTime _,
          Duration _ ->
          throw Operations.mismatch("entity or record", of);
    };
  }

  Value tag(Value of, Value name) {
    var uid = Operations.entity(of);
    var key = Operations.string(name);
    var value = existing(uid).tags().get(key);
    if (value == null) {
      throw new EvaluationException(
          "`" + uid.shown() + "` has no tag " + Quoted.string(Quoted.shortened(key)));
    }
    return value;
  }

  boolean hasTag(Value of, Value name) {
    var entity = entity(Operations.entity(of));
    var key = Operations.string(name);
    return entity != null && entity.tags().containsKey(key);
  }

  boolean in(Value descendant, Value ancestor) {
    var uid = Operations.entity(descendant);
    return switch (ancestor) {
      case EntityUid one -> in(uid, one);
      case SetValue set -> inAny(uid, set);
      case BoolValue _,
          LongValue _,
          StringValue _,
          RecordValue _,
          Decimal _,
          IpAddress _,
          DateTime _,
          Duration _ ->
          throw Operations.mismatch("entity or set of entities", ancestor);
    };
  }

  boolean in(EntityUid descendant, EntityUid ancestor) {
    if (descendant.equals(ancestor)) {
      return true;
    }
    var entity = entity(descendant);
    return entity != null && entity.ancestors().contains(ancestor);
  }

  /// Fails if any element is no entity, even when another one would do.
  private boolean inAny(EntityUid descendant, SetValue ancestors) {
    boolean found = false;
    for (var ancestor : ancestors.elements()) {
      found |= in(descendant, Operations.entity(ancestor));
    }
    return found;
  }

  private Entity existing(EntityUid uid) {
    var entity = entity(uid);
    if (entity == null) {
      throw new EvaluationException("the entity `" + uid.shown() + "` does not exist");
    }
    return entity;
  }
}
