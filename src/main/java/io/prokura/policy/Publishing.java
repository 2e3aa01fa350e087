package io.prokura.policy;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.POLICIES_INVALID;
import static io.prokura.kernel.Refusal.POLICIES_LOCK_OUT;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.SECOND_PERSON_REQUIRED;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Publishes policies and rolls them back. Everything that takes time, compilation and checks, is
/// done for a [Candidate] before the transaction; the transaction only writes, so that decisions
/// and other writers go on.
public final class Publishing {
  /// After a restore numbers go on in the next million, far behind whatever the lost database has
  /// published, so that a number on record stands for one text.
  private static final long RANGE = 1_000_000;

  private final World world;
  private final Feed feed;
  private final AuditLog audit;
  private final PublishedSets sets;
  private final ManagementFloor floor;
  private final Review review;
  private final CandidateCheck check;

  /// Who may publish a draft.
  public enum Review {
    /// Whoever may publish at all.
    NONE,
    /// Only somebody who wrote nothing in it.
    SECOND_PERSON
  }

  public Publishing(
      World world,
      Feed feed,
      AuditLog audit,
      PublishedSets sets,
      ManagementFloor floor,
      Review review,
      CandidateCheck check) {
    this.world = world;
    this.feed = feed;
    this.audit = audit;
    this.sets = sets;
    this.floor = floor;
    this.review = review;
    this.check = check;
  }

  /// Compiled and checked policies that can be published while `base` is live. Only this class
  /// makes them.
  public static final class Candidate {
    private final PolicySetName set;
    private final PolicySnapshot snapshot;
    private final long base;
    private final Optional<PolicyDraft> draft;
    private final Optional<Long> restores;

    private Candidate(
        PolicySetName set,
        PolicySnapshot snapshot,
        long base,
        Optional<PolicyDraft> draft,
        Optional<Long> restores) {
      this.set = set;
      this.snapshot = snapshot;
      this.base = base;
      this.draft = draft;
      this.restores = restores;
    }
  }

  /// What publishing a draft would find wrong with it.
  public record Verdict(List<String> findings, List<String> warnings) {
    public Verdict {
      findings = List.copyOf(findings);
      warnings = List.copyOf(warnings);
    }
  }

  /// Everything but who publishes it that keeps a draft from being published.
  public Verdict verdict(PolicyDraft draft) {
    try {
      var snapshot = compiled(draft);
      var findings = new ArrayList<>(check.findings(snapshot));
      lockOut(draft.set(), snapshot).ifPresent(findings::add);
      return new Verdict(findings, snapshot.warnings());
    } catch (InvalidPolicies e) {
      return new Verdict(e.findings(), List.of());
    }
  }

  /// What the check of candidates finds wrong with policies that the server begins with.
  List<String> findings(PolicySnapshot first) {
    return check.findings(first);
  }

  /// The draft as a snapshot to try, under the live number; refuses `POLICIES_INVALID`.
  public Result<PolicySnapshot> compile(PolicyDraft draft) {
    try {
      return ok(compiled(draft));
    } catch (InvalidPolicies e) {
      return invalid(e.findings());
    }
  }

  private PolicySnapshot compiled(PolicyDraft draft) {
    var set = sets.of(draft.set());
    return set.compile(draft.sources(), set.current().number());
  }

  private Optional<String> lockOut(PolicySetName set, PolicySnapshot snapshot) {
    return set == PolicySetName.MANAGEMENT ? floor.broken(snapshot) : Optional.empty();
  }

  /// The draft, compiled and checked; refuses `POLICIES_INVALID` and `POLICIES_LOCK_OUT`.
  public Result<Candidate> candidate(PolicyDraft draft) {
    try {
      var snapshot = compiled(draft);
      var findings = check.findings(snapshot);
      return findings.isEmpty()
          ? checked(draft.set(), snapshot, draft.base(), Optional.of(draft), Optional.empty())
          : invalid(findings);
    } catch (InvalidPolicies e) {
      return invalid(e.findings());
    }
  }

  /// What was published under an earlier number, on what this program brings along now; refuses
  /// `NOT_FOUND`, `POLICIES_INVALID` and `POLICIES_LOCK_OUT`. Number 0 is what decided before
  /// anything was published.
  public Result<Candidate> earlier(PolicySetName name, long number) {
    var set = sets.of(name);
    var stored = number == 0 ? Optional.of(PolicySources.unpublished(name)) : set.sources(number);
    if (stored.isEmpty()) {
      return refused(NOT_FOUND, "nothing was published under this number");
    }
    long base = set.current().number();
    try {
      var sources = PolicySources.of(name, stored.get().own());
      var snapshot = set.compile(sources, base);
      return checked(name, snapshot, base, Optional.empty(), Optional.of(number));
    } catch (InvalidPolicies e) {
      return invalid(e.findings());
    }
  }

