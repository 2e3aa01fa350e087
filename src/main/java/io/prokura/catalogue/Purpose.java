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
/// broader one does not cover, and does not outlive it.
public record Purpose(
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
    return covers.stream()
        .filter(one -> one.resource().equals(resource))
        .map(Coverage::actions)
        .findFirst()
        .orElse(Scopes.NONE);
  }

  /// Whether this purpose may still be acted for.
  public boolean isInForce(Instant now) {
    return expiresAt.isEmpty() || now.isBefore(expiresAt.get());
  }

  /// Whether this purpose covers at most what `other` covers and ends no later.
  boolean isWithin(Purpose other) {
    return other.endsNoEarlierThan(this)
        && covers.stream().allMatch(one -> one.actions().within(other.covered(one.resource())));
  }

  private boolean endsNoEarlierThan(Purpose other) {
    return expiresAt.isEmpty()
        || other.expiresAt.map(end -> !end.isAfter(expiresAt.get())).orElse(false);
  }

  Purpose withVersion(long next) {
    return new Purpose(
        id, name, description, owner, legalBasis, dataCategories, covers, broader, expiresAt, next);
  }
}
