package io.prokura.authorize;

import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Scopes;
import io.prokura.sessions.LinkedAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What came of one authorization request: what its code and its refresh tokens stand for.
///
/// @param consent what the person allowed; nothing where they were not asked
/// @param session in which it was granted; the grant ends with it unless it is `offline`
/// @param account the account elsewhere by which that session began; the grant ends with it also
///     where it is `offline`
/// @param actor the agent that acts for the person, by `delegation`
/// @param resource the identifier of the resource
/// @param identity the scopes about the person
/// @param authTime when the person had proved who they are
/// @param checked the newest cut-off that was known
/// @param keyThumbprint the key that the refresh tokens are bound to, if any
/// @param claims what is told of the person besides what `identity` and `scopes` cover
public record Grant(
    Id.Grant id,
    String clientId,
    Id.User user,
    Optional<Id.Consent> consent,
    Id.Session session,
    boolean offline,
    Optional<LinkedAccount> account,
    Optional<Id.Agent> actor,
    Optional<Id.Delegation> delegation,
    String resource,
    Scopes scopes,
    Scopes identity,
    String acr,
    List<String> amr,
    Instant authTime,
    long checked,
    Instant createdAt,
    Instant expiresAt,
    Optional<String> keyThumbprint,
    ClaimsRequest claims) {

  public Grant {
    amr = List.copyOf(amr);
  }

  /// Everything whose end ends this grant.
  public Lineage lineage(String issuer) {
    var ids = new ArrayList<Id>(List.of(id, user));
    consent.ifPresent(ids::add);
    actor.ifPresent(ids::add);
    delegation.ifPresent(ids::add);
    if (!offline) {
      ids.add(session);
    }
    var lineage = LinkedAccount.rest(Lineage.of().with(ids), account);
    return lineage.withWord(clientId).withWord(issuer);
  }
}
