package io.prokura.decision;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a search asks (AuthZEN Authorization API 1.0 §8): the question of a decision in which one
/// part is open. What the question says in that part's place is not looked at, but for the type of
/// a subject or object and its properties, which hold for all that are found.
///
/// `limit` bounds what one page holds; `from` is where the page before ended.
public record Search(Open open, AccessRequest question, int limit, Optional<Position> from) {

  /// Which part is open.
  public enum Open {
    SUBJECT,
    RESOURCE,
    ACTION;

    /// The word in paths and in the record: `subject`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How far a search has got: the digest of the snapshot it is about, and the key of the last
  /// candidate that was looked at, empty before the first.
  public record Position(String snapshot, String after) {}

  /// One page: what is found, by the ids or names that a decision about it takes; where the next
  /// begins, unless this is the last; and the check that ends the search for every candidate alike,
  /// if one does.
  public record Page(List<String> found, Optional<Position> next, Optional<Ended> ended) {
    public Page {
      found = List.copyOf(found);
    }
  }

  /// Why nothing can be found.
  public record Ended(Reason reason, String detail) {}
}
