package io.prokura.catalogue;

import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A registered reason to act: who answers for it, what it covers and until when. Its name is
/// dotted lower-case words, unique and never changed: it is what tokens carry. `description` and
/// `legalBasis` may be empty; `dataCategories` are words of the same form as the name.
///
/// `broader` is the purpose this one is registered as narrower than: it covers nothing that the
/// broader one does not cover, and does not outlive it. `hours` are those of the week in which it
/// may be acted for; without any it always may.
public record Purpose(
    Id.Purpose id,
    String name,
    String description,
    Id owner,
    String legalBasis,
    List<String> dataCategories,
    List<Coverage> covers,
    Optional<Id.Purpose> broader,
    Optional<Hours> hours,
    Optional<Instant> expiresAt,
    long version) {
  /// Characters that a name or data category may have.
  public static final int NAME_MAX = 100;

  private static final Pattern NAME =
      Pattern.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*(\\.[a-z][a-z0-9]*([-_][a-z0-9]+)*)*");

  public Purpose {
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a purpose: " + name);
    }
    dataCategories = List.copyOf(dataCategories);
    covers = List.copyOf(covers);
    if (new HashSet<>(covers.stream().map(Coverage::resource).toList()).size() < covers.size()) {
      throw new IllegalArgumentException("one resource is covered twice");
    }
  }

  /// A purpose that may be acted for at all hours.
  public Purpose(
      Id.Purpose id,
      String name,
      String description,
      Id owner,
      String legalBasis,
      List<String> dataCategories,
      List<Coverage> covers,
      Optional<Id.Purpose> broader,
      Optional<Instant> expiresAt,
      long version) {
    this(
        id,
        name,
        description,
        owner,
        legalBasis,
        dataCategories,
        covers,
        broader,
        Optional.empty(),
        expiresAt,
        version);
  }

  /// Whether `text` can be the name of a purpose: dotted lower-case words such as `support.triage`.
  public static boolean isName(String text) {
    return text.length() <= NAME_MAX && NAME.matcher(text).matches();
  }

  /// Whether this purpose covers the action of that name on a resource.
  public boolean covers(Id.Resource resource, String action) {
    return covered(resource).contains(action);
  }

  /// The actions on a resource that this purpose covers.
  public Scopes covered(Id.Resource resource) {
    for (var one : covers) {
      if (one.resource().equals(resource)) {
        return one.actions();
      }
    }
    return Scopes.NONE;
  }

  /// Whether `now` is within its hours; always where it has none.
  public boolean isOpen(Instant now) {
    return hours.isEmpty() || hours.get().contains(now);
  }

  /// The time from which it covers nothing any more, as far as is known at `now`: the end of the
  /// purpose or of the hours that are open.
  public Instant end(Instant now) {
    var end = expiresAt.orElse(Instant.MAX);
    var closes = hours.map(some -> some.until(now)).orElse(Instant.MAX);
    return closes.isBefore(end) ? closes : end;
  }

  /// Whether this purpose has not ended, be it within its hours or not.
  public boolean isInForce(Instant now) {
    return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
  }

  /// Whether this purpose covers at most what `other` covers, at its hours only, and ends no later.
  boolean isWithin(Purpose other) {
    return other.endsNoEarlierThan(this)
        && other.hours.map(some -> hours.filter(own -> own.isWithin(some)).isPresent()).orElse(true)
        && covers.stream().allMatch(one -> one.actions().within(other.covered(one.resource())));
  }

  private boolean endsNoEarlierThan(Purpose other) {
    return expiresAt.isEmpty()
        || other.expiresAt.map(end -> !end.isAfter(expiresAt.get())).orElse(false);
  }

  Purpose withVersion(long next) {
    return new Purpose(
        id,
        name,
        description,
        owner,
        legalBasis,
        dataCategories,
        covers,
        broader,
        hours,
        expiresAt,
        next);
  }
}
