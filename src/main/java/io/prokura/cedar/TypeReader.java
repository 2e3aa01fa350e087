package io.prokura.cedar;

import io.prokura.cedar.Type.Attribute;
import io.prokura.cedar.Type.BoolType;
import io.prokura.cedar.Type.EntityRef;
import io.prokura.cedar.Type.ExtensionType;
import io.prokura.cedar.Type.Primitive;
import io.prokura.cedar.Type.RecordType;
import io.prokura.cedar.Type.SetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads plain Java values, or values that exist already, as the types a schema expects. See
/// [RecordType#read].
final class TypeReader {
  private final TypeUndeclared undeclared;

  TypeReader(TypeUndeclared undeclared) {
    this.undeclared = undeclared;
  }

  /// Reads one value; `path` is where it stands, for the message.
  Value read(String path, Type type, @Nullable Object plain) throws TypeMismatchException {
    return switch (type) {
      case BoolType _ -> bool(path, plain);
      case Primitive.LONG -> number(path, plain);
      case Primitive.STRING -> string(path, plain);
      case ExtensionType extension -> extension(path, extension, plain);
      case EntityRef(var entity) -> entity(path, entity, plain);
      case SetType(var element) -> set(path, element, plain);
      case RecordType recordType -> record(path, recordType, plain);
    };
  }

  private RecordValue record(String path, RecordType type, @Nullable Object plain)
      throws TypeMismatchException {
    return switch (plain) {
      case RecordValue value -> record(path, type, value.attributes());
      case Map<?, ?> map -> record(path, type, map);
      case null, default -> throw mismatch(path, "a record", plain);
    };
  }

  RecordValue record(String path, RecordType type, Map<?, ?> plain) throws TypeMismatchException {
    for (var key : plain.keySet()) {
      if (!(key instanceof String name)) {
        throw new TypeMismatchException(path, "a record has attributes named by strings");
      }
      if (undeclared == TypeUndeclared.REFUSE && type.attribute(name).isEmpty()) {
        throw undeclared(path, type, name);
      }
    }
    var values = new LinkedHashMap<String, Value>();
    for (var entry : type.attributes().entrySet()) {
      var name = entry.getKey();
      Attribute attribute = entry.getValue();
      if (plain.containsKey(name)) {
        values.put(name, read(PlainPath.join(path, name), attribute.type(), plain.get(name)));
      } else if (attribute.required()) {
        throw new TypeMismatchException(
            path, "the required attribute '" + name + "' (" + attribute.type() + ") is missing");
      }
    }
    return new RecordValue(values);
  }

  private static TypeMismatchException undeclared(String path, RecordType type, String name) {
    var hint = ValidationSpelling.hint(name, type.attributes().keySet());
    return new TypeMismatchException(
        path, "the attribute '" + Quoted.shortened(name) + "' is not declared" + hint);
  }

  private Value set(String path, Type element, @Nullable Object plain)
      throws TypeMismatchException {
    Collection<?> elements =
        switch (plain) {
          case SetValue value -> value.elements();
          case Collection<?> collection -> collection;
          case null, default -> throw mismatch(path, "a set of " + element, plain);
        };
    var values = new ArrayList<Value>();
    for (var item : elements) {
      values.add(read(PlainPath.join(path, values.size()), element, item));
    }
    return SetValue.of(values);
  }

  private static Value bool(String path, @Nullable Object plain) throws TypeMismatchException {
    return switch (plain) {
      case BoolValue value -> value;
      case Boolean value -> BoolValue.of(value);
      case null, default -> throw mismatch(path, "true or false", plain);
    };
  }

  private static Value string(String path, @Nullable Object plain) throws TypeMismatchException {
    return switch (plain) {
      case StringValue value -> value;
      case String value -> new StringValue(value);
      case null, default -> throw mismatch(path, "a string", plain);
    };
  }

  private static Value number(String path, @Nullable Object plain) throws TypeMismatchException {
    return switch (plain) {
      case LongValue value -> value;
      case Long value -> new LongValue(value);
      case Integer value -> new LongValue(value);
      case Short value -> new LongValue(value);
      case Byte value -> new LongValue(value);
      case BigInteger value -> new LongValue(inRange(path, value));
      case BigDecimal value when value.scale() == 0 ->
          new LongValue(inRange(path, value.unscaledValue()));
      case null, default -> throw mismatch(path, "a whole number", plain);
    };
  }

  private static long inRange(String path, BigInteger value) throws TypeMismatchException {
    if (value.bitLength() > 63) {
      throw new TypeMismatchException(path, "the number is outside the range of 64-bit integers");
    }
    return value.longValue();
  }

