package io.prokura.cedar;

import io.prokura.cedar.SchemaTree.ActionReference;
import io.prokura.cedar.SchemaTree.ActionTree;
import io.prokura.cedar.SchemaTree.AliasTree;
import io.prokura.cedar.SchemaTree.AttributeTree;
import io.prokura.cedar.SchemaTree.EntityTree;
import io.prokura.cedar.SchemaTree.Named;
import io.prokura.cedar.SchemaTree.Namespace;
import io.prokura.cedar.SchemaTree.Place;
import io.prokura.cedar.SchemaTree.RecordTree;
import io.prokura.cedar.SchemaTree.Reference;
import io.prokura.cedar.SchemaTree.SetTree;
import io.prokura.cedar.SchemaTree.TypeTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses the JSON schema syntax. A member that the syntax does not have is refused.
final class SchemaJsonParser {
  private static final int PATH_MAX = 300;

  private final String source;

  SchemaJsonParser(String source) {
    this.source = source;
  }

  List<Namespace> parse(String text) throws CedarSyntaxException, SchemaException {
    if (text.length() > PolicySet.TEXT_LENGTH_MAX) {
      throw new CedarSyntaxException(
          new Position(1, 1),
          "the text is longer than " + PolicySet.TEXT_LENGTH_MAX + " characters");
    }
    var namespaces = new ArrayList<Namespace>();
    for (var entry : object("", PlainJson.read(text)).entrySet()) {
      namespaces.add(namespace(within("", entry.getKey()), entry.getKey(), entry.getValue()));
    }
    return namespaces;
  }

  private Namespace namespace(String at, String name, @Nullable Object json)
      throws SchemaException {
    if (!name.isEmpty() && !Names.isPath(name)) {
      throw error(at, "a namespace is identifiers joined by `::`, none of them reserved");
    }
    var members = members(at, json, Set.of("entityTypes", "actions", "commonTypes", "annotations"));
    var entities = new ArrayList<EntityTree>();
    for (var entry : object(within(at, "entityTypes"), members.get("entityTypes")).entrySet()) {
      entities.add(
          entity(within(at, "entityTypes", entry.getKey()), entry.getKey(), entry.getValue()));
    }
    var actions = new ArrayList<ActionTree>();
    for (var entry : object(within(at, "actions"), members.get("actions")).entrySet()) {
      actions.add(action(within(at, "actions", entry.getKey()), entry.getKey(), entry.getValue()));
    }
    var aliases = new ArrayList<AliasTree>();
    if (members.containsKey("commonTypes")) {
      for (var entry : object(within(at, "commonTypes"), members.get("commonTypes")).entrySet()) {
        aliases.add(
            alias(within(at, "commonTypes", entry.getKey()), entry.getKey(), entry.getValue()));
      }
    }
    if (name.isEmpty() && members.containsKey("annotations")) {
      throw error(at, "only a namespace with a name can have annotations");
    }
    checkAnnotations(at, members);
    return new Namespace(name, entities, actions, aliases);
  }

  private EntityTree entity(String at, String name, @Nullable Object json) throws SchemaException {
    if (!Names.isIdentifier(name)) {
      throw error(at, "the name of an entity type is an identifier that is not reserved");
    }
    var members =
        members(at, json, Set.of("memberOfTypes", "shape", "tags", "enum", "annotations"));
    checkAnnotations(at, members);
    TypeTree shape = new RecordTree(List.of(), place(at));
    if (members.containsKey("enum")) {
      if (members.containsKey("memberOfTypes")
          || members.containsKey("shape")
          || members.containsKey("tags")) {
        throw error(at, "an enumerated entity type has neither parents nor attributes nor tags");
      }
      var ids = strings(within(at, "enum"), members.get("enum"));
      if (ids.isEmpty()) {
        throw error(within(at, "enum"), "an enumerated entity type needs at least one id");
      }
      return new EntityTree(name, List.of(), shape, null, ids, place(at));
    }
    var parents = references(at, "memberOfTypes", members);
    if (members.containsKey("shape")) {
      shape = type(within(at, "shape"), members.get("shape"), false);
    }
    @Nullable TypeTree tags =
        members.containsKey("tags") ? type(within(at, "tags"), members.get("tags"), false) : null;
    return new EntityTree(name, parents, shape, tags, List.of(), place(at));
  }

