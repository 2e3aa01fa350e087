package io.prokura.tokens;

import io.prokura.catalogue.Catalogue;
import io.prokura.delegation.Asserted;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// How an authority stands in the claims of our tokens, written and read back (RFC 9068 §2.2,
/// RFC 8693 §4.1, draft-mora-oauth-entity-profiles).
final class Claims {
  /// Until when what a hand-over gives may last, in seconds; the hand-over itself ends earlier.
  static final String UNTIL = "until";

  /// Which roles count of agents that are there by the word of their platform, by agent.
  private static final String ASSERTED = "rol";

  private static final int DEPTH_MAX = 16;

  private Claims() {}

  /// The claims that say who acts for whom, how far and why. `unproven` says which actors can't
  /// prove themselves.
  static Json.Builder write(String issuer, Authority authority, Predicate<Id.Principal> unproven) {
    var claims = Json.object();
    claims.put("iss", issuer);
    claims.put("sub", authority.subject().text());
    claims.put("sub_profile", authority.subject().profile());
    claims.put("client_id", authority.clientId());
    claims.put("scope", authority.scopes().toString());
    if (authority.purpose() instanceof Stated.Purpose(_, var name)) {
      claims.put("purpose", name);
    }
    if (authority.isDelegated()) {
      claims.put("act", act(issuer, authority.actors(), unproven));
    }
    if (!authority.delegations().isEmpty()) {
      claims.put("dlg", authority.delegations().stream().map(Id::text).toList());
    }
    claims.put("tsk", authority.task().text());
    claims.put("cut", authority.checked());
    claims.put("lin", authority.lineage().ids());
    if (!authority.asserted().roles().isEmpty()) {
      claims.put(ASSERTED, asserted(authority.asserted()));
    }
    return claims;
  }

  /// The nested claim `act`, the current actor outermost.
  static Json.Obj act(String issuer, List<Id.Principal> actors, Predicate<Id.Principal> unproven) {
    var inner = Optional.<Json.Obj>empty();
    for (var actor : actors.reversed()) {
      var act =
          Json.object()
              .put("iss", issuer)
              .put("sub", actor.text())
              .put("sub_profile", actor.profile());
      if (unproven.test(actor)) {
        act.put("unproven", true);
      }
      inner.ifPresent(before -> act.put("act", before));
      inner = Optional.of(act.build());
    }
    return inner.orElseThrow();
  }

  /// The authority in the claims of a token that we signed; empty when its resource or purpose is
  /// no longer registered.
  static Optional<Authority> read(Json.Obj claims, String audience, Catalogue catalogue) {
    var resource = catalogue.resourceAt(audience);
    var purpose = purpose(claims, catalogue);
    if (resource.isEmpty() || purpose.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Authority(
            principal(claims),
            actors(claims),
            claims.text("client_id").orElseThrow(),
            resource.get().id(),
            audience,
            scopes(claims.text("scope").orElseThrow()),
            purpose.get(),
            claims.texts("dlg").orElse(List.of()).stream().map(Id.Delegation::new).toList(),
            new Id.Task(claims.text("tsk").orElseThrow()),
            new Lineage(claims.texts("lin").orElseThrow()),
            claims.number("cut").orElseThrow(),
            asserted(claims.object(ASSERTED)),
            Instant.ofEpochSecond(
                claims.number(UNTIL).or(() -> claims.number("exp")).orElseThrow())));
  }

  private static Json.Obj asserted(Asserted asserted) {
    var agents = Json.object();
    asserted.roles().entrySet().stream()
        .sorted(Comparator.comparing(one -> one.getKey().text()))
        .forEach(
            one ->
                agents.put(
                    one.getKey().text(), one.getValue().stream().map(Id::text).sorted().toList()));
    return agents.build();
  }

  private static Asserted asserted(Optional<Json.Obj> claim) {
    var agents = new HashMap<Id.Agent, List<Id.Role>>();
    claim.ifPresent(
        all ->
            all.members()
                .keySet()
                .forEach(
                    agent ->
                        agents.put(
                            new Id.Agent(agent),
                            all.texts(agent).orElseThrow().stream().map(Id.Role::new).toList())));
    return new Asserted(agents);
  }

  private static Optional<Stated> purpose(Json.Obj claims, Catalogue catalogue) {
    var name = claims.text("purpose");
    return name.isEmpty()
        ? Optional.of(new Stated.Nothing())
        : catalogue.purposeNamed(name.get()).map(p -> new Stated.Purpose(p.id(), p.name()));
  }

  private static Scopes scopes(String text) {
    return text.isEmpty() ? Scopes.NONE : Scopes.of(List.of(text.split(" ")));
  }

  private static Id.Principal principal(Json.Obj claims) {
    return claims.text("sub").flatMap(Id.Principal::parse).orElseThrow();
  }

  private static List<Id.Principal> actors(Json.Obj claims) {
    var actors = new ArrayList<Id.Principal>();
    var act = claims.object("act");
    while (act.isPresent() && actors.size() < DEPTH_MAX) {
      actors.add(principal(act.get()));
      act = act.get().object("act");
    }
    return actors;
  }
}
