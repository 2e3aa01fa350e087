package io.prokura.policy;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.cedar.Policy;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// `/api/v1/policies`: the sets, what was published of them, and the way back.
public final class PoliciesApi {
  /// The greatest number of a snapshot that a request can have.
  static final long NUMBER_MAX = 1L << 52;

  private final Database database;
  private final Changes changes;
  private final PublishedSets sets;
  private final Publishing publishing;
  private final Limits limits;

  public PoliciesApi(
      Database database,
      Changes changes,
      PublishedSets sets,
      Publishing publishing,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.sets = sets;
    this.publishing = publishing;
    this.limits = limits;
  }

  /// Lists the sets with what is live.
  public Result<Response> list(Caller caller, Request request) {
    return Page.answer(
        request,
        limits,
        database,
        (_, after, count) ->
            Arrays.stream(PolicySetName.values())
                .filter(name -> name.word().compareTo(after) > 0)
                .sorted((one, other) -> one.word().compareTo(other.word()))
                .limit(count)
                .toList(),
        PolicySetName::word,
        this::view);
  }

  public Result<Response> get(Caller caller, Request request) {
    return set(request).map(name -> Response.json(200, view(name)));
  }

  private Json.Obj view(PolicySetName name) {
    var live = sets.of(name).current();
    return PolicyViews.set(
        live, name, database.read(tx -> PolicyStore.find(tx, name, live.number())));
  }

  /// Lists what was published, newest first.
  public Result<Response> snapshots(Caller caller, Request request) {
    if (!(set(request) instanceof Ok(var name))) {
      return noSet();
    }
    var page = Page.of(request, limits);
    if (!(page instanceof Ok(var part))) {
      return page.refusal();
    }
    var before = part.before();
    if (!(before instanceof Ok(var number))) {
      return before.refusal();
    }
    var found = database.read(tx -> PolicyStore.page(tx, name, number, part.fetch()));
    return part.response(
        found, one -> String.valueOf(one.number()), one -> PolicyViews.publication(one).build());
  }

  /// Answers one publication with its files.
  public Result<Response> snapshot(Caller caller, Request request) {
    if (!(set(request) instanceof Ok(var name))) {
      return noSet();
    }
    var number = number(request);
    var found = number.flatMap(one -> database.read(tx -> PolicyStore.find(tx, name, one)));
    var sources = number.flatMap(sets.of(name)::sources);
    return found.isEmpty() || sources.isEmpty()
        ? noSnapshot()
        : ok(
            Response.json(
                200,
                PolicyViews.publication(found.get())
                    .put("files", PolicySources.json(sources.get().own()))
                    .put("builtIn", PolicySources.json(sources.get().builtIn()))
                    .build()));
  }

  /// Lists the policies of a snapshot in the order of their ids.
  public Result<Response> policies(Caller caller, Request request) {
    if (!(set(request) instanceof Ok(var name))) {
      return noSet();
    }
    var found = number(request).flatMap(sets.of(name)::snapshot);
    if (found.isEmpty()) {
      return noSnapshot();
    }
    var snapshot = found.get();
    var page = Page.of(request, limits);
    if (!(page instanceof Ok(var part))) {
      return page.refusal();
    }
    int skipped = part.after().matches("[0-9]{1,9}") ? Integer.parseInt(part.after()) : 0;
    List<Numbered> shown = numbered(snapshot).stream().skip(skipped).limit(part.fetch()).toList();
    return part.response(
        shown,
        one -> String.valueOf(one.place()),
        one -> PolicyViews.policy(snapshot, one.policy()));
  }

  /// A policy and which one it is in the order of the ids; ids have characters that no cursor has.
  private record Numbered(int place, Policy policy) {}

  private static List<Numbered> numbered(PolicySnapshot snapshot) {
    var policies =
        snapshot.policies().policies().values().stream()
            .sorted(Comparator.comparing(Policy::id))
            .toList();
    return IntStream.range(0, policies.size())
        .mapToObj(i -> new Numbered(i + 1, policies.get(i)))
        .toList();
  }

  /// Publishes what an earlier number had under the next one.
  public Result<Response> rollback(Caller caller, Request request) {
    // Compiled here, before the transaction; what is wrong with the body is said inside it, where
    // a request that is repeated is recognised.
    var candidate = earlier(request);
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var fields = new Fields(body);
          var note = fields.textOr("note", "", limits.textMax());
          if (fields.numberOr("number", -1, 0, NUMBER_MAX) < 0) {
            fields.wrong("number is required");
          }
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          return candidate instanceof Ok(var ready)
              ? publishing
                  .publish(tx, caller.principal(), ready, note)
                  .map(done -> Reply.created(PolicyViews.publication(done).build(), 0))
              : candidate.refusal();
        });
  }

  private Result<Publishing.Candidate> earlier(Request request) {
    if (!(set(request) instanceof Ok(var name))) {
      return noSet();
    }
    return request.jsonObject() instanceof Ok(var body)
        ? publishing.earlier(name, body.number("number").orElse(-1L))
        : noSnapshot();
  }

  static Result<PolicySetName> set(Request request) {
    return PolicySetName.parse(request.pathParameter("id"))
        .map(Result::ok)
        .orElseGet(PoliciesApi::noSet);
  }

  static <T> Result<T> noSet() {
    return refused(NOT_FOUND, "the sets of policies are organisation and management");
  }

  private static Optional<Long> number(Request request) {
    var text = request.pathParameter("number");
    return text.matches("0|[1-9][0-9]{0,17}")
        ? Optional.of(Long.parseLong(text))
        : Optional.empty();
  }

  private static <T> Result<T> noSnapshot() {
    return refused(NOT_FOUND, "nothing was published under this number");
  }
}
