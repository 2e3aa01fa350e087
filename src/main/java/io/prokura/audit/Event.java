package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Something that happened, as a feature tells it to the record: a type from the server's own
/// vocabulary, what it is about, who did it, and facts.
///
/// Facts stand in the leaf for ever, so they hold identifiers, numbers and words of closed or
/// registered vocabularies only. People are named by their id and appear under their pseudonym.
/// Whatever else tells something about a person goes into a personal or a free field: the leaf then
/// carries only a commitment to it (design rule "erasable yet provable").
public final class Event {
  final String type;
  final Subject about;
  final List<Fact> facts;
  final List<Personal> personal;
  final SequencedMap<String, String> free;

  private Event(Builder builder) {
    type = builder.type;
    about = builder.about;
    facts = List.copyOf(builder.facts);
    personal = List.copyOf(builder.personal);
    free = new LinkedHashMap<>(builder.free);
  }

  /// What an event is about: a thing with an id, or something known by a word (a reason, an
  /// issuer).
  sealed interface Subject {
    record Thing(Id id) implements Subject {}

    record Word(String word) implements Subject {}
  }

  /// One member of the leaf.
  sealed interface Fact {
    String name();

    record Value(String name, Json value) implements Fact {}

    record References(String name, List<? extends Id> ids) implements Fact {}

    record Reference(String name, Id id) implements Fact {}
  }

  /// A field about `person`, readable until that person is erased.
  record Personal(String name, String value, Id.User person) {}

  /// An event about the thing `about`. `type` is dotted: `agent.registered`.
  public static Builder about(String type, Id about) {
    return new Builder(type, new Subject.Thing(about));
  }

  /// An event about something that has no id of its own.
  public static Builder about(String type, String word) {
    return new Builder(type, new Subject.Word(word));
  }

  /// Collects what an event says.
  public static final class Builder {
    private final String type;
    private final Subject about;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Personal> personal = new ArrayList<>();
    private final SequencedMap<String, String> free = new LinkedHashMap<>();

    private Builder(String type, Subject about) {
      this.type = type;
      this.about = about;
    }

    /// Who did it, proven to the server.
    public Builder by(Id who) {
      return reference("by", who);
    }

    public Builder reference(String name, Id id) {
      facts.add(new Fact.Reference(name, id));
      return this;
    }

    public Builder reference(String name, Optional<? extends Id> id) {
      id.ifPresent(value -> reference(name, value));
      return this;
    }

    public Builder references(String name, List<? extends Id> ids) {
      facts.add(new Fact.References(name, List.copyOf(ids)));
      return this;
    }

    /// A word of a closed or registered vocabulary: a state, an action, a resource identifier.
    public Builder word(String name, String value) {
      return value(name, Json.text(value));
    }

    public Builder words(String name, Collection<String> values) {
      return value(name, Json.texts(values));
    }

    public Builder scopes(Scopes scopes) {
      return value("scope", Json.text(scopes.toString()));
    }

    public Builder number(String name, long value) {
      return value(name, Json.number(value));
    }

    public Builder flag(String name, boolean value) {
      return value(name, Json.flag(value));
    }

    /// A structured fact without personal data.
    public Builder value(String name, Json value) {
      facts.add(new Fact.Value(name, value));
      return this;
    }

    /// A field that tells something about `whom`: sealed under that person's key when it is a
    /// person, else under a key of this entry.
    public Builder personal(String name, String value, Id whom) {
      if (whom instanceof Id.User person) {
        personal.add(new Personal(name, value, person));
        return this;
      }
      return free(name, value);
    }

    /// Free text or a network address: sealed under a key of this entry, forgotten after a while.
    public Builder free(String name, String value) {
      free.put(name, value);
      return this;
    }

    public Event build() {
      return new Event(this);
    }
  }
}
