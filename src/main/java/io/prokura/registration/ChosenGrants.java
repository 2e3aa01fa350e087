package io.prokura.registration;

import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import java.util.List;
import java.util.Optional;

/// What programs that registered themselves have registered for of the grants that begin without a
/// browser (RFC 7591 §2, `grant_types`).
public final class ChosenGrants {
  private final Database database;

  public ChosenGrants(Database database) {
    this.database = database;
  }

  /// Whether `client` has registered for the grant type `type`; no program that is known by a
  /// document, or not at all, has.
  public boolean cover(Id.Client client, String type) {
    Optional<DynamicClient> found = database.read(tx -> DynamicClientStore.find(tx, client));
    return found
        .flatMap(one -> one.metadata().texts("grant_types"))
        .orElse(List.of())
        .contains(type);
  }
}
