package io.prokura.cedar;

import io.prokura.cedar.SchemaResolver.AliasDeclaration;
import io.prokura.cedar.SchemaTree.AttributeTree;
import io.prokura.cedar.SchemaTree.Named;
import io.prokura.cedar.SchemaTree.Namespace;
import io.prokura.cedar.SchemaTree.RecordTree;
import io.prokura.cedar.SchemaTree.SetTree;
import io.prokura.cedar.SchemaTree.TypeTree;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Finds out which type a name in a schema stands for. A name without `::` is looked up in its own
/// namespace and then outside every namespace; in each a common type comes before an entity type,
/// and the built-in types come last. A problem is noted, and the type is left out.
final class SchemaTypes {
  private static final int DEPTH_MAX = SchemaParser.NESTING_MAX;
  private static final long SIZE_MAX = 10_000;

  private static final Map<String, Type> BUILT_INS =
      Map.of(
          "Bool", BoolType.ANY,
          "Long", Primitive.LONG,
          "String", Primitive.STRING,
          "decimal", ExtensionType.DECIMAL,
          "ipaddr", ExtensionType.IPADDR,
          "datetime", ExtensionType.DATETIME,
          "duration", ExtensionType.DURATION);

  /// A common type, where it was declared, and what is known of it so far.
  private static final class Alias {
    private final AliasDeclaration declared;
    private boolean started;
    private boolean finished;
    private @Nullable Sized sized;

    private Alias(AliasDeclaration declared) {
      this.declared = declared;
    }
  }

  /// A type with the number of types it is made of and how deep they are nested. Common types can
  /// make a type that is far larger than its text.
  private record Sized(Type type, long size, int depth) {}

  private final Map<String, Alias> aliases = new HashMap<>();
  private final Set<String> entityTypes;
  private final Set<String> actionTypes;
  private final List<SchemaProblem> problems;
  private final SchemaWork work;

  SchemaTypes(
      Map<String, AliasDeclaration> aliases,
      Set<String> entityTypes,
      Set<String> actionTypes,
      List<SchemaProblem> problems,
      SchemaWork work) {
    aliases.forEach((name, declared) -> this.aliases.put(name, new Alias(declared)));
    this.entityTypes = entityTypes;
    this.actionTypes = actionTypes;
    this.problems = problems;
    this.work = work;
  }

  /// Looks at every common type, so that the problems of unused ones are found too.
  void resolveAliases() {
    for (var alias : new TreeMap<>(aliases).values()) {
      resolve(alias, 0);
    }
  }

  /// The type, or nothing after noting a problem.
  Optional<Type> resolve(String namespace, TypeTree tree) {
    return resolve(namespace, tree, 0).map(Sized::type);
  }

  /// The entity type of that name, as seen from a namespace.
  Optional<EntityType> entityType(String namespace, String path) {
    return candidates(namespace, path).stream()
        .filter(entityTypes::contains)
        .findFirst()
        .map(EntityType::new);
  }

  /// ` (did you mean ...?)` for the name of an entity type, or nothing.
  String entityHint(String path) {
    return problems.size() < SchemaResolver.PROBLEMS_MAX
        ? ValidationSpelling.hint(path, names(entityTypes))
        : "";
  }

  private static Set<String> names(Set<String> types) {
    var names = new TreeSet<>(types);
    for (var type : types) {
      names.add(type.substring(type.lastIndexOf(':') + 1));
    }
    return names;
  }

  private static List<String> candidates(String namespace, String path) {
    return path.contains("::") || namespace.isEmpty()
        ? List.of(path)
        : List.of(Namespace.qualified(namespace, path), path);
  }

  private Optional<Sized> resolve(String namespace, TypeTree tree, int depth) {
    work.step();
    if (depth > DEPTH_MAX) {
      problems.add(tree.place().problem("types are nested more than " + DEPTH_MAX + " deep"));
      return Optional.empty();
    }
    return switch (tree) {
      case Named named -> named(namespace, named, depth);
      case SetTree(var element, _) ->
          resolve(namespace, element, depth + 1)
              .flatMap(
                  sized ->
                      bounded(tree, new Type.SetType(sized.type), sized.size + 1, sized.depth + 1));
      case RecordTree recordTree -> recordType(namespace, recordTree, depth);
    };
  }

