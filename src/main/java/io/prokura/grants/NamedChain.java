package io.prokura.grants;

import static io.prokura.kernel.Refusal.ACTOR_UNAUTHORIZED;
import static io.prokura.kernel.Refusal.ASSERTION_INVALID;
import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.issuers.Assertion;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.upstream.Link;
import io.prokura.upstream.Links;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Whom an assertion names: the person, and who acts for them, the current actor first (RFC 8693
/// §4.1). All of them are registered here, so that each can be judged and ended; nobody is left out
/// of a chain for being unknown. `lineage` is the links by which they were found.
record NamedChain(Id.User subject, List<Id.Principal> actors, Lineage lineage) {
  private static final int DEPTH_MAX = 16;

  NamedChain {
    actors = List.copyOf(actors);
  }

  /// The chain with the client that presents the assertion as its current actor, unless it is that
  /// already; `own` is what this server is known by. Refuses `ASSERTION_INVALID` for a subject that
  /// is no person here, `ACTOR_UNAUTHORIZED` for an unknown actor and one that acts twice, and
  /// `CHAIN_TOO_DEEP`.
  static Result<NamedChain> of(
      Assertion assertion, Optional<Id.Principal> client, String own, Links links) {
    var issuer = assertion.issuer();
    var person = links.find(issuer.id(), assertion.sub());
    if (person.isEmpty() || !(person.get().principal() instanceof Id.User user)) {
      return refused(ASSERTION_INVALID, "nobody here is whom the issuer names");
    }
    var lineage = Lineage.of(issuer.id(), person.get().id());
    var actors = new ArrayList<Id.Principal>();
    var act = assertion.claims().get("act");
    while (act.isPresent()) {
      if (actors.size() == DEPTH_MAX) {
        return refused(CHAIN_TOO_DEEP, "the claim act is nested too deep");
      }
      var said = act.get() instanceof Json.Obj object ? object : Json.object().build();
      var iss = said.text("iss").orElse("");
      var sub = said.text("sub").orElse("");
      var link =
          iss.equals(issuer.issuer()) ? links.find(issuer.id(), sub) : Optional.<Link>empty();
      var actor = iss.equals(own) ? Id.Principal.parse(sub) : link.map(Link::principal);
      if (actor.isEmpty() || actor.get() instanceof Id.User) {
        return refused(ACTOR_UNAUTHORIZED, "an actor in act is no agent or workload known here");
      }
      actors.add(actor.get());
      lineage = link.isPresent() ? lineage.with(link.get().id()) : lineage;
      act = said.get("act");
    }
    client
        .filter(one -> actors.isEmpty() || !actors.getFirst().equals(one))
        .ifPresent(actors::addFirst);
    return new HashSet<>(actors).size() == actors.size()
        ? ok(new NamedChain(user, actors, lineage))
        : refused(ACTOR_UNAUTHORIZED, "an actor takes part twice in this chain");
  }

  /// Whoever acts now.
  Id.Principal current() {
    return actors.isEmpty() ? subject : actors.getFirst();
  }
}
