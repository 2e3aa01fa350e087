package io.prokura.policy;

import io.prokura.cedar.Authorizer;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityType;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Request;
import io.prokura.cedar.Schema;
import io.prokura.cedar.SchemaException;
import io.prokura.cedar.ValidationFinding;
import io.prokura.cedar.Validator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// The policies of who may manage the server: a set of its own with a schema of its own, part of
/// the program and out of an organisation's reach.
public final class ManagementPolicies {
  public static final EntityType USER = new EntityType("Management::User");
  public static final EntityType WORKLOAD = new EntityType("Management::Workload");
  public static final EntityType AGENT = new EntityType("Management::Agent");
  public static final EntityType CLIENT = new EntityType("Management::Client");
  public static final EntityType PURPOSE = new EntityType("Management::Purpose");
  public static final EntityType THING = new EntityType("Management::Thing");
  public static final EntityType GROUP = new EntityType("Management::Group");
  public static final EntityType ROLE = new EntityType("Management::Role");

  /// What an action that is about no one thing is done to.
  public static final EntityUid SERVER = EntityUid.of("Management::Server", "server");

  private static final EntityType ACTION = new EntityType("Management::Action");

  private final Schema schema;
  private final PolicySet policies;
  private final Map<EntityUid, Entity> actions = new HashMap<>();

  private ManagementPolicies(Schema schema, PolicySet policies) {
    this.schema = schema;
    this.policies = policies;
    schema.actionEntities().forEach(action -> actions.put(action.uid(), action));
  }

  /// The set that comes with the program, validated like any other.
  public static ManagementPolicies builtIn() {
    var source = SourceFile.builtIn("management.cedarschema");
    var text = SourceFile.builtIn("management.cedar");
    try {
      var schema = Schema.parse(source.name(), source.text());
      var policies = PolicySet.parse(text.text());
      var validator = new Validator(schema);
      var findings = new ArrayList<ValidationFinding>();
      policies.policies().values().forEach(one -> findings.addAll(validator.validate(one)));
      if (!findings.isEmpty()) {
        throw new InvalidPolicies(findings.stream().map(one -> one.in(text.name())).toList());
      }
      return new ManagementPolicies(schema, policies);
    } catch (SchemaException | CedarSyntaxException e) {
      throw new InvalidPolicies(List.of(String.valueOf(e.getMessage())));
    }
  }

  /// Every action of the management API, in the order of their names.
  public SortedSet<String> actions() {
    var names = new TreeSet<String>();
    schema.actions().values().stream()
        .filter(action -> !action.resources().isEmpty())
        .forEach(action -> names.add(action.uid().id()));
    return names;
  }

  /// Whether an action is done to one thing, which the path names.
  public boolean isAboutOne(String action) {
    return !schema.action(uid(action)).orElseThrow().resources().contains(SERVER.type());
  }

  /// Whether an action can be done to things of a type at all.
  public boolean applies(String action, EntityType resource) {
    return schema.action(uid(action)).filter(one -> one.resources().contains(resource)).isPresent();
  }

  /// Whether `principal` may do this. Nobody may do what cannot be evaluated.
  public boolean allows(
      EntityUid principal, String action, EntityUid resource, Collection<Entity> entities) {
    if (!applies(action, resource.type())) {
      return false;
    }
    var known = new HashMap<>(actions);
    entities.forEach(entity -> known.put(entity.uid(), entity));
    var request = new Request(principal, uid(action), resource);
    var response = Authorizer.authorize(request, Entities.of(known.values()), policies);
    return response.allowed() && response.errors().isEmpty();
  }

  private static EntityUid uid(String action) {
    return new EntityUid(ACTION, action);
  }
}
