package io.prokura.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Tx;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;

/// The keys of entries' free texts, which stand wrapped beside each entry.
public final class FreeKeyStore {
  private static final int REWRAP_MAX = 50;

  private final Seal seal;
  private final JsonReader json;

  public FreeKeyStore(Seal seal, JsonReader json) {
    this.seal = seal;
    this.json = json;
  }

  /// Wraps the keys again under the newest master key. The leaves stay as they are.
  public Rewrap rewrap() {
    return new Rewrap(List.of("0"), (tx, after) -> rewrap(tx, Long.parseLong(after.getFirst())));
  }

  private Rewrap.Step rewrap(Tx tx, long after) {
    var fields = new HashMap<String, Json.Obj>();
    var some =
        tx.list(
            """
            SELECT seq, id, free
              FROM entry
             WHERE seq > ? AND free IS NOT NULL
             ORDER BY seq
             LIMIT ?
            """,
            row -> {
              var free = parsed(row.text(3));
              fields.put(row.text(1), free);
              return new Rewrap.Item(
                  List.of(row.text(1)),
                  Base64.getUrlDecoder().decode(free.text(Leaf.KEY).orElseThrow()),
                  Leaf.binding(new Id.Entry(row.text(2)), ""));
            },
            after,
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, wrapped) ->
            tx.run(
                "UPDATE entry SET free = ? WHERE seq = ? AND free IS NOT NULL",
                Leaf.withKey(Objects.requireNonNull(fields.get(key.getFirst())), wrapped).toText(),
                Long.parseLong(key.getFirst())));
  }

  private Json.Obj parsed(String fields) {
    if (json.readObject(fields.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new IllegalStateException("stored fields are not JSON");
  }
}
