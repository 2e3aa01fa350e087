package io.prokura.audit;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Page;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tlog.InclusionProof;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogProof;
import io.prokura.tlog.Note;
import java.util.Optional;

/// The record over the management API: entries, and the proof that one is in the log.
public final class AuditApi {
  private final Database database;
  private final Sequencer sequencer;
  private final LogKey key;
  private final Opening opening;
  private final JsonReader json;
  private final Limits limits;

  public AuditApi(
      Database database,
      Sequencer sequencer,
      LogKey key,
      World world,
      Seal seal,
      JsonReader json,
      Limits limits) {
    this.database = database;
    this.sequencer = sequencer;
    this.key = key;
    this.opening = new Opening(world, seal, json);
    this.json = json;
    this.limits = limits;
  }

  /// Lists entries, newest first; `about` in the query selects those about one thing.
  public Result<Response> list(Caller caller, Request request) {
    var query = request.query();
    var page = Page.of(request, limits);
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    if (!(page instanceof Ok(var part))) {
      return page.refusal();
    }
    var before = part.before();
    if (!(before instanceof Ok(var from))) {
      return before.refusal();
    }
    return database.read(
        tx -> {
          var about = parameters.get("about").map(text -> recorded(tx, text));
          var entries =
              about.isPresent()
                  ? EntryStore.newestAbout(tx, about.get(), from, part.fetch())
                  : EntryStore.newest(tx, from, part.fetch());
          return part.response(
              entries, entry -> String.valueOf(entry.seq()), entry -> view(tx, entry));
        });
  }

  /// One entry, by its id or by the id of what it is about.
  public Result<Response> get(Caller caller, Request request) {
    return database.read(
        tx ->
            find(tx, request.pathParameter("id"))
                .map(entry -> ok(Response.json(200, view(tx, entry))))
                .orElseGet(AuditApi::missing));
  }

  /// The receipt of one entry: its leaf and a proof that can be checked without this server
  /// (C2SP tlog-proof), or `pending` until the entry has its place in the tree.
  public Result<Response> receipt(Caller caller, Request request) {
    var published = sequencer.published();
    var entry = database.read(tx -> find(tx, request.pathParameter("id")));
    if (entry.isEmpty()) {
      return missing();
    }
    var receipt = Json.object().put("entry", entry.get().id().text());
    if (entry.get().isPending() || entry.get().index() >= published.head().size()) {
      return ok(Response.json(200, receipt.put("status", "pending").build()));
    }
    try {
      var inclusion = InclusionProof.of(entry.get().index(), published.head(), sequencer::tile);
      var proof = LogProof.of(inclusion, Note.parse(published.note().getBytes(UTF_8)));
      return ok(
          Response.json(
              200,
              receipt
                  .put("status", "integrated")
                  .put("index", entry.get().index())
                  .put("leaf", entry.get().leaf())
                  .put("proof", proof.toString())
                  .put("vkey", key.vkey())
                  .build()));
    } catch (InvalidException e) {
      throw new Outage("the stored log is damaged", e);
    }
  }

  private static Optional<Entry> find(Tx tx, String id) {
    return Id.Entry.parse(id)
        .map(entry -> EntryStore.find(tx, entry))
        .orElseGet(() -> EntryStore.newestAbout(tx, recorded(tx, id)));
  }

  /// The name under which a thing stands in the record: a person's is the pseudonym.
  private static String recorded(Tx tx, String id) {
    return Id.User.parse(id).flatMap(user -> PersonStore.pseudonym(tx, user)).orElse(id);
  }

  private Json.Obj view(Tx tx, Entry entry) {
    return Json.object()
        .put("id", entry.id().text())
        .put("status", entry.isPending() ? "pending" : "integrated")
        .put("leaf", Leaf.read(json, entry.leaf()))
        .put("opened", opening.open(tx, entry))
        .build();
  }

  private static <T> Result<T> missing() {
    return refused(NOT_FOUND, "no such entry");
  }
}