  private Optional<Sized> recordType(String namespace, RecordTree tree, int depth) {
    var attributes = new TreeMap<String, Type.Attribute>();
    long size = 1;
    int deepest = 0;
    boolean complete = true;
    for (AttributeTree attribute : tree.attributes()) {
      var sized = resolve(namespace, attribute.type(), depth + 1);
      if (sized.isEmpty()) {
        complete = false;
        continue;
      }
      size += sized.get().size;
      deepest = Math.max(deepest, sized.get().depth);
      attributes.put(
          attribute.name().intern(), new Type.Attribute(sized.get().type, attribute.required()));
    }
    return complete
        ? bounded(tree, new Type.RecordType(attributes), size, deepest + 1)
        : Optional.empty();
  }

  private Optional<Sized> bounded(TypeTree tree, Type type, long size, int depth) {
    if (size > SIZE_MAX || depth > DEPTH_MAX) {
      problems.add(tree.place().problem("the type is made of too many other types"));
      return Optional.empty();
    }
    return Optional.of(new Sized(type, size, depth));
  }

  private Optional<Sized> named(String namespace, Named tree, int depth) {
    for (var name : candidates(namespace, tree.path())) {
      var alias = aliases.get(name);
      if (alias != null && mayBe(tree, Named.Kind.ALIAS)) {
        return resolve(alias, depth + 1);
      }
      if (mayBe(tree, Named.Kind.ENTITY) && isEntityType(name)) {
        return Optional.of(new Sized(new Type.EntityRef(new EntityType(name)), 1, 1));
      }
    }
    var builtIn = builtIn(tree);
    if (builtIn.isPresent()) {
      return Optional.of(new Sized(builtIn.get(), 1, 1));
    }
    problems.add(tree.place().problem(undeclared(tree)));
    return Optional.empty();
  }

  private static boolean mayBe(Named tree, Named.Kind kind) {
    return tree.kind() == Named.Kind.ANYTHING || tree.kind() == kind;
  }

  private boolean isEntityType(String name) {
    return entityTypes.contains(name) || actionTypes.contains(name);
  }

  private static Optional<Type> builtIn(Named tree) {
    var prefix = SchemaResolver.BUILT_IN + "::";
    var path = tree.path();
    var name = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    var found = Optional.ofNullable(BUILT_INS.get(name));
    return switch (tree.kind()) {
      case ANYTHING, ALIAS -> found;
      case ENTITY -> Optional.empty();
      case EXTENSION -> found.filter(type -> type instanceof ExtensionType && name.equals(path));
    };
  }

  private String undeclared(Named tree) {
    var candidates = new ArrayList<String>();
    var what =
        switch (tree.kind()) {
          case ANYTHING -> "type";
          case ALIAS -> "common type";
          case ENTITY -> "entity type";
          case EXTENSION -> "extension type";
        };
    var message = "the " + what + " '" + tree.path() + "' is not declared";
    if (problems.size() >= SchemaResolver.PROBLEMS_MAX) {
      return message;
    }
    if (mayBe(tree, Named.Kind.ENTITY)) {
      candidates.addAll(names(entityTypes));
    }
    if (mayBe(tree, Named.Kind.ALIAS)) {
      candidates.addAll(names(aliases.keySet()));
    }
    for (var name : BUILT_INS.keySet()) {
      if (builtIn(new Named(name, tree.kind(), tree.place())).isPresent()) {
        candidates.add(name);
      }
    }
    return message + ValidationSpelling.hint(tree.path(), candidates);
  }

  private Optional<Sized> resolve(Alias alias, int depth) {
    var tree = alias.declared.tree();
    if (!alias.finished && alias.started) {
      problems.add(tree.place().problem("the common type '" + tree.name() + "' contains itself"));
      alias.finished = true;
    }
    if (!alias.finished) {
      alias.started = true;
      var sized = resolve(alias.declared.namespace(), tree.type(), depth);
      alias.sized = alias.finished ? null : sized.orElse(null);
      alias.finished = true;
    }
    return Optional.ofNullable(alias.sized);
  }
}
