package io.prokura.catalogue;

import static io.prokura.kernel.Result.ok;

import io.prokura.directory.Directory;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/purposes`: the registered reasons to act.
public final class PurposesApi {
  private static final Named<Id.Purpose> PURPOSE = new Named<>(Id.Purpose::parse, "purpose");
  /// Bytes that what a purpose covers may take, so that its entry in the record keeps its bound.
  private static final int COVERS_BYTES_MAX = 30_000;

  private static final int CATEGORIES_MAX = 50;

  private final Database database;
  private final Changes changes;
  private final Purposes purposes;
  private final World world;
  private final Limits limits;

  public PurposesApi(
      Database database, Changes changes, Purposes purposes, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.purposes = purposes;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var purpose = read(new Fields(body), Id.Purpose.random(world), 1);
          return purpose instanceof Ok(var fresh)
              ? purposes
                  .register(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : purpose.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request,
        limits,
        database,
        purposes::page,
        purpose -> purpose.id().text(),
        PurposesApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return PURPOSE.shown(request, database, purposes::find, PurposesApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(PURPOSE.in(request) instanceof Ok(var id))) {
            return PURPOSE.missing();
          }
          var purpose = read(new Fields(body), id, version);
          return purpose instanceof Ok(var next)
              ? purposes.replace(tx, caller.principal(), next).map(PurposesApi::reply)
              : purpose.refusal();
        });
  }

  private Result<Purpose> read(Fields fields, Id.Purpose id, long version) {
    var words = "dotted lower-case words such as support.triage";
    var name = fields.required("name", words, PurposesApi::words, "");
    var description = fields.textOr("description", "", limits.textMax());
    var owner =
        fields.<Id>required("owner", "the id of a user or a group", Directory::parseOwner, id);
    var legalBasis = fields.textOr("legalBasis", "", limits.textMax());
    var categories = fields.list("dataCategories", words, PurposesApi::words);
    if (categories.size() > CATEGORIES_MAX) {
      fields.wrong("dataCategories has at most " + CATEGORIES_MAX + " items");
    }
    var covers = covers(fields);
    var broader = fields.optional("broader", "the id of a purpose", Id.Purpose::parse);
    var hours = HoursReader.read(fields);
    var expiresAt = fields.instant("expiresAt");
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(
            new Purpose(
                id,
                name,
                description,
                owner,
                legalBasis,
                categories,
                covers,
                broader,
                hours,
                expiresAt,
                version));
  }

  private static List<Coverage> covers(Fields fields) {
    var covers =
        fields.objects("covers").stream()
            .map(one -> coverage(fields, one))
            .flatMap(Optional::stream)
            .toList();
    if (covers.stream().map(Coverage::resource).distinct().count() < covers.size()) {
      fields.wrong("covers names a resource twice");
      return List.of();
    }
    if (Columns.covers(covers).bytes().length > COVERS_BYTES_MAX) {
      fields.wrong("covers takes at most " + COVERS_BYTES_MAX + " bytes");
    }
    return covers;
  }

  private static Optional<Coverage> coverage(Fields outer, Json.Obj body) {
    var fields = new Fields(body);
    var resource = fields.optional("resource", "the id of a resource", Id.Resource::parse);
    var actions =
        fields.list(
            "actions", "the name of an action", text -> Optional.of(text).filter(Action::isName));
    var problem = fields.problem();
    if (problem.isPresent()) {
      outer.wrong("covers: " + problem.get().detail());
      return Optional.empty();
    }
    if (resource.isEmpty() || actions.isEmpty()) {
      outer.wrong("covers: resource and at least one of actions are required");
    }
    return resource.map(id -> new Coverage(id, Scopes.of(actions)));
  }

  private static Optional<String> words(String text) {
    return Optional.of(text).filter(Purpose::isName);
  }

  private static Reply reply(Purpose purpose) {
    return Reply.ok(view(purpose), purpose.version());
  }

  private static Json.Obj view(Purpose purpose) {
    var view =
        Json.object()
            .put("id", purpose.id().text())
            .put("name", purpose.name())
            .put("description", purpose.description())
            .put("owner", purpose.owner().text())
            .put("legalBasis", purpose.legalBasis())
            .put("dataCategories", purpose.dataCategories())
            .put("covers", Columns.covers(purpose.covers()))
            .put("broader", purpose.broader().map(Id.Purpose::text));
    purpose.hours().ifPresent(some -> view.put("hours", HoursReader.json(some)));
    return view.put("expiresAt", purpose.expiresAt().map(Instant::toString)).build();
  }
}
