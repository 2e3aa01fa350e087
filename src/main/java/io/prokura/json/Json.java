package io.prokura.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// An immutable JSON value (RFC 8259). Members keep the order they came in; no member stands twice.
public sealed interface Json {

  /// A JSON object.
  record Obj(SequencedMap<String, Json> members) implements Json {
    /// An object without members.
    public static final Obj EMPTY = new Obj(new LinkedHashMap<>());

    public Obj {
      members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
    }

    public Optional<Json> get(String name) {
      return Optional.ofNullable(members.get(name));
    }

    /// The member's text; empty when it is absent or not a string.
    public Optional<String> text(String name) {
      return members.get(name) instanceof Str(var value) ? Optional.of(value) : Optional.empty();
    }

    /// The member as a whole number; empty when it is absent, fractional or out of range.
    public Optional<Long> number(String name) {
      return members.get(name) instanceof Whole(var value) ? Optional.of(value) : Optional.empty();
    }

    public Optional<Boolean> flag(String name) {
      return members.get(name) instanceof Bool(var value) ? Optional.of(value) : Optional.empty();
    }

    public Optional<Obj> object(String name) {
      return members.get(name) instanceof Obj value ? Optional.of(value) : Optional.empty();
    }

    /// The member's strings; empty when it is absent, no array, or holds anything but strings.
    public Optional<List<String>> texts(String name) {
      return members.get(name) instanceof Arr array ? array.texts() : Optional.empty();
    }
  }

  /// A JSON array.
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }

    /// The items when every one of them is a string.
    public Optional<List<String>> texts() {
      var texts = new ArrayList<String>(items.size());
      for (var item : items) {
        if (!(item instanceof Str(var value))) {
          return Optional.empty();
        }
        texts.add(value);
      }
      return Optional.of(List.copyOf(texts));
    }
  }

  record Str(String value) implements Json {}

  /// A number without fraction or exponent that fits 64 bits.
  record Whole(long value) implements Json {}

  /// Any other number. Never infinite or not-a-number.
  record Fraction(double value) implements Json {
    public Fraction {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("JSON has no " + value);
      }
    }
  }

  record Bool(boolean value) implements Json {}

  record Null() implements Json {}

  static Json text(String value) {
    return new Str(value);
  }

  static Json number(long value) {
    return new Whole(value);
  }

  static Json flag(boolean value) {
    return new Bool(value);
  }

  static Arr texts(Collection<String> values) {
    return new Arr(values.stream().<Json>map(Str::new).toList());
  }

  static Arr array(Collection<? extends Json> items) {
    return new Arr(List.copyOf(items));
  }

  static Builder object() {
    return new Builder();
  }

  /// The text as UTF-8, members in their own order, no white space.
  default byte[] bytes() {
    return JsonWriter.bytes(this, false);
  }

  default String toText() {
    return JsonWriter.text(this);
  }

  /// The canonical form (RFC 8785): members sorted, one spelling for every value.
  default byte[] canonical() {
    return JsonWriter.bytes(this, true);
  }

  /// Collects the members of an object; a later member of the same name is a bug.
  final class Builder {
    private final SequencedMap<String, Json> members = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(String name, Json value) {
      if (members.put(name, value) != null) {
        throw new IllegalArgumentException("member set twice: " + name);
      }
      return this;
    }

    public Builder put(String name, String value) {
      return put(name, new Str(value));
    }

    public Builder put(String name, long value) {
      return put(name, new Whole(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, new Bool(value));
    }

    public Builder put(String name, Collection<String> values) {
      return put(name, texts(values));
    }

    /// Puts the member when there is a value for it.
    public Builder put(String name, Optional<String> value) {
      value.ifPresent(text -> put(name, text));
      return this;
    }

    public Builder putAll(Map<String, ? extends Json> more) {
      more.forEach(this::put);
      return this;
    }

    public Obj build() {
      return members.isEmpty() ? Obj.EMPTY : new Obj(members);
    }
  }
}
