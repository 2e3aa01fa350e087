package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.DataKey;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// Opens the sealed fields of entries for those who may read them. A field about an erased person,
/// or one that has been forgotten, stays shut.
final class Opening {
  private final World world;
  private final Seal seal;
  private final JsonReader json;

  Opening(World world, Seal seal, JsonReader json) {
    this.world = world;
    this.seal = seal;
    this.json = json;
  }

  /// The names and texts of the fields that can still be opened, with the nonces that prove them
  /// against the leaf's commitments.
  Json.Obj open(Tx tx, Entry entry) {
    var opened = Json.object();
    read(entry.personal())
        .members()
        .forEach(
            (name, field) ->
                personal(tx, entry, name, (Json.Obj) field)
                    .ifPresent(text -> opened.put(name, text)));
    var free = read(entry.free());
    free.text(Leaf.KEY)
        .ifPresent(
            wrapped -> {
              var key = DataKey.unwrap(world, seal, decode(wrapped), Leaf.binding(entry.id(), ""));
              free.members()
                  .forEach(
                      (name, box) -> {
                        if (name.startsWith(".")) {
                          var field = name.substring(1);
                          opened.put(field, opened(key, entry, field, text(box)));
                        }
                      });
            });
    return opened.build();
  }

  private Optional<Json> personal(Tx tx, Entry entry, String name, Json.Obj field) {
    return PersonStore.key(tx, world, seal, field.text("of").orElseThrow())
        .map(key -> opened(key, entry, name, field.text("box").orElseThrow()));
  }

  private static Json opened(DataKey key, Entry entry, String name, String box) {
    var opening = key.decrypt(decode(box), Leaf.binding(entry.id(), name));
    var nonce = Arrays.copyOf(opening, Leaf.NONCE_BYTES);
    var value = Arrays.copyOfRange(opening, Leaf.NONCE_BYTES, opening.length);
    return Json.object()
        .put("value", new String(value, UTF_8))
        .put("nonce", Leaf.BASE64.encodeToString(nonce))
        .build();
  }

  private Json.Obj read(String fields) {
    if (fields.isEmpty()) {
      return Json.object().build();
    }
    if (json.readObject(fields.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new IllegalStateException("stored fields are not JSON");
  }

  private static String text(Json value) {
    return value instanceof Json.Str(var text) ? text : "";
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
