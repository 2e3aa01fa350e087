package io.prokura.policy;

import io.prokura.kernel.Id;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Policies that are being written, whatever state they are in: `files` are all that the set would
/// have, in the order of their names. `base` is the number that was live when it was begun and must
/// be live still when it is published. `authors` are all who have written in it.
public record PolicyDraft(
    Id.Draft id,
    PolicySetName set,
    long base,
    String note,
    List<SourceFile> files,
    List<Id.Principal> authors,
    Instant changedAt,
    long version) {

  public PolicyDraft {
    files = files.stream().sorted(Comparator.comparing(SourceFile::name)).toList();
    authors = List.copyOf(authors);
  }

  /// The sources that would be published, with what this program brings along.
  public PolicySources sources() {
    return PolicySources.of(set, files);
  }

  /// How many characters its files have together.
  long length() {
    return files.stream().mapToLong(file -> file.text().length()).sum();
  }

  Optional<SourceFile> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /// The next version, with other files, written by `author`.
  PolicyDraft changed(List<SourceFile> next, Id.Principal author, Instant now) {
    var all = new ArrayList<>(authors);
    if (!all.contains(author)) {
      all.add(author);
    }
    return new PolicyDraft(id, set, base, note, next, all, now, version + 1);
  }
}
