package io.prokura.approvals;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result.Ok;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Row;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The SQL of [Approvals]. Whatever tells of arguments and opinions is sealed. It reads who is in
/// which group, because that is what being an approver through a group means.
final class ApprovalStore {
  private static final String SPACE = " ";
  private static final int REWRAP_MAX = 200;

  private final Seal seal;
  private final JsonReader reader;

  ApprovalStore(Seal seal, JsonReader reader) {
    this.seal = seal;
    this.reader = reader;
  }

  /// False when the same is pending already.
  boolean insert(Tx tx, Approval approval) {
    var action = approval.action();
    int inserted =
        tx.run(
            """
            INSERT INTO approval (id, digest, state, enforcer, actor, chain, delegations, purpose,
                                  resource, action, decision, lineage, checked, named, body,
                                  requested_at, expires_at, wanted_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
            """,
            approval.id(),
            approval.digest().text(),
            approval.state().word(),
            approval.enforcer(),
            action.actor(),
            joined(action.chain()),
            joined(action.delegations()),
            action.purpose(),
            action.resource(),
            action.action(),
            approval.decision(),
            String.join(SPACE, approval.lineage().ids()),
            approval.checked(),
            approval.named(),
            sealed(approval, ""),
            approval.requestedAt(),
            approval.expiresAt(),
            approval.wantedUntil());
    if (inserted == 0) {
      return false;
    }
    for (var approver : approval.approvers()) {
      tx.run(
          "INSERT INTO approval_approver (approver, approval) VALUES (?, ?)",
          approver,
          approval.id());
    }
    return true;
  }

  private static String joined(List<? extends Id> ids) {
    return String.join(SPACE, ids.stream().map(Id::text).toList());
  }

  private byte[] sealed(Approval approval, String reason) {
    var action = approval.action();
    var body =
        Json.object()
            .put("type", action.objectType())
            .put("id", action.objectId())
            .put("arguments", action.arguments())
            .put("justification", approval.justification())
            .put("reason", reason)
            .build();
    return seal.wrap(body.bytes(), approval.id().text().getBytes(UTF_8));
  }

  /// How many requests of an actor wait.
  static long pending(Tx tx, Id.Principal actor, Instant now) {
    return tx.one(
            """
            SELECT count(*) FROM approval
             WHERE actor = ? AND state = 'pending' AND expires_at > ?
            """,
            row -> row.number(1),
            actor,
            now)
        .orElseThrow();
  }

  Optional<Approval> find(Tx tx, Id.Approval id) {
    return tx.one(
        """
        SELECT id, digest, state, enforcer, chain, delegations, purpose, resource, action, decision,
               lineage, checked, named, body, requested_at, expires_at, wanted_until, ended_by,
               ended_at, approved_until
          FROM approval
         WHERE id = ?
        """,
        row -> approval(tx, row),
        id);
  }

  /// The one that waits for the same action and enforcer, in time or not.
  Optional<Approval> pending(Tx tx, ActionDigest digest, Id.Principal enforcer) {
    return tx.one(
        """
        SELECT id, digest, state, enforcer, chain, delegations, purpose, resource, action, decision,
               lineage, checked, named, body, requested_at, expires_at, wanted_until, ended_by,
               ended_at, approved_until
          FROM approval
         WHERE digest = ? AND enforcer = ? AND state = 'pending'
        """,
        row -> approval(tx, row),
        digest.text(),
        enforcer);
  }

  /// Approvals after `after` in the order of their ids; all states where `state` is empty.
  List<Approval> page(Tx tx, String state, String after, int count) {
    return tx.list(
        """
        SELECT id, digest, state, enforcer, chain, delegations, purpose, resource, action, decision,
               lineage, checked, named, body, requested_at, expires_at, wanted_until, ended_by,
               ended_at, approved_until
          FROM approval
         WHERE id > ? AND (? = '' OR state = ?)
         ORDER BY id
         LIMIT ?
        """,
        row -> approval(tx, row),
        after,
        state,
        state,
        count);
  }

  /// The same, of those that `user` or a group of theirs may decide about.
  List<Approval> pageFor(Tx tx, Id.User user, String state, String after, int count) {
    return tx.list(
        """
        SELECT id, digest, state, enforcer, chain, delegations, purpose, resource, action, decision,
               lineage, checked, named, body, requested_at, expires_at, wanted_until, ended_by,
               ended_at, approved_until
          FROM approval
         WHERE id > ? AND (? = '' OR state = ?)
           AND id IN (SELECT approval
                        FROM approval_approver
                       WHERE approver = ?
                          OR approver IN (SELECT group_id FROM directory_member WHERE user_id = ?))
         ORDER BY id
         LIMIT ?
        """,
        row -> approval(tx, row),
        after,
        state,
        state,
        user,
        user,
        count);
  }

  /// Those that are open and whose time is over.
  List<Approval> overdue(Tx tx, Instant now, int count) {
    return tx.list(
        """
        SELECT id, digest, state, enforcer, chain, delegations, purpose, resource, action, decision,
               lineage, checked, named, body, requested_at, expires_at, wanted_until, ended_by,
               ended_at, approved_until
          FROM approval
         WHERE state IN ('pending', 'approved') AND expires_at <= ?
         ORDER BY expires_at
         LIMIT ?
        """,
        row -> approval(tx, row),
        now,
        count);
  }

