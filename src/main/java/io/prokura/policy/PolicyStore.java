package io.prokura.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// The SQL of published policies and of drafts.
final class PolicyStore {
  private PolicyStore() {}

  /// Which snapshot is live.
  record Head(long number, String digest) {}

  static Optional<Head> live(Tx tx, PolicySetName set) {
    return tx.one(
        """
        SELECT number, digest
          FROM policy_snapshot
         WHERE set_name = ?
         ORDER BY number DESC
         LIMIT 1
        """,
        row -> new Head(row.number(1), row.text(2)),
        set.word());
  }

  /// The stored JSON of a snapshot's sources.
  static Optional<String> sources(Tx tx, PolicySetName set, long number) {
    return tx.one(
        "SELECT sources FROM policy_snapshot WHERE set_name = ? AND number = ?",
        row -> row.text(1),
        set.word(),
        number);
  }

  /// The object in a column that this server wrote.
  static Json.Obj stored(JsonReader json, String text) {
    if (json.readObject(text.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new IllegalStateException("not JSON in the table of policies");
  }

  /// False when the number is taken.
  static boolean insert(Tx tx, Publication one, String sources) {
    return tx.run(
            """
            INSERT INTO policy_snapshot (set_name, number, digest, sources, base, restores, authors,
                                         published_by, published_at, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (set_name, number) DO NOTHING
            """,
            one.set().word(),
            one.number(),
            one.digest(),
            sources,
            one.base(),
            one.restores(),
            texts(one.authors()),
            one.by(),
            one.at(),
            one.note())
        == 1;
  }

  /// At most `count` publications of a set with numbers below `before`, newest first.
  static List<Publication> page(Tx tx, PolicySetName set, long before, int count) {
    return tx.list(
        """
        SELECT set_name, number, digest, base, restores, authors, published_by, published_at, note
          FROM policy_snapshot
         WHERE set_name = ? AND number < ?
         ORDER BY number DESC
         LIMIT ?
        """,
        PolicyStore::publication,
        set.word(),
        before,
        count);
  }

  static Optional<Publication> find(Tx tx, PolicySetName set, long number) {
    return tx.one(
        """
        SELECT set_name, number, digest, base, restores, authors, published_by, published_at, note
          FROM policy_snapshot
         WHERE set_name = ? AND number = ?
        """,
        PolicyStore::publication,
        set.word(),
        number);
  }

  private static Publication publication(Row row) {
    return new Publication(
        PolicySetName.parse(row.text(1)).orElseThrow(),
        row.number(2),
        row.text(3),
        row.number(4),
        row.optionalNumber(5),
        authors(row.text(6)),
        row.optionalText(7).flatMap(Id.Principal::parse),
        row.instant(8),
        row.text(9));
  }

  private static String texts(List<Id.Principal> authors) {
    return String.join(" ", authors.stream().map(Id::text).toList());
  }

  private static List<Id.Principal> authors(String texts) {
    return texts.isEmpty()
        ? List.of()
        : List.of(texts.split(" ")).stream()
            .map(text -> Id.Principal.parse(text).orElseThrow())
            .toList();
  }

  static void insert(Tx tx, PolicyDraft draft) {
    tx.run(
        """
        INSERT INTO policy_draft (id, set_name, base, note, files, authors, changed_at, version)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        draft.id(),
        draft.set().word(),
        draft.base(),
        draft.note(),
        PolicySources.json(draft.files()).toText(),
        texts(draft.authors()),
        draft.changedAt(),
        draft.version());
  }

  /// Writes the draft over the version before its own; false when that is no longer there.
  static boolean update(Tx tx, PolicyDraft draft) {
    return tx.run(
            """
            UPDATE policy_draft
               SET note = ?, files = ?, authors = ?, changed_at = ?, version = ?
             WHERE id = ? AND version = ?
            """,
            draft.note(),
            PolicySources.json(draft.files()).toText(),
            texts(draft.authors()),
            draft.changedAt(),
            draft.version(),
            draft.id(),
            draft.version() - 1)
        == 1;
  }

  /// False when there is no such version of it any more.
  static boolean delete(Tx tx, Id.Draft id, long version) {
    return tx.run("DELETE FROM policy_draft WHERE id = ? AND version = ?", id, version) == 1;
  }

  static long drafts(Tx tx, PolicySetName set) {
    return tx.one(
            "SELECT COUNT(*) FROM policy_draft WHERE set_name = ?",
            row -> row.number(1),
            set.word())
        .orElseThrow();
  }

  static Optional<PolicyDraft> draft(Tx tx, JsonReader json, PolicySetName set, Id.Draft id) {
    return tx.one(
        """
        SELECT id, set_name, base, note, files, authors, changed_at, version
          FROM policy_draft
         WHERE set_name = ? AND id = ?
        """,
        row -> draft(row, json),
        set.word(),
        id);
  }

  /// At most `count` drafts of a set in the order of their ids, without their files.
  static List<PolicyDraft> drafts(
      Tx tx, JsonReader json, PolicySetName set, String after, int count) {
    return tx.list(
        """
        SELECT id, set_name, base, note, '[]', authors, changed_at, version
          FROM policy_draft
         WHERE set_name = ? AND id > ?
         ORDER BY id
         LIMIT ?
        """,
        row -> draft(row, json),
        set.word(),
        after,
        count);
  }

  private static PolicyDraft draft(Row row, JsonReader json) {
    if (!(json.read(row.text(5).getBytes(UTF_8)) instanceof Ok(var files))) {
      throw new IllegalStateException("not JSON in the table of drafts");
    }
    return new PolicyDraft(
        new Id.Draft(row.text(1)),
        PolicySetName.parse(row.text(2)).orElseThrow(),
        row.number(3),
        row.text(4),
        PolicySources.files(files),
        authors(row.text(6)),
        row.instant(7),
        row.number(8));
  }
}
