package io.prokura.access;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.decision.Reach;
import io.prokura.decision.Reach.Access;
import io.prokura.decision.Reaches;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Page;
import io.prokura.policy.PolicySnapshot;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `/api/v1/access`: everything that a principal may do, or everybody who may act on a resource,
/// and by which policies. All pages come from one snapshot of the policies.
///
/// A page ends with the last row of a principal or resource, so it may hold some rows more than its
/// limit; it does a bounded amount of work, so it may also hold none and not be the last.
public final class AccessApi {
  /// Evaluations of a policy that one page takes.
  private static final long WORK_MAX = 400_000;

  private static final int BATCH = 100;

  private final Reaches reaches;
  private final Catalogue catalogue;
  private final Limits limits;

  public AccessApi(Reaches reaches, Catalogue catalogue, Limits limits) {
    this.reaches = reaches;
    this.catalogue = catalogue;
    this.limits = limits;
  }

  /// Lists how far one principal gets everywhere, or how far everybody gets on one resource, those
  /// left out who get nowhere. Refuses `FIELD_INVALID`, also when the policies that the list began
  /// with are no longer kept.
  public Result<Response> list(Caller caller, Request request) {
    var query = request.query();
    var asked = Page.of(request, limits);
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    if (!(asked instanceof Ok(var page))) {
      return asked.refusal();
    }
    var principal = parameters.get("principal");
    var resource = parameters.get("resource");
    if (principal.isPresent() == resource.isPresent()) {
      return refused(FIELD_INVALID, "say either principal or resource");
    }
    if (!(place(page) instanceof Ok(var place))) {
      return place(page).refusal();
    }
    var action = parameters.get("action");
    return principal.isPresent()
        ? ofPrincipal(principal.get(), action, place, page.limit())
        : ofResource(resource.orElseThrow(), action, place, page.limit());
  }

  /// Where a list goes on: in which snapshot, and after which id.
  private record Place(PolicySnapshot snapshot, String after) {}

  private Result<Place> place(Page page) {
    if (page.after().isEmpty()) {
      return ok(new Place(reaches.begin(), ""));
    }
    int split = page.after().indexOf('_');
    if (split < 0) {
      return refused(FIELD_INVALID, "cursor is not one that this server gave");
    }
    return reaches
        .resume(page.after().substring(0, split))
        .map(snapshot -> ok(new Place(snapshot, page.after().substring(split + 1))))
        .orElseGet(
            () -> refused(FIELD_INVALID, "the policies have changed; begin again without cursor"));
  }

  private Result<Response> ofPrincipal(
      String text, Optional<String> action, Place place, int limit) {
    var principal = Id.Principal.parse(text).filter(reaches::isRegistered);
    if (principal.isEmpty()) {
      return refused(FIELD_INVALID, "principal is the id of a user, an agent or a workload");
    }
    var listing = new Listing(place, limit);
    boolean more = true;
    while (more && listing.hasRoom()) {
      var batch = catalogue.resources(listing.after, BATCH + 1);
      more = batch.size() > BATCH;
      for (var resource : batch.subList(0, Math.min(BATCH, batch.size()))) {
        if (!listing.hasRoom()) {
          more = true;
          break;
        }
        listing.add(principal.get(), resource, action, resource.id(), false);
      }
    }
    return ok(listing.response(more));
  }

  private Result<Response> ofResource(
      String text, Optional<String> action, Place place, int limit) {
    var resource = Id.Resource.parse(text).flatMap(catalogue::resource);
    if (resource.isEmpty()) {
      return refused(FIELD_INVALID, "resource is the id of a resource");
    }
    var listing = new Listing(place, limit);
    boolean more = true;
    while (more && listing.hasRoom()) {
      var batch = reaches.principals(listing.after, BATCH + 1);
      more = batch.size() > BATCH;
      for (var principal : batch.subList(0, Math.min(BATCH, batch.size()))) {
        if (!listing.hasRoom()) {
          more = true;
          break;
        }
        listing.add(principal, resource.get(), action, principal, true);
      }
    }
    return ok(listing.response(more));
  }

  /// A page while it is made.
  private final class Listing {
    private final PolicySnapshot snapshot;
    private final int limit;
    private final List<Json> rows = new ArrayList<>();
    private final Map<String, String> texts = new LinkedHashMap<>();
    private String after;
    private long work;

    Listing(Place place, int limit) {
      snapshot = place.snapshot();
      after = place.after();
      this.limit = limit;
    }

    boolean hasRoom() {
      return rows.size() < limit && work < WORK_MAX;
    }

    void add(
        Id.Principal principal,
        Resource resource,
        Optional<String> action,
        Id key,
        boolean onlyWhoGetsSomewhere) {
      after = key.text();
      var all = reaches.of(snapshot, principal, resource);
      work += all.size() * (1L + snapshot.policies().policies().size());
      for (var reach : all) {
        boolean shown =
            action.filter(name -> !name.equals(reach.action().name())).isEmpty()
                && !(onlyWhoGetsSomewhere && reach.access() == Access.DENIED);
        if (shown) {
          rows.add(view(reach));
          reach.policies().forEach(id -> text(principal, id));
          reach.open().forEach(id -> text(principal, id));
        }
      }
    }

    private void text(Id.Principal principal, String policy) {
      if (!texts.containsKey(policy)) {
        reaches.text(snapshot, principal, policy).ifPresent(text -> texts.put(policy, text));
      }
    }

    Response response(boolean more) {
      var policies = Json.object();
      texts.forEach(policies::put);
      var body =
          Json.object()
              .put("items", Json.array(rows))
              .put("snapshot", snapshot.digest())
              .put("policies", policies.build());
      if (more) {
        var cursor = (snapshot.digest() + "_" + after).getBytes(US_ASCII);
        body.put("next", Base64.getUrlEncoder().withoutPadding().encodeToString(cursor));
      }
      return Response.json(200, body.build());
    }
  }

  private static Json.Obj view(Reach reach) {
    return Json.object()
        .put("principal", reach.principal().text())
        .put("resource", reach.resource().id().text())
        .put("identifier", reach.resource().identifier())
        .put("type", reach.type())
        .put("action", reach.action().name())
        .put("mode", reach.onBehalf() ? "onBehalf" : "own")
        .put("access", reach.access().word())
        .put("reason", reach.reason().map(reason -> reason.word()))
        .put("policies", reach.policies())
        .put("open", reach.open())
        .put("purposes", reach.purposes())
        .build();
  }
}
