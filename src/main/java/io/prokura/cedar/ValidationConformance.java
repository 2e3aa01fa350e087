package io.prokura.cedar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares requests and entities with what the schema says of them.
final class ValidationConformance {
  private final Schema schema;
  private final TypeReader reader = new TypeReader(TypeUndeclared.REFUSE);
  private final List<String> problems = new ArrayList<>();

  ValidationConformance(Schema schema) {
    this.schema = schema;
  }

  List<String> problems(Request request) {
    checkId("principal", request.principal());
    checkId("resource", request.resource());
    var action = schema.action(request.action());
    if (action.isEmpty()) {
      problems.add("action: " + request.action().shown() + " is not declared");
      return problems;
    }
    var declared = action.get();
    if (!declared.principals().contains(request.principal().type())) {
      problems.add(
          "principal: "
              + request.action().shown()
              + " does not apply to a principal of type "
              + Quoted.shortened(request.principal().type().name()));
    }
    if (!declared.resources().contains(request.resource().type())) {
      problems.add(
          "resource: "
              + request.action().shown()
              + " does not apply to a resource of type "
              + Quoted.shortened(request.resource().type().name()));
    }
    check("context", declared.context(), request.context());
    return problems;
  }

  List<String> problems(Entity entity) {
    var name = entity.uid().shown();
    if (entity.uid().type().isAction()) {
      checkAction(name, entity);
      return problems;
    }
    var type = schema.entityType(entity.uid().type());
    checkId(name, entity.uid());
    if (type.isEmpty()) {
      return problems;
    }
    var declared = type.get();
    check(name, declared.attributes(), new RecordValue(entity.attributes()));
    for (var ancestor : entity.ancestors()) {
      checkId(name + " ancestor", ancestor);
      if (!declared.ancestors().contains(ancestor.type())) {
        problems.add(
            name
                + ": an entity of type "
                + declared.name()
                + " is never a member of one of type "
                + ancestor.type());
      }
    }
    if (declared.tags().isEmpty() && !entity.tags().isEmpty()) {
      problems.add(name + ": an entity of type " + declared.name() + " has no tags");
    }
    declared.tags().ifPresent(tag -> checkTags(name, tag, entity.tags()));
    return problems;
  }

  private void checkTags(String name, Type type, Map<String, Value> tags) {
    tags.forEach(
        (tag, value) -> check(name + " tag " + Quoted.string(Quoted.shortened(tag)), type, value));
  }

  private void checkAction(String name, Entity entity) {
    var declared = schema.action(entity.uid());
    if (declared.isEmpty()) {
      problems.add(name + ": the action is not declared");
    } else if (!entity.ancestors().equals(declared.get().ancestors())) {
      problems.add(name + ": the action is a member of other groups than the schema says");
    } else if (!entity.attributes().isEmpty() || !entity.tags().isEmpty()) {
      problems.add(name + ": an action has neither attributes nor tags");
    }
  }

  private void check(String path, Type type, Value value) {
    try {
      checkIds(path, reader.read(path, type, value));
    } catch (TypeMismatchException mismatch) {
      problems.add(mismatch.getMessage());
    }
  }

  private void checkIds(String path, Value value) {
    switch (value) {
      case EntityUid uid -> checkId(path, uid);
      case SetValue(var elements) -> elements.forEach(element -> checkIds(path, element));
      case RecordValue(var attributes) ->
          attributes.forEach((name, attribute) -> checkIds(PlainPath.join(path, name), attribute));
      case BoolValue _,
          LongValue _,
          StringValue _,
          Decimal _,
          IpAddress _,
          DateTime _,
          Duration _ -> {}
    }
  }

  private void checkId(String path, EntityUid uid) {
    var type = schema.entityType(uid.type());
    if (uid.type().isAction() ? schema.action(uid).isEmpty() : type.isEmpty()) {
      problems.add(
          path
              + ": "
              + (uid.type().isAction() ? uid.shown() : Quoted.shortened(uid.type().name()))
              + " is not declared");
    } else if (type.isPresent()
        && type.get().isEnumerated()
        && !type.get().ids().contains(uid.id())) {
      problems.add(
          path
              + ": the enumerated entity type "
              + uid.type()
              + " has no "
              + Quoted.string(Quoted.shortened(uid.id())));
    }
  }
}
