package io.prokura.sessions;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import java.util.List;
import java.util.Optional;

/// The account at a trusted issuer by which somebody signed in. What rests on that ends when the
/// issuer is believed no more, and when the account is linked to them no more.
public record LinkedAccount(Id.Issuer issuer, Id.Link link) {
  /// That of two columns, which are empty together.
  public static Optional<LinkedAccount> of(Optional<String> issuer, Optional<String> link) {
    return issuer.flatMap(
        one -> link.map(two -> new LinkedAccount(new Id.Issuer(one), new Id.Link(two))));
  }

  /// `lineage` and, where there is an account, what it rests on.
  public static Lineage rest(Lineage lineage, Optional<LinkedAccount> account) {
    return account.map(one -> lineage.with(List.of(one.issuer(), one.link()))).orElse(lineage);
  }
}