  private Result<Candidate> checked(
      PolicySetName set,
      PolicySnapshot snapshot,
      long base,
      Optional<PolicyDraft> draft,
      Optional<Long> restores) {
    var lockOut = lockOut(set, snapshot);
    return lockOut.isPresent()
        ? refused(POLICIES_LOCK_OUT, lockOut.get())
        : ok(new Candidate(set, snapshot, base, draft, restores));
  }

  private static <T> Result<T> invalid(List<String> findings) {
    int more = findings.size() - 1;
    return refused(
        POLICIES_INVALID,
        findings.getFirst() + (more == 0 ? "" : " (and " + more + " more; see the draft)"));
  }

  /// Publishes in `tx` under the next number, which is never one that a database lost in a restore
  /// may have given out. A draft is gone afterwards. Refuses
  /// `PRECONDITION_STALE` when the draft has changed, or something else is live than it was based
  /// on; `SECOND_PERSON_REQUIRED`; and `STATE_CONFLICT` when it is what is live already.
  public Result<Publication> publish(Tx tx, Id.Principal by, Candidate candidate, String note) {
    var live = PolicyStore.live(tx, candidate.set);
    if (live.map(PolicyStore.Head::number).orElse(0L) != candidate.base) {
      return overtaken(candidate);
    }
    var authors = candidate.draft.map(PolicyDraft::authors).orElse(List.of());
    if (candidate.draft.isPresent()) {
      if (review == Review.SECOND_PERSON && authors.contains(by)) {
        return refused(SECOND_PERSON_REQUIRED, "who wrote in a draft does not publish it");
      }
      var draft = candidate.draft.get();
      if (!PolicyStore.delete(tx, draft.id(), draft.version())) {
        return PolicyDrafts.stale();
      }
    }
    if (live.filter(one -> one.digest().equals(candidate.snapshot.digest())).isPresent()) {
      return refused(STATE_CONFLICT, "these policies are live already");
    }
    return write(tx, Optional.of(by), candidate, authors, note);
  }

  /// Publishes what the server itself decided on at its start; nothing when another node was first.
  void publishOwn(Tx tx, PolicySnapshot snapshot, PolicySetName set, long base, String note) {
    var candidate = new Candidate(set, snapshot, base, Optional.empty(), Optional.empty());
    if (PolicyStore.live(tx, set).map(PolicyStore.Head::number).orElse(0L) == base) {
      var written = write(tx, Optional.empty(), candidate, List.of(), note);
      if (!(written instanceof Ok)) {
        throw new IllegalStateException("not published: " + written);
      }
    }
  }

  private Result<Publication> write(
      Tx tx,
      Optional<Id.Principal> by,
      Candidate candidate,
      List<Id.Principal> authors,
      String note) {
    long range = Feed.range(feed.publish(tx, PublishedSet.CHANGED, candidate.set.word()));
    var publication =
        new Publication(
            candidate.set,
            Math.max(candidate.base, range * RANGE) + 1,
            candidate.snapshot.digest(),
            candidate.base,
            candidate.restores,
            authors,
            by,
            world.now(),
            note);
    if (!PolicyStore.insert(tx, publication, candidate.snapshot.sources().toJson().toText())) {
      return overtaken(candidate);
    }
    audit.append(tx, event(publication, candidate).build());
    return ok(publication);
  }

  /// A rollback says nothing of what it goes back from, so nothing it said is stale.
  private static <T> Result<T> overtaken(Candidate candidate) {
    return refused(
        candidate.draft.isPresent() ? PRECONDITION_STALE : STATE_CONFLICT,
        "other policies were published in the meantime");
  }

  private static Event.Builder event(Publication publication, Candidate candidate) {
    var type = publication.restores().isPresent() ? "policies.rolled-back" : "policies.published";
    var event =
        Event.about(type, publication.set().word())
            .reference("by", publication.by())
            .number("number", publication.number())
            .word("digest", publication.digest())
            .number("base", publication.base())
            .reference("draft", candidate.draft.map(PolicyDraft::id))
            .references("authors", publication.authors())
            .free("note", publication.note());
    publication.restores().ifPresent(number -> event.number("restores", number));
    return event;
  }
}
