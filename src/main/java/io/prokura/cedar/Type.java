package io.prokura.cedar;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The type that a schema gives a value, or that the validator finds for an expression. `toString`
/// is how messages and schemas write it.
public sealed interface Type {

  /// `Bool`. An expression can have the narrower type of always being true or always being false; a
  /// schema only ever says [#ANY].
  enum BoolType implements Type {
    ANY,
    TRUE,
    FALSE;

    /// The type of `!` applied to this.
    BoolType negated() {
      return switch (this) {
        case ANY -> ANY;
        case TRUE -> FALSE;
        case FALSE -> TRUE;
      };
    }

    /// The narrower type of a value that is known.
    static BoolType of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public String toString() {
      return "Bool";
    }
  }

  /// The types without parts, apart from [BoolType].
  enum Primitive implements Type {
    LONG("Long"),
    STRING("String");

    private final String text;

    Primitive(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A type whose values are made from strings.
  enum ExtensionType implements Type {
    DECIMAL("decimal"),
    IPADDR("ipaddr"),
    DATETIME("datetime"),
    DURATION("duration");

    private final String text;

    ExtensionType(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A reference to an entity of one type.
  record EntityRef(EntityType type) implements Type {

    @Override
    public String toString() {
      return type.name();
    }
  }

  /// A set whose elements all have one type.
  record SetType(Type element) implements Type {

    @Override
    public String toString() {
      return "Set<" + element + ">";
    }
  }

  /// An attribute of a record or an entity.
  ///
  /// @param required whether it is always present
  record Attribute(Type type, boolean required) {}

  /// A record with these attributes and no other.
  record RecordType(Map<String, Attribute> attributes) implements Type {
    /// The record without attributes.
    public static final RecordType EMPTY = new RecordType(Map.of());

    private static final int SHOWN_MAX = 8;

    public RecordType {
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    /// The attribute of that name, if it is declared.
    public Optional<Attribute> attribute(String name) {
      return Optional.ofNullable(attributes.get(name));
    }

    /// Makes a Cedar record of plain Java values, each read as the type of its attribute.
    ///
    /// A `Map` is a record, a `Collection` a set, a `String`, `Boolean` or whole `Number` itself. A
    /// string is also read as the text of a decimal, an address, a point in time or a duration, and
    /// as the id of an entity, where the schema expects one. The escapes of Cedar's JSON format
    /// (`__entity`, `__extn`, and both without their wrapper) work everywhere, and a [Value] stands
    /// for itself.
    ///
    /// @throws TypeMismatchException if a value does not fit, a required attribute is missing, or
    /// an attribute is not declared and `undeclared` says to refuse it
    public RecordValue read(Map<String, ?> plain, TypeUndeclared undeclared)
        throws TypeMismatchException {
      return new TypeReader(undeclared).record("", this, plain);
    }

    @Override
    public String toString() {
      var shown =
          attributes.entrySet().stream()
              .limit(SHOWN_MAX)
              .map(entry -> shown(entry.getKey(), entry.getValue()))
              .collect(Collectors.joining(", "));
      return "{" + shown + (attributes.size() > SHOWN_MAX ? ", ..." : "") + "}";
    }

    /// Nested records are not spelled out: messages have to stay short.
    private static String shown(String name, Attribute attribute) {
      var key = Names.isIdentifier(name) ? name : Quoted.string(name);
      var type = attribute.type() instanceof RecordType ? "{...}" : attribute.type().toString();
      return key + (attribute.required() ? ": " : "?: ") + type;
    }
  }

  /// The one type that covers both, if strict validation allows one: equal types, apart from the
  /// narrower types of Bool.
  static Optional<Type> covering(Type one, Type other) {
    if (one.equals(other)) {
      return Optional.of(one);
    }
    return switch (one) {
      case BoolType _ when other instanceof BoolType -> Optional.of(BoolType.ANY);
      case SetType(var element) when other instanceof SetType(var otherElement) ->
          covering(element, otherElement).map(SetType::new);
      case RecordType left when other instanceof RecordType right -> covering(left, right);
      case BoolType _, Primitive _, ExtensionType _, EntityRef _, SetType _, RecordType _ ->
          Optional.empty();
    };
  }

  private static Optional<Type> covering(RecordType one, RecordType other) {
    if (!one.attributes().keySet().equals(other.attributes().keySet())) {
      return Optional.empty();
    }
    var covering = new TreeMap<String, Attribute>();
    for (var entry : one.attributes().entrySet()) {
      var left = entry.getValue();
      var right = other.attribute(entry.getKey()).orElseThrow();
      var type = covering(left.type(), right.type());
      if (type.isEmpty() || left.required() != right.required()) {
        return Optional.empty();
      }
      covering.put(entry.getKey(), new Attribute(type.get(), left.required()));
    }
    return Optional.of(new RecordType(covering));
  }
}
