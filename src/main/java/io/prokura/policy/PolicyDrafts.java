package io.prokura.policy;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.cedar.PolicySet;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Writes drafts. A draft may hold anything, valid or not: whether it can be published is found out
/// when it is looked at and once more when it is published, never remembered.
public final class PolicyDrafts {
  /// How many drafts a set may have at once.
  public static final int DRAFTS_MAX = 100;

  /// How many characters the files of a draft may have together.
  public static final int LENGTH_MAX = 8 << 20;

  private final World world;
  private final AuditLog audit;
  private final JsonReader json = new JsonReader(Limits.standard());

  public PolicyDrafts(World world, AuditLog audit) {
    this.world = world;
    this.audit = audit;
  }

  /// A change of a draft's files: those to remove, then those to write, then texts to add at the
  /// end of a file, so that a file larger than a request arrives in parts.
  public record Edit(List<String> remove, List<SourceFile> put, List<SourceFile> append) {
    public Edit {
      remove = List.copyOf(remove);
      put = List.copyOf(put);
      append = List.copyOf(append);
    }
  }

  /// Begins a draft; refuses `STATE_CONFLICT` when there are [#DRAFTS_MAX], and `FIELD_INVALID` for
  /// files that a set can't have.
  public Result<PolicyDraft> begin(
      Tx tx, Id.Principal by, PolicySetName set, long base, String note, List<SourceFile> files) {
    if (PolicyStore.drafts(tx, set) >= DRAFTS_MAX) {
      return refused(STATE_CONFLICT, "there are " + DRAFTS_MAX + " drafts; discard one");
    }
    var draft =
        new PolicyDraft(
            Id.Draft.random(world), set, base, note, files, List.of(by), world.now(), 1);
    var problem = problem(draft);
    if (problem.isPresent()) {
      return refused(FIELD_INVALID, problem.get());
    }
    PolicyStore.insert(tx, draft);
    audit.append(tx, event("policies.draft.begun", draft, by).free("note", note).build());
    return ok(draft);
  }

  /// Changes the files of the version `version`; refuses `NOT_FOUND`, `PRECONDITION_STALE`, and
  /// `FIELD_INVALID` for files that a set can't have.
  public Result<PolicyDraft> edit(
      Tx tx, Id.Principal by, PolicySetName set, Id.Draft id, long version, Edit edit) {
    var found = PolicyStore.draft(tx, json, set, id);
    if (found.isEmpty()) {
      return unknown();
    }
    if (found.get().version() != version) {
      return stale();
    }
    var draft = found.get().changed(edited(found.get().files(), edit), by, world.now());
    var problem = problem(draft);
    if (problem.isPresent()) {
      return refused(FIELD_INVALID, problem.get());
    }
    if (!PolicyStore.update(tx, draft)) {
      return stale();
    }
    audit.append(tx, event("policies.draft.changed", draft, by).build());
    return ok(draft);
  }

  private static List<SourceFile> edited(List<SourceFile> before, Edit edit) {
    var files = new ArrayList<>(before);
    files.removeIf(file -> edit.remove.contains(file.name()));
    for (var next : edit.put) {
      files.removeIf(file -> file.name().equals(next.name()));
      files.add(next);
    }
    for (var more : edit.append) {
      var old = files.stream().filter(file -> file.name().equals(more.name())).findFirst();
      old.ifPresent(files::remove);
      var start = old.map(SourceFile::text).orElse("");
      files.add(new SourceFile(more.name(), start + more.text()));
    }
    return files;
  }

  private static Optional<String> problem(PolicyDraft draft) {
    var files = draft.files();
    if (files.size() > SourceFile.FILES_MAX) {
      return Optional.of("a set has at most " + SourceFile.FILES_MAX + " files");
    }
    if (draft.length() > LENGTH_MAX) {
      return Optional.of("a set has at most " + LENGTH_MAX + " characters");
    }
    for (var file : files) {
      if (file.text().length() > PolicySet.TEXT_LENGTH_MAX) {
        return Optional.of("a file has at most " + PolicySet.TEXT_LENGTH_MAX + " characters");
      }
    }
    return files.stream().map(SourceFile::name).distinct().count() < files.size()
        ? Optional.of("two files have one name")
        : Optional.empty();
  }

  /// Throws the draft away; refuses `NOT_FOUND` and `PRECONDITION_STALE`.
  public Result<PolicyDraft> discard(
      Tx tx, Id.Principal by, PolicySetName set, Id.Draft id, long version) {
    var found = PolicyStore.draft(tx, json, set, id);
    if (found.isEmpty()) {
      return unknown();
    }
    if (!PolicyStore.delete(tx, id, version)) {
      return stale();
    }
    audit.append(tx, event("policies.draft.discarded", found.get(), by).build());
    return ok(found.get());
  }

  public Optional<PolicyDraft> find(Tx tx, PolicySetName set, Id.Draft id) {
    return PolicyStore.draft(tx, json, set, id);
  }

  /// At most `count` drafts in the order of their ids, from the one after the text `after`; their
  /// files are left out.
  public List<PolicyDraft> page(Tx tx, PolicySetName set, String after, int count) {
    return PolicyStore.drafts(tx, json, set, after, count);
  }

  private static Event.Builder event(String type, PolicyDraft draft, Id.Principal by) {
    return Event.about(type, draft.id())
        .by(by)
        .word("set", draft.set().word())
        .number("base", draft.base())
        .word("digest", draft.sources().digest())
        .number("version", draft.version());
  }

  static <T> Result<T> unknown() {
    return refused(NOT_FOUND, "there is no such draft");
  }

  static <T> Result<T> stale() {
    return refused(PRECONDITION_STALE, "the draft has changed since that version");
  }
}
