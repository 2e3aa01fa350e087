package io.prokura.audit;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.seal.DataKey;
import io.prokura.seal.Seal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Function;

/// One event turned into what is stored: the leaf, made once and never re-serialised, and the
/// sealed fields beside it.
///
/// The leaf is canonical JSON (RFC 8785) with a nonce of 256 random bits, so that nobody can guess
/// a leaf back from its hash. A sealed field stands in the leaf as the SHA-256 of a nonce of its
/// own and its value; nonce and value are encrypted beside the leaf.
///
/// Only [AuditLog] makes one, and it is not on record before it is appended.
public final class Leaf {

  static final int NONCE_BYTES = 32;

  /// The member of the sealed free fields that is their wrapped key.
  static final String KEY = "key";

  private static final byte[] NO_KEY = {};

  static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Id.Entry id;
  private final String about;
  private final Instant at;
  private final byte[] bytes;
  private final Optional<String> personal;
  private final Json.Obj fields;
  private final Optional<String> free;
  private final byte[] key;

  private Leaf(
      Id.Entry id,
      String about,
      Instant at,
      byte[] bytes,
      Optional<String> personal,
      Json.Obj fields,
      byte[] key) {
    this.id = id;
    this.about = about;
    this.at = at;
    this.bytes = bytes;
    this.personal = personal;
    this.fields = fields;
    this.key = key;
    free = stored(fields);
  }

  /// Sealed fields as they are stored; nothing where there are none.
  private static Optional<String> stored(Json.Obj sealed) {
    return sealed.members().isEmpty() ? Optional.empty() : Optional.of(sealed.toText());
  }

  /// The id of the entry.
  public Id.Entry id() {
    return id;
  }

  String about() {
    return about;
  }

  Instant at() {
    return at;
  }

  /// The canonical JSON. Not to be changed.
  byte[] bytes() {
    return bytes;
  }

  Optional<String> personal() {
    return personal;
  }

  Optional<String> free() {
    return free;
  }

  /// The same, with the key of its free text wrapped under the newest master key. That may have
  /// been replaced since the leaf was made, and what is stored has to be under the one that holds
  /// then.
  Leaf underNewest(Seal seal) {
    if (key.length == 0 || seal.isCurrent(key)) {
      return this;
    }
    var binding = binding(id, "");
    var wrapped = seal.wrap(seal.unwrap(key, binding), binding);
    return new Leaf(id, about, at, bytes, personal, withKey(fields, wrapped), wrapped);
  }

  /// Sealed free fields with their key wrapped anew.
  static Json.Obj withKey(Json.Obj free, byte[] wrapped) {
    var members = new LinkedHashMap<>(free.members());
    members.put(KEY, Json.text(BASE64.encodeToString(wrapped)));
    return Json.object().putAll(members).build();
  }

  /// `persons` finds a person as the record knows them.
  static Leaf of(Event event, World world, Seal seal, Function<Id.User, Person> persons) {
    var at = world.now();
    var id = Id.Entry.next(world);
    var facts = Json.object();
    for (var fact : event.facts) {
      facts.put(fact.name(), value(fact, persons));
    }
    var commitments = Json.object();
    var personal = Json.object();
    for (var field : event.personal) {
      var person = persons.apply(field.person());
      var opening = opening(world, field.value());
      commitments.put(field.name(), BASE64.encodeToString(sha256(opening)));
      personal.put(
          field.name(),
          Json.object()
              .put("of", person.pseudonym().text())
              .put(
                  "box",
                  BASE64.encodeToString(person.key().encrypt(opening, binding(id, field.name()))))
              .build());
    }
    var free = Json.object();
    var wrapped = NO_KEY;
    if (!event.free.isEmpty()) {
      var key = DataKey.random(world, seal);
      wrapped = key.wrap(seal, binding(id, ""));
      free.put(KEY, BASE64.encodeToString(wrapped));
      event.free.forEach(
          (name, text) -> {
            var opening = opening(world, text);
            commitments.put(name, BASE64.encodeToString(sha256(opening)));
            free.put("." + name, BASE64.encodeToString(key.encrypt(opening, binding(id, name))));
          });
    }
    var about = text(event.about, persons);
    var leaf =
        Json.object()
            .put("v", 1)
            .put("id", id.text())
            .put("at", at.toEpochMilli())
            .put("type", event.type)
            .put("about", about)
            .put("nonce", BASE64.encodeToString(world.bytes(NONCE_BYTES)))
            .put("facts", facts.build())
            .put("sealed", commitments.build())
            .build();
    return new Leaf(
        id, about, at, leaf.canonical(), stored(personal.build()), free.build(), wrapped);
  }

  private static Json value(Event.Fact fact, Function<Id.User, Person> persons) {
    return switch (fact) {
      case Event.Fact.Value(_, var value) -> value;
      case Event.Fact.Reference(_, var id) -> Json.text(name(id, persons));
      case Event.Fact.References(_, var ids) ->
          Json.texts(ids.stream().map(id -> name(id, persons)).toList());
    };
  }

  private static String text(Event.Subject about, Function<Id.User, Person> persons) {
    return switch (about) {
      case Event.Subject.Thing(var id) -> name(id, persons);
      case Event.Subject.Word(var word) -> word;
    };
  }

  private static String name(Id id, Function<Id.User, Person> persons) {
    return id instanceof Id.User user ? persons.apply(user).pseudonym().text() : id.text();
  }

  /// A leaf that was stored, read back.
  static Json.Obj read(JsonReader json, String stored) {
    if (json.readObject(stored.getBytes(StandardCharsets.UTF_8)) instanceof Result.Ok(var leaf)) {
      return leaf;
    }
    throw new IllegalStateException("a stored leaf is not JSON");
  }

  /// What a sealed field is bound to: its entry and its name.
  static byte[] binding(Id.Entry id, String field) {
    return (id.text() + " " + field).getBytes(StandardCharsets.UTF_8);
  }

  /// What a commitment is opened with: the nonce, then the value.
  private static byte[] opening(World world, String value) {
    var text = value.getBytes(StandardCharsets.UTF_8);
    var opening = new byte[NONCE_BYTES + text.length];
    System.arraycopy(world.bytes(NONCE_BYTES), 0, opening, 0, NONCE_BYTES);
    System.arraycopy(text, 0, opening, NONCE_BYTES, text.length);
    return opening;
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
