package io.prokura.decision;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.decision.Replay.Flip;
import io.prokura.decision.Replay.Part;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.policy.PolicyDrafts;
import io.prokura.policy.PolicySetName;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.Publishing;
import io.prokura.sql.Database;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a draft of the organisation's policies would have changed, over the management API.
public final class ReplayApi {
  private final Database database;
  private final PolicyDrafts drafts;
  private final Publishing publishing;
  private final Replay replay;

  public ReplayApi(Database database, PolicyDrafts drafts, Publishing publishing, Replay replay) {
    this.database = database;
    this.drafts = drafts;
    this.publishing = publishing;
    this.replay = replay;
  }

  /// Replays one part of the record, from `from` (a time) or after `after` (the `next` of the part
  /// before), up to `until`, at most `entries` of them, against the draft.
  public Result<Response> replay(Caller caller, Request request) {
    var query = request.query();
    if (!(query instanceof Ok(var parameters))) {
      return query.refusal();
    }
    if (!request.pathParameter("id").equals(PolicySetName.ORGANISATION.word())) {
      return refused(NOT_FOUND, "decisions are made by the policies of the organisation");
    }
    var draft =
        Id.Draft.parse(request.pathParameter("draft"))
            .flatMap(id -> database.read(tx -> drafts.find(tx, PolicySetName.ORGANISATION, id)));
    if (draft.isEmpty()) {
      return refused(NOT_FOUND, "there is no such draft");
    }
    var until = time(parameters, "until");
    if (!(until instanceof Ok(var end))) {
      return until.refusal();
    }
    var after = after(parameters);
    if (!(after instanceof Ok(var start))) {
      return after.refusal();
    }
    var entries = parameters.get("entries").orElse(String.valueOf(Replay.PART_MAX));
    if (!entries.matches("[1-9][0-9]{0,4}") || Integer.parseInt(entries) > Replay.PART_MAX) {
      return refused(FIELD_INVALID, "entries is a number from 1 to " + Replay.PART_MAX);
    }
    int count = Integer.parseInt(entries);
    return publishing
        .compile(draft.get())
        .map(candidate -> part(candidate, start, end.orElse(Instant.MAX), count));
  }

  private Response part(PolicySnapshot candidate, long after, Instant until, int count) {
    var part = replay.part(candidate, after, until, count);
    return Response.json(200, view(part));
  }

  private Result<Long> after(Form parameters) {
    var after = parameters.get("after");
    if (after.isPresent()) {
      return after.get().matches("[0-9]{1,18}")
          ? ok(Long.parseLong(after.get()))
          : refused(FIELD_INVALID, "after is the next of an earlier part");
    }
    return time(parameters, "from").map(from -> from.map(replay::start).orElse(0L));
  }

  private static Result<Optional<Instant>> time(Form parameters, String name) {
    try {
      return ok(parameters.get(name).map(Instant::parse));
    } catch (DateTimeParseException e) {
      return refused(FIELD_INVALID, name + " is a time such as 2030-01-31T09:30:00Z");
    }
  }

  private static Json.Obj view(Part part) {
    var view =
        Json.object()
            .put("unchanged", part.unchanged())
            .put("unasked", part.unasked())
            .put("unknown", part.unknown())
            .put("flipped", part.flips().size())
            .put("flips", new Json.Arr(part.flips().stream().<Json>map(ReplayApi::view).toList()))
            .put("groups", groups(part.flips()));
    part.reached().ifPresent(at -> view.put("reached", at.toString()));
    if (part.more()) {
      view.put("next", String.valueOf(part.next()));
    }
    return view.build();
  }

  private static Json view(Flip flip) {
    var was = flip.was();
    return Json.object()
        .put("decision", was.id().text())
        .put("item", was.item())
        .put("at", was.at().toString())
        .put("principals", was.principals())
        .put("resource", was.resource().map(Id::text))
        .put("action", was.action())
        .put("was", was.reason())
        .put("would", flip.reason())
        .put("allowed", flip.allowed())
        .put("policies", Replay.policies(flip))
        .build();
  }

  /// How many flips there are for each current actor, resource and policy.
  private static Json.Obj groups(List<Flip> flips) {
    var actors = new TreeMap<String, Long>();
    var resources = new TreeMap<String, Long>();
    var policies = new TreeMap<String, Long>();
    for (var flip : flips) {
      flip.was().principals().stream()
          .findFirst()
          .ifPresent(one -> actors.merge(one, 1L, Long::sum));
      flip.was().resource().ifPresent(one -> resources.merge(one.text(), 1L, Long::sum));
      Replay.policies(flip).forEach(one -> policies.merge(one, 1L, Long::sum));
    }
    return Json.object()
        .put("actors", counts(actors))
        .put("resources", counts(resources))
        .put("policies", counts(policies))
        .build();
  }

  private static Json.Obj counts(Map<String, Long> counts) {
    var json = Json.object();
    counts.forEach(json::put);
    return json.build();
  }
}