  /// Writes how a pending one was decided; false when it waits no more.
  boolean decide(Tx tx, Approval decided) {
    var ending = decided.ending().orElseThrow();
    return tx.run(
            """
            UPDATE approval
               SET state = ?, ended_by = ?, ended_at = ?, body = ?, expires_at = ?,
                   approved_until = ?
             WHERE id = ? AND state = 'pending'
            """,
            decided.state().word(),
            ending.by(),
            ending.at(),
            sealed(decided, ending.reason()),
            decided.expiresAt(),
            decided.approvedUntil(),
            decided.id())
        == 1;
  }

  /// Uses an approved one for the request with this hash, or for one without a name; false when it
  /// is not there to use.
  static boolean consume(Tx tx, Id.Approval id, Optional<String> request, Instant now) {
    return tx.run(
            """
            UPDATE approval
               SET state = 'consumed', request = ?
             WHERE id = ? AND state = 'approved' AND expires_at > ?
            """,
            request,
            id,
            now)
        == 1;
  }

  /// Whether it was used for the request with this hash.
  static boolean wasConsumedFor(Tx tx, Id.Approval id, String request) {
    return tx.one(
            "SELECT 1 FROM approval WHERE id = ? AND state = 'consumed' AND request = ?",
            row -> row.number(1),
            id,
            request)
        .isPresent();
  }

  /// Notes that an open one was over; false when somebody was faster.
  static boolean expire(Tx tx, Approval overdue) {
    return tx.run(
            "UPDATE approval SET state = 'expired' WHERE id = ? AND state = ?",
            overdue.id(),
            overdue.state().word())
        == 1;
  }

  static int sweep(Tx tx, Instant before, int count) {
    return tx.run(
        """
        DELETE FROM approval
         WHERE id IN (SELECT id
                        FROM approval
                       WHERE requested_at < ? AND state NOT IN ('pending', 'approved')
                       ORDER BY requested_at
                       LIMIT ?)
        """,
        before,
        count);
  }

  private Approval approval(Tx tx, Row row) {
    var id = new Id.Approval(row.text(1));
    var body = opened(id, row.bytes(14));
    var action =
        new ExactAction(
            ids(row.text(5), text -> Id.Principal.parse(text).orElseThrow()),
            ids(row.text(6), Id.Delegation::new),
            row.optionalText(7).map(Id.Purpose::new),
            new Id.Resource(row.text(8)),
            body.text("type").orElseThrow(),
            body.text("id").orElseThrow(),
            row.text(9),
            body.object("arguments").orElseThrow());
    var ending =
        row.optionalText(18)
            .map(
                by ->
                    new Approval.Ending(
                        Id.Principal.parse(by).orElseThrow(),
                        row.instant(19),
                        body.text("reason").orElse("")));
    return new Approval(
        id,
        ApprovalState.of(row.text(3)),
        Id.Principal.parse(row.text(4)).orElseThrow(),
        action,
        new ActionDigest(row.text(2)),
        approvers(tx, id),
        row.flag(13),
        new Id.Decision(row.text(10)),
        new Lineage(ids(row.text(11), Function.identity())),
        row.number(12),
        body.text("justification").orElse(""),
        row.instant(15),
        row.instant(16),
        row.optionalInstant(17),
        ending,
        row.optionalInstant(20));
  }

  private static List<Id> approvers(Tx tx, Id.Approval id) {
    return tx.list(
        "SELECT approver FROM approval_approver WHERE approval = ? ORDER BY approver",
        row -> {
          var text = row.text(1);
          return Id.Group.parse(text)
              .<Id>map(Function.identity())
              .orElseGet(() -> new Id.User(text));
        },
        id);
  }

  private static <T> List<T> ids(String text, Function<String, T> read) {
    return text.isEmpty() ? List.of() : List.of(text.split(SPACE)).stream().map(read).toList();
  }

  private Json.Obj opened(Id.Approval id, byte[] sealed) {
    if (reader.readObject(seal.unwrap(sealed, id.text().getBytes(UTF_8))) instanceof Ok(var body)) {
      return body;
    }
    throw new IllegalStateException("the body of an approval is not an object");
  }

  /// Wraps the bodies again under the newest master key.
  Rewrap rewrap() {
    return new Rewrap(List.of(""), this::rewrap);
  }

  private Rewrap.Step rewrap(Tx tx, List<String> after) {
    var some =
        tx.list(
            "SELECT id, body FROM approval WHERE id > ? ORDER BY id LIMIT ?",
            row -> new Rewrap.Item(List.of(row.text(1)), row.bytes(2), row.text(1).getBytes(UTF_8)),
            after.getFirst(),
            REWRAP_MAX);
    return Rewrap.again(
        seal,
        some,
        REWRAP_MAX,
        (key, body) -> tx.run("UPDATE approval SET body = ? WHERE id = ?", body, key.getFirst()));
  }
}