  private static Value extension(String path, ExtensionType type, @Nullable Object plain)
      throws TypeMismatchException {
    var value =
        switch (plain) {
          case Value own -> isOf(type, own) ? Optional.of(own) : Optional.<Value>empty();
          case String text -> parsed(type, text);
          case Instant instant when type == ExtensionType.DATETIME ->
              Optional.<Value>of(DateTime.of(instant));
          case java.time.Duration duration when type == ExtensionType.DURATION ->
              Optional.<Value>of(new Duration(duration.toMillis()));
          case Map<?, ?> map -> called(path, type, map);
          case null, default -> Optional.<Value>empty();
        };
    return value.orElseThrow(() -> mismatch(path, expected(type), plain));
  }

  private static boolean isOf(ExtensionType type, Value value) {
    return switch (type) {
      case DECIMAL -> value instanceof Decimal;
      case IPADDR -> value instanceof IpAddress;
      case DATETIME -> value instanceof DateTime;
      case DURATION -> value instanceof Duration;
    };
  }

  /// The value that the constructor of the type makes of a string, if it is one.
  static Optional<Value> parsed(ExtensionType type, String text) {
    return switch (type) {
      case DECIMAL -> Decimal.parse(text).map(value -> value);
      case IPADDR -> IpAddress.parse(text).map(value -> value);
      case DATETIME -> DateTime.parse(text).map(value -> value);
      case DURATION -> Duration.parse(text).map(value -> value);
    };
  }

  /// `{"__extn": {"fn": "ip", "arg": "10.0.0.1"}}`, with or without the wrapper.
  private static Optional<Value> called(String path, ExtensionType type, Map<?, ?> map)
      throws TypeMismatchException {
    var value = PlainValues.extension(path, unwrapped(map, "__extn"));
    return isOf(type, value) ? Optional.of(value) : Optional.empty();
  }

  /// What a string has to look like to be of the type.
  static String expected(ExtensionType type) {
    return switch (type) {
      case DECIMAL -> "a decimal such as \"12.34\", with one to four digits after the point";
      case IPADDR -> "an IP address or range such as \"10.0.0.1\" or \"2001:db8::/32\"";
      case DATETIME -> "a datetime such as \"2030-01-31\" or \"2030-01-31T09:30:00Z\"";
      case DURATION -> "a duration such as \"1h30m\"";
    };
  }

  private static Value entity(String path, EntityType type, @Nullable Object plain)
      throws TypeMismatchException {
    return switch (plain) {
      case EntityUid uid when uid.type().equals(type) -> uid;
      case EntityUid uid -> throw wrongType(path, type, uid.type().name());
      case String id -> new EntityUid(type, id);
      case Map<?, ?> map -> entity(path, type, unwrapped(map, "__entity"), map);
      case null, default -> throw mismatch(path, "an entity of type " + type, plain);
    };
  }

  private static Value entity(String path, EntityType type, Map<?, ?> uid, Map<?, ?> plain)
      throws TypeMismatchException {
    if (!uid.keySet().equals(Set.of("type", "id"))
        || !(uid.get("type") instanceof String typeName)
        || !(uid.get("id") instanceof String id)) {
      throw mismatch(path, "an entity of type " + type, plain);
    }
    if (!typeName.equals(type.name())) {
      throw wrongType(path, type, typeName);
    }
    return new EntityUid(type, id);
  }

  private static TypeMismatchException wrongType(String path, EntityType type, String found) {
    return new TypeMismatchException(
        path, "expected an entity of type " + type + " but found one of type " + found);
  }

  private static Map<?, ?> unwrapped(Map<?, ?> map, String wrapper) {
    return map.keySet().equals(Set.of(wrapper)) && map.get(wrapper) instanceof Map<?, ?> inner
        ? inner
        : map;
  }

  private static TypeMismatchException mismatch(
      String path, String expected, @Nullable Object plain) {
    return new TypeMismatchException(path, "expected " + expected + " but found " + named(plain));
  }

  private static String named(@Nullable Object plain) {
    return switch (plain) {
      case null -> "null";
      case Value value -> "a value of type " + value.typeName();
      case String text -> "the string " + Quoted.string(Quoted.shortened(text));
      case Boolean value -> value.toString();
      case Number value -> "the number " + Quoted.string(Quoted.shortened(value.toString()));
      case Map<?, ?> _ -> "a record";
      case List<?> _, Set<?> _ -> "a list";
      default -> "an unsupported value";
    };
  }
}
