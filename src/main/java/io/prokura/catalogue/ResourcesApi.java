package io.prokura.catalogue;

import static io.prokura.kernel.Result.ok;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.util.List;
import java.util.Optional;

/// `/api/v1/resources`: the protected APIs and MCP servers.
public final class ResourcesApi {
  private static final String ALGORITHM = "accessTokenSigningAlg";
  private static final Named<Id.Resource> RESOURCE = new Named<>(Id.Resource::parse, "resource");

  /// Bytes that what is recorded of the actions may take, so that the entry keeps its bound.
  private static final int ACTIONS_BYTES_MAX = 40_000;

  private final Database database;
  private final Changes changes;
  private final Resources resources;
  private final World world;
  private final Limits limits;

  public ResourcesApi(
      Database database, Changes changes, Resources resources, World world, Limits limits) {
    this.database = database;
    this.changes = changes;
    this.resources = resources;
    this.world = world;
    this.limits = limits;
  }

  public Result<Response> register(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var resource = read(new Fields(body), Id.Resource.random(world), 1);
          return resource instanceof Ok(var fresh)
              ? resources
                  .register(tx, caller.principal(), fresh)
                  .map(done -> Reply.created(view(done), done.version()))
              : resource.refusal();
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request,
        limits,
        database,
        resources::page,
        resource -> resource.id().text(),
        ResourcesApi::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return RESOURCE.shown(request, database, resources::find, ResourcesApi::reply);
  }

  public Result<Response> replace(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(RESOURCE.in(request) instanceof Ok(var id))) {
            return RESOURCE.missing();
          }
          var resource = read(new Fields(body), id, version);
          return resource instanceof Ok(var next)
              ? resources.replace(tx, caller.principal(), next).map(ResourcesApi::reply)
              : resource.refusal();
        });
  }

  private Result<Resource> read(Fields fields, Id.Resource id, long version) {
    var identifier =
        fields.required(
            "identifier",
            "an absolute URI without fragment, user and dot segments",
            ResourceIdentifier::normalised,
            "");
    var name = fields.text("name", limits.nameMax());
    var types =
        atMost(
            fields,
            "types",
            fields.list("types", "an entity type that is not this server's own", this::type));
    var actions = actions(fields);
    boolean agentFacing = fields.flagOr("agentFacing", true);
    var rights =
        fields
            .optional("personRights", "checked or held", PersonRights::parse)
            .orElse(PersonRights.CHECKED);
    var algorithm =
        fields.optional(ALGORITHM, Algorithm.CHOICE, Algorithm::signing).orElse(Algorithm.ES256);
    var enforcers =
        atMost(
            fields,
            "enforcers",
            fields.list("enforcers", "the id of a workload", Id.Workload::parse));
    var asserts =
        atMost(
            fields,
            "asserts",
            fields.list("asserts", "a property such as resource.status", this::property));
    var problem = fields.problem();
    return problem.isPresent()
        ? problem.get().refusal()
        : ok(
            new Resource(
                id,
                identifier,
                name,
                types,
                actions,
                agentFacing,
                rights,
                algorithm,
                enforcers,
                asserts,
                version));
  }

  private List<Action> actions(Fields fields) {
    var actions = fields.objects("actions").stream().map(one -> action(fields, one)).toList();
    var found = actions.stream().flatMap(Optional::stream).toList();
    if (found.stream().map(Action::name).distinct().count() < found.size()) {
      fields.wrong("actions has two of one name");
      return List.of();
    }
    if (Resources.facts(found).bytes().length > ACTIONS_BYTES_MAX) {
      fields.wrong("actions without their descriptions take at most 40000 bytes");
    }
    return found;
  }

  private Optional<Action> action(Fields outer, Json.Obj body) {
    var fields = new Fields(body);
    var name =
        fields.required(
            "name",
            "a scope of at most " + Action.NAME_MAX + " characters, not one of OpenID Connect",
            text -> Optional.of(text).filter(Action::isName),
            "");
    var sensitivity =
        fields.required("sensitivity", "low, medium or high", Sensitivity::parse, Sensitivity.HIGH);
    fields.flagOr("reversible", false);
    var description = fields.textOr("description", "", limits.textMax());
    var identifiedBy =
        fields.list(
            "identifiedBy",
            "the name of an argument",
            text -> Optional.of(text).filter(Action::isArgument));
    if (identifiedBy.size() > Action.ARGUMENTS_MAX) {
      fields.wrong("identifiedBy has at most " + Action.ARGUMENTS_MAX + " items");
    }
    var problem = fields.problem();
    if (problem.isPresent()) {
      outer.wrong("actions: " + problem.get().detail());
      return Optional.empty();
    }
    var reversibility = Reversibility.read(body);
    return Optional.of(new Action(name, sensitivity, reversibility, description, identifiedBy));
  }

  private static <T> List<T> atMost(Fields fields, String name, List<T> items) {
    if (items.size() > Resource.ITEMS_MAX) {
      fields.wrong(name + " has at most " + Resource.ITEMS_MAX + " items");
    }
    return items;
  }

  private Optional<String> type(String text) {
    return Optional.of(text).filter(TypeName::isTypeName);
  }

  private Optional<String> property(String text) {
    return Optional.of(text).filter(Resource::isProperty);
  }

  private static Reply reply(Resource resource) {
    return Reply.ok(view(resource), resource.version());
  }

  private static Json.Obj view(Resource resource) {
    return Json.object()
        .put("id", resource.id().text())
        .put("identifier", resource.identifier())
        .put("name", resource.name())
        .put("types", resource.types())
        .put("actions", Columns.actions(resource.actions()))
        .put("agentFacing", resource.agentFacing())
        .put("personRights", resource.personRights().word())
        .put(ALGORITHM, resource.tokenAlgorithm().label())
        .put("enforcers", resource.enforcers().stream().map(Id.Workload::text).toList())
        .put("asserts", resource.asserts())
        .build();
  }
}