  private AliasTree alias(String at, String name, @Nullable Object json) throws SchemaException {
    if (!Names.isIdentifier(name) || SchemaParser.RESERVED_ALIASES.contains(name)) {
      throw error(at, "the name of a common type is an identifier that is not reserved");
    }
    return new AliasTree(name, type(at, json, false), place(at));
  }

  private ActionTree action(String at, String id, @Nullable Object json) throws SchemaException {
    var members = members(at, json, Set.of("memberOf", "appliesTo", "annotations"));
    checkAnnotations(at, members);
    var groups = new ArrayList<ActionReference>();
    if (members.get("memberOf") != null) {
      for (var item : list(within(at, "memberOf"), members.get("memberOf"))) {
        groups.add(group(within(at, "memberOf"), item));
      }
    }
    TypeTree context = new RecordTree(List.of(), place(at));
    if (members.get("appliesTo") == null) {
      return new ActionTree(id, groups, List.of(), List.of(), context, place(at));
    }
    var applies = within(at, "appliesTo");
    var parts =
        members(
            applies,
            members.get("appliesTo"),
            Set.of("principalTypes", "resourceTypes", "context"));
    if (!parts.containsKey("principalTypes") || !parts.containsKey("resourceTypes")) {
      throw error(applies, "both `principalTypes` and `resourceTypes` are needed");
    }
    if (parts.containsKey("context")) {
      context = type(applies + "/context", parts.get("context"), false);
    }
    return new ActionTree(
        id,
        groups,
        references(applies, "principalTypes", parts),
        references(applies, "resourceTypes", parts),
        context,
        place(at));
  }

  private ActionReference group(String at, @Nullable Object json) throws SchemaException {
    var members = members(at, json, Set.of("id", "type"));
    var type = members.containsKey("type") ? string(at, members.get("type")) : "Action";
    if (!Names.isPath(type)) {
      throw error(at, "the type of an action group ends in `Action`");
    }
    return new ActionReference(type, string(at, members.get("id")), place(at));
  }

  private TypeTree type(String at, @Nullable Object json, boolean attribute)
      throws SchemaException {
    var members = object(at, json);
    var kind = string(within(at, "type"), members.get("type"));
    return switch (kind) {
      case "Set" -> {
        refuseOthers(at, members, attribute, "element");
        yield new SetTree(type(within(at, "element"), members.get("element"), false), place(at));
      }
      case "Record" -> recordType(at, members, attribute);
      case "Entity" -> named(at, members, attribute, Named.Kind.ENTITY);
      case "Extension" -> named(at, members, attribute, Named.Kind.EXTENSION);
      case "EntityOrCommon" -> named(at, members, attribute, Named.Kind.ANYTHING);
      case "Boolean", "Long", "String" -> {
        refuseOthers(at, members, attribute, "type");
        var name = kind.equals("Boolean") ? "Bool" : kind;
        var path = SchemaResolver.BUILT_IN + "::" + name;
        yield new Named(path, Named.Kind.ALIAS, place(at));
      }
      default -> {
        refuseOthers(at, members, attribute, "type");
        yield new Named(path(within(at, "type"), kind), Named.Kind.ALIAS, place(at));
      }
    };
  }

  private TypeTree named(String at, Map<String, ?> members, boolean attribute, Named.Kind kind)
      throws SchemaException {
    refuseOthers(at, members, attribute, "name");
    var name = path(within(at, "name"), string(within(at, "name"), members.get("name")));
    return new Named(name, kind, place(at));
  }

