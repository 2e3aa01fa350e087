package io.prokura.policy;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `/api/v1/policies/{id}/drafts`: policies that are being written, up to their publication.
public final class PolicyDraftsApi {
  private final Database database;
  private final Changes changes;
  private final PublishedSets sets;
  private final PolicyDrafts drafts;
  private final Publishing publishing;
  private final Limits limits;

  public PolicyDraftsApi(
      Database database,
      Changes changes,
      PublishedSets sets,
      PolicyDrafts drafts,
      Publishing publishing,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.sets = sets;
    this.drafts = drafts;
    this.publishing = publishing;
    this.limits = limits;
  }

  /// Begins a draft on what is live, with its files unless the body has others.
  public Result<Response> begin(Caller caller, Request request) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var fields = new Fields(body);
          var note = fields.textOr("note", "", limits.textMax());
          long base = fields.numberOr("base", -1, 0, PoliciesApi.NUMBER_MAX);
          var given = files(fields, "files");
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          if (!(PoliciesApi.set(request) instanceof Ok(var set))) {
            return PoliciesApi.noSet();
          }
          var live = sets.of(set).current();
          var files = body.get("files").isPresent() ? given : live.sources().own();
          return drafts
              .begin(tx, caller.principal(), set, base < 0 ? live.number() : base, note, files)
              .map(done -> Reply.created(PolicyViews.draft(done).build(), done.version()));
        });
  }

  public Result<Response> list(Caller caller, Request request) {
    return PoliciesApi.set(request) instanceof Ok(var set)
        ? Page.answer(
            request,
            limits,
            database,
            (tx, after, count) -> drafts.page(tx, set, after, count),
            draft -> draft.id().text(),
            draft -> PolicyViews.draft(draft).build())
        : PoliciesApi.noSet();
  }

  /// Answers a draft with its files and everything that keeps it from being published.
  public Result<Response> get(Caller caller, Request request) {
    return draft(request)
        .map(
            draft ->
                Reply.ok(PolicyViews.draft(draft, publishing.verdict(draft)), draft.version())
                    .response());
  }

  /// Answers how a draft differs from what is live.
  public Result<Response> diff(Caller caller, Request request) {
    return draft(request).map(this::diff);
  }

  private Response diff(PolicyDraft draft) {
    var set = sets.of(draft.set());
    var live = set.current();
    Optional<PolicySnapshot> compiled;
    try {
      compiled = Optional.of(set.compile(draft.sources(), live.number()));
    } catch (InvalidPolicies _) {
      compiled = Optional.empty();
    }
    var diff = PolicyDiff.of(live, draft.sources(), compiled);
    return Response.json(
        200,
        Json.object()
            .put("live", live.number())
            .put("base", draft.base())
            .putAll(diff.view().members())
            .build());
  }

  /// Changes the files of a draft.
  public Result<Response> edit(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          if (!(named(request) instanceof Ok(var named))) {
            return PolicyDrafts.unknown();
          }
          var fields = new Fields(body);
          var edit =
              new PolicyDrafts.Edit(
                  fields.list(
                      "remove",
                      "the name of a file",
                      name -> Optional.of(name).filter(SourceFile::isName)),
                  files(fields, "put"),
                  files(fields, "append"));
          var problem = fields.problem();
          return problem.isPresent()
              ? problem.get().refusal()
              : drafts
                  .edit(tx, caller.principal(), named.set, named.draft, version, edit)
                  .map(done -> Reply.ok(PolicyViews.draft(done).build(), done.version()));
        });
  }

  /// Throws a draft away.
  public Result<Response> discard(Caller caller, Request request) {
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          var problem = new Fields(body).problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          return named(request) instanceof Ok(var named)
              ? drafts
                  .discard(tx, caller.principal(), named.set, named.draft, version)
                  .map(done -> Reply.ok(PolicyViews.draft(done).build(), 0))
              : PolicyDrafts.unknown();
        });
  }

  /// Publishes the version of a draft that `If-Match` names.
  public Result<Response> publish(Caller caller, Request request) {
    // Compiled here, before the transaction. A request that is repeated finds the draft gone and is
    // still answered as the first time.
    var found = draft(request);
    var candidate =
        found instanceof Ok(var draft)
            ? publishing.candidate(draft)
            : found.<Publishing.Candidate>refusal();
    return changes.applyVersioned(
        caller,
        request,
        (tx, body, version) -> {
          var fields = new Fields(body);
          var note = fields.textOr("note", "", limits.textMax());
          var problem = fields.problem();
          if (problem.isPresent()) {
            return problem.get().refusal();
          }
          if (found instanceof Ok(var draft) && draft.version() != version) {
            return PolicyDrafts.stale();
          }
          if (!(candidate instanceof Ok(var ready))) {
            return candidate.refusal();
          }
          return publishing
              .publish(tx, caller.principal(), ready, note)
              .map(done -> Reply.created(PolicyViews.publication(done).build(), 0));
        });
  }

  private record Named(PolicySetName set, Id.Draft draft) {}

  private static Result<Named> named(Request request) {
    var set = PolicySetName.parse(request.pathParameter("id"));
    var draft = Id.Draft.parse(request.pathParameter("draft"));
    return set.isPresent() && draft.isPresent()
        ? ok(new Named(set.get(), draft.get()))
        : PolicyDrafts.unknown();
  }

  private Result<PolicyDraft> draft(Request request) {
    if (!(named(request) instanceof Ok(var named))) {
      return PolicyDrafts.unknown();
    }
    return database
        .read(tx -> drafts.find(tx, named.set, named.draft))
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such draft"));
  }

  private static boolean isText(String text) {
    return text.chars()
        .noneMatch(c -> (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f);
  }

  /// The files in a member of the body; the text of one may be empty.
  private static List<SourceFile> files(Fields fields, String member) {
    var files = new ArrayList<SourceFile>();
    for (var one : fields.objects(member)) {
      var name = one.text("name").filter(SourceFile::isName);
      var text = one.text("text").filter(PolicyDraftsApi::isText);
      if (name.isEmpty() || text.isEmpty() || one.members().size() != 2) {
        fields.wrong(
            member
                + " has objects with name, of a file *.cedar, schema.cedarschema, entities.json or"
                + " tests.yaml, and text");
        return List.of();
      }
      files.add(new SourceFile(name.get(), text.get()));
    }
    return files;
  }
}
