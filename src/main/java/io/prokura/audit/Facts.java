package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.seal.DataKey;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What decisions rested on, stored once for each version, so that an entry names it in a word and
/// an explanation or a replay sees exactly what the decision saw.
///
/// People are named by their pseudonym in it. What is about a person is sealed under that person's
/// key and goes when the person is erased; an entry's reference to it then leads nowhere.
public final class Facts {
  private static final int NONCE_BYTES = 32;
  private static final int REFERENCE_BYTES = 16;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Database database;
  private final World world;
  private final Seal seal;
  private final Persons persons;
  private final JsonReader json;

  public Facts(Database database, World world, Seal seal, Persons persons, JsonReader json) {
    this.database = database;
    this.world = world;
    this.seal = seal;
    this.persons = persons;
    this.json = json;
  }

  /// The fact that `content` is known about `about`: the stored one where this version is stored,
  /// else a new one, which [#keep] stores. Reads the database, so it is not to be called inside a
  /// transaction.
  public Fact of(Id about, Json.Obj content) {
    var bytes = named(content, this::pseudonym).canonical();
    var name = about instanceof Id.User user ? persons.of(user).pseudonym().text() : about.text();
    var digest = BASE64.encodeToString(Leaf.sha256(bytes));
    var known = database.read(tx -> FactStore.reference(tx, name, digest));
    if (known.isPresent()) {
      return new Fact(known.get(), Optional.empty());
    }
    var body = new byte[NONCE_BYTES + bytes.length];
    System.arraycopy(world.bytes(NONCE_BYTES), 0, body, 0, NONCE_BYTES);
    System.arraycopy(bytes, 0, body, NONCE_BYTES, bytes.length);
    var reference = reference(body);
    var stored =
        about instanceof Id.User user
            ? persons.of(user).key().encrypt(body, binding(reference))
            : body;
    return new Fact(
        reference, Optional.of(new Fact.Content(name, digest, BASE64.encodeToString(stored))));
  }

  /// Stores a fact in the transaction of the entry that refers to it, unless it is stored already.
  public void keep(Tx tx, Fact fact) {
    fact.unkept()
        .ifPresent(
            content -> {
              FactStore.insert(tx, fact.reference(), content);
              tx.afterCommit(fact::markKept);
            });
  }

  /// The content of the fact with that reference, people named by their ids again as far as they
  /// are not erased; empty when it has been forgotten.
  public Optional<Json.Obj> find(Tx tx, String reference) {
    return FactStore.find(tx, reference)
        .flatMap(content -> opened(tx, reference, content))
        .map(bytes -> content(tx, reference, bytes));
  }

  private Optional<byte[]> opened(Tx tx, String reference, Fact.Content content) {
    var stored = Base64.getUrlDecoder().decode(content.body());
    return Id.Pseudonym.parse(content.about()).isEmpty()
        ? Optional.of(stored)
        : PersonStore.key(tx, world, seal, content.about())
            .map(key -> decrypted(key, stored, reference));
  }

  private static byte[] decrypted(DataKey key, byte[] stored, String reference) {
    return key.decrypt(stored, binding(reference));
  }

  private Json.Obj content(Tx tx, String reference, byte[] body) {
    if (!reference(body).equals(reference)) {
      throw new IllegalStateException("the stored fact %s was changed".formatted(reference));
    }
    var bytes = Arrays.copyOfRange(body, NONCE_BYTES, body.length);
    if (json.readObject(bytes) instanceof Result.Ok(var object)) {
      return named(object, text -> person(tx, text));
    }
    throw new IllegalStateException("the stored fact %s is not JSON".formatted(reference));
  }

  private String pseudonym(String text) {
    return Id.User.parse(text).map(user -> persons.of(user).pseudonym().text()).orElse(text);
  }

  private static String person(Tx tx, String text) {
    return Id.Pseudonym.parse(text)
        .flatMap(pseudonym -> PersonStore.user(tx, pseudonym))
        .map(Id.User::text)
        .orElse(text);
  }

  /// The same object with other names in the place of texts. Recursion is bounded by the depth that
  /// the JSON reader allows.
  private static Json.Obj named(Json.Obj object, UnaryOperator<String> name) {
    var members = new LinkedHashMap<String, Json>();
    object.members().forEach((key, value) -> members.put(key, named(value, name)));
    return new Json.Obj(members);
  }

  private static Json named(Json value, UnaryOperator<String> name) {
    return switch (value) {
      case Json.Str(var text) -> Json.text(name.apply(text));
      case Json.Obj object -> named(object, name);
      case Json.Arr(var items) -> {
        var named = new ArrayList<Json>();
        items.forEach(item -> named.add(named(item, name)));
        yield new Json.Arr(named);
      }
      case Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> value;
    };
  }

  private static String reference(byte[] body) {
    return BASE64.encodeToString(Arrays.copyOf(Leaf.sha256(body), REFERENCE_BYTES));
  }

  private static byte[] binding(String reference) {
    return ("fact " + reference).getBytes(UTF_8);
  }
}