  private TypeTree recordType(String at, Map<String, ?> members, boolean attribute)
      throws SchemaException {
    var closed = new LinkedHashMap<>(members);
    if (Boolean.FALSE.equals(members.get("additionalAttributes"))) {
      closed.remove("additionalAttributes");
    }
    refuseOthers(at, closed, attribute, "attributes");
    var attributes = new ArrayList<AttributeTree>();
    var within = within(at, "attributes");
    for (var entry : object(within, members.get("attributes")).entrySet()) {
      var place = within(within, entry.getKey());
      var parts = object(place, entry.getValue());
      boolean required = !Boolean.FALSE.equals(parts.get("required"));
      if (parts.containsKey("required") && !(parts.get("required") instanceof Boolean)) {
        throw error(place, "`required` is true or false");
      }
      var type = type(place, entry.getValue(), true);
      attributes.add(new AttributeTree(entry.getKey(), required, type, place(place)));
    }
    return new RecordTree(attributes, place(at));
  }

  private void refuseOthers(String at, Map<String, ?> members, boolean attribute, String own)
      throws SchemaException {
    var allowed = new ArrayList<>(List.of("type", own, "annotations"));
    if (attribute) {
      allowed.add("required");
    }
    refuseOthers(at, members, Set.copyOf(allowed));
    checkAnnotations(at, members);
  }

  private void refuseOthers(String at, Map<String, ?> members, Set<String> allowed)
      throws SchemaException {
    for (var name : members.keySet()) {
      if (!allowed.contains(name)) {
        throw error(
            at,
            "the member '"
                + Quoted.shortened(name)
                + "' is unknown"
                + ValidationSpelling.hint(name, allowed));
      }
    }
  }

  private void checkAnnotations(String at, Map<String, ?> members) throws SchemaException {
    if (members.containsKey("annotations")) {
      for (var entry : object(within(at, "annotations"), members.get("annotations")).entrySet()) {
        if (!Names.isAnyIdentifier(entry.getKey())) {
          throw error(within(at, "annotations"), "the name of an annotation is an identifier");
        }
        if (entry.getValue() != null) {
          string(within(at, "annotations", entry.getKey()), entry.getValue());
        }
      }
    }
  }

  private List<Reference> references(String at, String member, Map<String, ?> members)
      throws SchemaException {
    var references = new ArrayList<Reference>();
    if (members.containsKey(member)) {
      for (var name : strings(within(at, member), members.get(member))) {
        references.add(new Reference(path(within(at, member), name), place(within(at, member))));
      }
    }
    return references;
  }

  private String path(String at, String name) throws SchemaException {
    var prefix = SchemaResolver.BUILT_IN + "::";
    var rest = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    if (!Names.isPath(rest)) {
      throw error(at, "'" + Quoted.shortened(name) + "' is not the name of a type");
    }
    return name;
  }

  private Map<String, ? extends @Nullable Object> members(
      String at, @Nullable Object json, Set<String> allowed) throws SchemaException {
    var members = object(at, json);
    refuseOthers(at, members, allowed);
    return members;
  }

  private Map<String, @Nullable Object> object(String at, @Nullable Object json)
      throws SchemaException {
    return PlainJson.object(json).orElseThrow(() -> error(at, "an object is needed here"));
  }

  private List<?> list(String at, @Nullable Object json) throws SchemaException {
    if (json instanceof List<?> list) {
      return list;
    }
    throw error(at, "a list is needed here");
  }

  private List<String> strings(String at, @Nullable Object json) throws SchemaException {
    var strings = new ArrayList<String>();
    for (var item : list(at, json)) {
      strings.add(string(at, item));
    }
    return strings;
  }

  private String string(String at, @Nullable Object json) throws SchemaException {
    if (json instanceof String string) {
      return string;
    }
    throw error(at, "a string is needed here");
  }

  /// The path of a part of what is at a path. Long names are cut short, and of a long path only the
  /// end is kept, for there is a path to everything.
  private static String within(String at, String... names) {
    var path = new StringBuilder(at);
    for (var name : names) {
      path.append('/').append(Quoted.shortened(name));
    }
    return path.length() <= PATH_MAX
        ? path.toString()
        : "..." + path.substring(path.indexOf("/", path.length() - PATH_MAX / 2));
  }

  private Place place(String at) {
    return new Place(source, at.isEmpty() ? "/" : at);
  }

  private SchemaException error(String at, String message) {
    return new SchemaException(List.of(place(at).problem(message)));
  }
}
