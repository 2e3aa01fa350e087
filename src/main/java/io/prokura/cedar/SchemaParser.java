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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses the Cedar schema syntax. Annotations are checked for form and left out.
final class SchemaParser {
  /// How deep sets and records may be nested.
  static final int NESTING_MAX = 100;

  /// Names of the JSON syntax for kinds of types, which no common type may have.
  static final Set<String> RESERVED_ALIASES =
      Set.of("Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String");

  private final String source;
  private final Tokens tokens;
  private final List<Namespace> namespaces = new ArrayList<>();
  private int nesting;

  SchemaParser(String source, String text) throws CedarSyntaxException {
    if (text.length() > PolicySet.TEXT_LENGTH_MAX) {
      throw new CedarSyntaxException(
          new Position(1, 1),
          "the text is longer than " + PolicySet.TEXT_LENGTH_MAX + " characters");
    }
    this.source = source;
    this.tokens = new Tokens(text);
  }

  List<Namespace> parse() throws CedarSyntaxException {
    var outside = new Namespace("", new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    namespaces.add(outside);
    while (!tokens.atEnd()) {
      annotations();
      if (tokens.at("namespace")) {
        namespace();
      } else {
        declaration(outside, "`namespace`, `entity`, `action` or `type`");
      }
    }
    return namespaces;
  }

  private void namespace() throws CedarSyntaxException {
    tokens.expect("namespace");
    int start = tokens.peek().start();
    var name = path(false);
    for (var other : namespaces) {
      if (other.name().equals(name)) {
        throw tokens.errorAt(start, "the namespace '" + name + "' is declared twice");
      }
    }
    var namespace = new Namespace(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    namespaces.add(namespace);
    tokens.expect("{");
    while (!tokens.takeIf("}")) {
      annotations();
      declaration(namespace, "`entity`, `action`, `type` or `}`");
    }
  }

  private void annotations() throws CedarSyntaxException {
    var names = new HashSet<String>();
    while (tokens.takeIf("@")) {
      var name = tokens.peek();
      if (name.kind() != Token.Kind.IDENTIFIER) {
        throw tokens.expected("the name of an annotation");
      }
      if (!names.add(name.text())) {
        throw tokens.error("the annotation `@" + name.text() + "` is repeated");
      }
      tokens.take();
      if (tokens.takeIf("(")) {
        tokens.expectString("a string, the value of the annotation,");
        tokens.expect(")");
      }
    }
  }

  private void declaration(Namespace namespace, String expected) throws CedarSyntaxException {
    if (tokens.takeIf("entity")) {
      entity(namespace);
    } else if (tokens.takeIf("action")) {
      action(namespace);
    } else if (tokens.takeIf("type")) {
      alias(namespace);
    } else {
      throw tokens.expected(expected);
    }
    tokens.expect(";");
  }

  private void entity(Namespace namespace) throws CedarSyntaxException {
    var places = new ArrayList<Place>();
    var names = new ArrayList<String>();
    do {
      places.add(here());
      names.add(tokens.expectIdentifier("the name of an entity type"));
    } while (tokens.takeIf(","));
    TypeTree shape = new RecordTree(List.of(), places.getFirst());
    @Nullable TypeTree tags = null;
    var parents = List.<Reference>of();
    var ids = List.<String>of();
    if (tokens.takeIf("enum")) {
      ids = ids();
    } else {
      parents = tokens.takeIf("in") ? references("the name of an entity type") : parents;
      if (tokens.takeIf("=") || tokens.at("{")) {
        shape = recordType();
      }
      tags = tokens.takeIf("tags") ? type() : null;
    }
    for (int i = 0; i < names.size(); i++) {
      namespace
          .entities()
          .add(new EntityTree(names.get(i), parents, shape, tags, ids, places.get(i)));
    }
  }

  private List<String> ids() throws CedarSyntaxException {
    var ids = new ArrayList<String>();
    tokens.expect("[");
    do {
      ids.add(tokens.expectString("a string, the id of an entity,"));
    } while (tokens.takeIf(","));
    tokens.expect("]");
    return ids;
  }

  private void alias(Namespace namespace) throws CedarSyntaxException {
    var place = here();
    int start = tokens.peek().start();
    var name = tokens.expectIdentifier("the name of a common type");
    if (RESERVED_ALIASES.contains(name)) {
      throw tokens.errorAt(start, "a common type cannot have the reserved name '" + name + "'");
    }
    tokens.expect("=");
    namespace.aliases().add(new AliasTree(name, type(), place));
  }

  private void action(Namespace namespace) throws CedarSyntaxException {
    var places = new ArrayList<Place>();
    var names = new ArrayList<String>();
    do {
      places.add(here());
      names.add(name("the name of an action"));
    } while (tokens.takeIf(","));
    var groups = tokens.takeIf("in") ? actionReferences() : List.<ActionReference>of();
    var applies = tokens.at("appliesTo") ? appliesTo() : new AppliesTo();
    TypeTree context =
        applies.context == null ? new RecordTree(List.of(), places.getFirst()) : applies.context;
    for (int i = 0; i < names.size(); i++) {
      namespace
          .actions()
          .add(
              new ActionTree(
                  names.get(i),
                  groups,
                  applies.principals,
                  applies.resources,
                  context,
                  places.get(i)));
    }
  }

  private static final class AppliesTo {
    private List<Reference> principals = List.of();
    private List<Reference> resources = List.of();
    private @Nullable TypeTree context;
  }

  private AppliesTo appliesTo() throws CedarSyntaxException {
    var applies = new AppliesTo();
    int start = tokens.expect("appliesTo").start();
    tokens.expect("{");
    while (!tokens.takeIf("}")) {
      var key = tokens.peek();
      if (!key.is("principal") && !key.is("resource") && !key.is("context")) {
        throw tokens.expected("`principal`, `resource` or `context`");
      }
      tokens.take();
      tokens.expect(":");
      boolean repeated =
          switch (key.text()) {
            case "principal" -> !applies.principals.isEmpty();
            case "resource" -> !applies.resources.isEmpty();
            default -> applies.context != null;
          };
      if (repeated) {
        throw tokens.errorAt(key.start(), "`" + key.text() + "` is given twice");
      }
      switch (key.text()) {
        case "principal" -> applies.principals = appliedTypes(key);
        case "resource" -> applies.resources = appliedTypes(key);
        default -> applies.context = type();
      }
      commaOr("}");
    }
    if (applies.principals.isEmpty() || applies.resources.isEmpty()) {
      throw tokens.errorAt(start, "`appliesTo` needs both `principal` and `resource`");
    }
    return applies;
  }

  private List<Reference> appliedTypes(Token key) throws CedarSyntaxException {
    var types = references("the name of an entity type");
    if (types.isEmpty()) {
      throw tokens.errorAt(
          key.start(),
          "`" + key.text() + "` needs at least one type; leave out `appliesTo` for a mere group");
    }
    return types;
  }

  private List<Reference> references(String what) throws CedarSyntaxException {
    var references = new ArrayList<Reference>();
    if (!tokens.takeIf("[")) {
      references.add(reference(what));
    } else if (!tokens.takeIf("]")) {
      do {
        references.add(reference(what));
      } while (tokens.takeIf(","));
      tokens.expect("]");
    }
    return references;
  }

  private Reference reference(String what) throws CedarSyntaxException {
    var place = here();
    if (tokens.peek().kind() != Token.Kind.IDENTIFIER) {
      throw tokens.expected(what);
    }
    return new Reference(path(true), place);
  }

  private List<ActionReference> actionReferences() throws CedarSyntaxException {
    var references = new ArrayList<ActionReference>();
    if (!tokens.takeIf("[")) {
      references.add(actionReference());
    } else {
      do {
        references.add(actionReference());
      } while (tokens.takeIf(","));
      tokens.expect("]");
    }
    return references;
  }

  private ActionReference actionReference() throws CedarSyntaxException {
    var place = here();
    if (!tokens.peek(1).is("::")) {
      return new ActionReference("Action", name("the name of an action"), place);
    }
    var type = new StringBuilder(tokens.expectIdentifier("an identifier"));
    tokens.expect("::");
    while (tokens.peek().kind() != Token.Kind.STRING) {
      type.append("::").append(tokens.expectIdentifier("an identifier or an action in quotes"));
      tokens.expect("::");
    }
    return new ActionReference(type.toString(), tokens.expectString("an action"), place);
  }

  private TypeTree type() throws CedarSyntaxException {
    if (tokens.at("{")) {
      return recordType();
    }
    var place = here();
    if (!tokens.at("Set") || !tokens.peek(1).is("<")) {
      if (tokens.peek().kind() != Token.Kind.IDENTIFIER) {
        throw tokens.expected("a type");
      }
      return new Named(path(true), Named.Kind.ANYTHING, place);
    }
    tokens.expect("Set");
    deeper();
    tokens.expect("<");
    var element = type();
    tokens.expect(">");
    nesting--;
    return new SetTree(element, place);
  }

  private RecordTree recordType() throws CedarSyntaxException {
    var place = here();
    deeper();
    tokens.expect("{");
    var attributes = new ArrayList<AttributeTree>();
    var names = new HashSet<String>();
    while (!tokens.takeIf("}")) {
      annotations();
      var at = here();
      int start = tokens.peek().start();
      var name = name("the name of an attribute");
      if (!names.add(name)) {
        throw tokens.errorAt(start, "the attribute '" + name + "' is declared twice");
      }
      boolean required = !tokens.takeIf("?");
      tokens.expect(":");
      attributes.add(new AttributeTree(name, required, type(), at));
      commaOr("}");
    }
    nesting--;
    return new RecordTree(attributes, place);
  }

  private void deeper() throws CedarSyntaxException {
    if (++nesting > NESTING_MAX) {
      throw tokens.error("types are nested more than " + NESTING_MAX + " deep");
    }
  }

  private void commaOr(String close) throws CedarSyntaxException {
    if (!tokens.takeIf(",") && !tokens.at(close)) {
      throw tokens.expected("`,` or `" + close + "`");
    }
  }

  private String name(String what) throws CedarSyntaxException {
    return tokens.peek().kind() == Token.Kind.STRING
        ? tokens.expectString(what)
        : tokens.expectIdentifier(what);
  }

  /// Identifiers joined by `::`; a type may be in the namespace of the built-in types.
  private String path(boolean builtIn) throws CedarSyntaxException {
    boolean atBuiltIn = builtIn && tokens.at(SchemaResolver.BUILT_IN);
    var path =
        new StringBuilder(atBuiltIn ? tokens.take().text() : tokens.expectIdentifier("a name"));
    while (tokens.takeIf("::")) {
      path.append("::").append(tokens.expectIdentifier("an identifier"));
    }
    return path.toString();
  }

  /// The place of the next token.
  private Place here() {
    var position = tokens.position();
    return new Place(source, position.line() + ":" + position.column());
  }
}
