package io.prokura.decision;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.decision.Candidates.Candidate;
import io.prokura.decision.Search.Ended;
import io.prokura.decision.Search.Open;
import io.prokura.decision.Search.Page;
import io.prokura.decision.Search.Position;
import io.prokura.decision.Step.Denied;
import io.prokura.decision.Step.Passed;
import io.prokura.directory.Directory;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.policy.Policies;
import io.prokura.sql.Database;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Searches for whom, what or which action a decision would allow (AuthZEN Authorization API 1.0
/// §8). Every candidate is decided as the question about it would be, by one snapshot; nothing is
/// sampled. A page looks at a bounded number of candidates, so one may be empty and not the last.
///
/// A search is no decision and spends nothing; each page is on record before it is given.
public final class Searches {
  /// Candidates that one page looks at.
  private static final int LOOKED_AT_MAX = 5_000;

  private static final int BATCH = 500;

  /// Checks whose outcome is the same for every candidate, whichever part is open.
  private static final Set<Reason> ALIKE =
      EnumSet.of(
          Reason.ENFORCER_NOT_ACTIVE,
          Reason.NOT_YOUR_RESOURCE,
          Reason.RESOURCE_AMBIGUOUS,
          Reason.TOKEN_REQUIRED,
          Reason.TOKEN_INVALID,
          Reason.TOKEN_AUDIENCE);

  /// Checks of the subject, which is the same for every candidate unless it is looked for.
  private static final Set<Reason> OF_SUBJECT =
      EnumSet.of(Reason.UNKNOWN_SUBJECT, Reason.PRINCIPAL_NOT_ACTIVE, Reason.PURPOSE_REQUIRED);

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Policies policies;
  private final Inquiries inquiries;
  private final Candidates candidates;
  private final Searched searched = new Searched();
  private final int lookedAtMax;

  public Searches(
      World world,
      Database database,
      AuditLog audit,
      Directory directory,
      Agents agents,
      Catalogue catalogue,
      Policies policies,
      Inquiries inquiries) {
    this(
        world,
        database,
        audit,
        policies,
        inquiries,
        new Candidates(database, directory, agents, catalogue),
        LOOKED_AT_MAX);
  }

  private Searches(
      World world,
      Database database,
      AuditLog audit,
      Policies policies,
      Inquiries inquiries,
      Candidates candidates,
      int lookedAtMax) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.policies = policies;
    this.inquiries = inquiries;
    this.candidates = candidates;
    this.lookedAtMax = lookedAtMax;
  }

  /// The same, with pages that look at no more than `count` candidates.
  Searches lookingAt(int count) {
    return new Searches(world, database, audit, policies, inquiries, candidates, count);
  }

  /// Answers one page of what `enforcer`, which has proven who it is, searches. Returns when it is
  /// on record; throws `Outage` when it cannot be, and where this node may have missed a change.
  /// Refuses `FIELD_INVALID` when the snapshot that the search began in is no longer kept.
  public Result<Page> search(Id.Principal enforcer, Search search) {
    var current = policies.current();
    var in =
        search
            .from()
            .map(position -> searched.resume(position.snapshot(), current))
            .orElseGet(() -> Optional.of(searched.begin(current)));
    if (in.isEmpty()) {
      return refused(
          FIELD_INVALID,
          "the policies have changed since the search began; begin again without page.token");
    }
    var searching = new Searching(enforcer, search, in.get());
    var page = searching.page();
    record(enforcer, search, searching, page);
    return ok(page);
  }

  /// A search while a page of it is answered.
  private final class Searching {
    private final Id.Principal enforcer;
    private final Search search;
    private final Searched.Snapshot in;
    private final Inquiries.Together together = inquiries.together();
    private final List<String> found = new ArrayList<>();
    private String after;
    private int lookedAt;
    private Optional<Target> target = Optional.empty();
    private Grounds grounds = Grounds.NONE;
    private Optional<Ended> ended = Optional.empty();

    Searching(Id.Principal enforcer, Search search, Searched.Snapshot in) {
      this.enforcer = enforcer;
      this.search = search;
      this.in = in;
      after = search.from().map(Position::after).orElse("");
    }

    Page page() {
      if (search.open() == Open.SUBJECT && !search.question().token().isEmpty()) {
        var named = together.inquire(enforcer, ok(search.question()), world.now()).grounds();
        if (named.verified()) {
          candidates.subjects(search.question(), named).forEach(this::look);
          return new Page(found.stream().limit(search.limit()).toList(), Optional.empty(), ended);
        }
      }
      boolean more = true;
      while (more && hasRoom()) {
        var batch = candidates.page(in, enforcer, search, after, BATCH + 1);
        more = batch.size() > BATCH;
        for (var candidate : batch.subList(0, Math.min(BATCH, batch.size()))) {
          if (!hasRoom()) {
            more = true;
            break;
          }
          look(candidate);
        }
      }
      var next = new Position(in.policies().digest(), after);
      return new Page(found, more && ended.isEmpty() ? Optional.of(next) : Optional.empty(), ended);
    }

    private boolean hasRoom() {
      return found.size() < search.limit() && lookedAt < lookedAtMax && ended.isEmpty();
    }

    private void look(Candidate candidate) {
      lookedAt++;
      after = candidate.key();
      var inquiry = inquiries(candidate);
      target = inquiry.target().or(() -> target);
      switch (inquiry.question()) {
        case Passed<Question>(var question) -> {
          grounds = question.grounds();
          if (isAllowed(question)) {
            found.add(candidate.name());
          }
        }
        case Denied<Question>(var reason, var detail, _) -> {
          if (reason == Reason.NOT_CURRENT) {
            throw new Outage("this node may have missed a change");
          }
          if (isAlike(reason)) {
            ended = Optional.of(new Ended(reason, detail));
          }
        }
      }
    }

    private Inquiries.Inquiry inquiries(Candidate candidate) {
      return together.inquire(enforcer, ok(candidate.question()), world.now());
    }

    private boolean isAllowed(Question question) {
      var asked = question.target();
      boolean open =
          search.open() != Open.RESOURCE || candidates.isOf(asked.resource(), asked.object());
      return open
          && Evaluator.evaluate(in.policies(), question).outcome() instanceof Passed<List<String>>;
    }

    private boolean isAlike(Reason reason) {
      return ALIKE.contains(reason)
          || (search.open() != Open.SUBJECT && OF_SUBJECT.contains(reason))
          || (search.open() != Open.ACTION && reason == Reason.UNKNOWN_ACTION);
    }
  }

  /// Who or what was found is no fact of the record: it follows from the registers at that time.
  private void record(Id.Principal enforcer, Search search, Searching searching, Page page) {
    var event =
        searching
            .target
            .map(target -> Event.about("search.made", target.resource().id()))
            .orElseGet(() -> Event.about("search.made", search.open().word()))
            .by(enforcer)
            .word("searched", search.open().word())
            .number("count", page.found().size())
            .number("lookedAt", searching.lookedAt)
            .word("snapshot", searching.in.policies().digest())
            .flag("last", page.next().isEmpty());
    page.ended().ifPresent(ended -> event.word("reason", ended.reason().word()));
    if (search.open() != Open.SUBJECT && !searching.grounds.chain().isEmpty()) {
      event.references("principals", searching.grounds.chain());
      event.word("identity", searching.grounds.verified() ? "verified" : "claimed");
    }
    event.free("asked", asked(search).toText());
    var leaf = audit.leaf(event.build());
    database.inTransaction(tx -> audit.append(tx, leaf));
  }

  private static Json.Obj asked(Search search) {
    var question = search.question();
    var asked =
        Json.object()
            .put("subjectType", question.subject().type())
            .put("resourceType", question.object().type());
    if (search.open() != Open.SUBJECT) {
      asked.put("subject", question.subject().id());
    }
    if (search.open() != Open.ACTION) {
      asked.put("action", question.action().name());
    }
    if (search.open() != Open.RESOURCE) {
      asked.put("resource", question.object().id());
    }
    return asked.build();
  }
}
