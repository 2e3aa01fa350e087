package io.prokura.simulation;

import io.prokura.json.Json;
import io.prokura.simulation.Wish.Grant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A token or hand-over that somebody was given, and what it rests on by the model's own account.
///
/// When its chain was checked, the node had followed the record to some place between `knew` and
/// `reached`.
record HeldToken(
    String compact,
    Json.Obj claims,
    Wish.Issue wish,
    Party subject,
    List<Party> actors,
    List<Delegation> delegations,
    Optional<Purpose> purpose,
    Set<String> lineage,
    long knew,
    long reached) {

  /// What was answered to a wish. `made` is the delegation that a take puts on record.
  static HeldToken given(
      Exchange exchange, Wish.Issue wish, Optional<Delegation> made, Model model) {
    var compact = exchange.body().text("access_token").orElseThrow();
    var claims = JsonText.claims(compact);
    var delegations = new ArrayList<>(resting(wish));
    made.ifPresent(delegations::add);
    var purpose = claims.text("purpose").map(model::purposeNamed);
    var token =
        new HeldToken(
            compact,
            claims,
            wish,
            subject(wish),
            actors(wish),
            List.copyOf(delegations),
            purpose,
            new LinkedHashSet<>(),
            exchange.view().applied(),
            exchange.reached());
    token.collect();
    return token;
  }

  static List<Delegation> resting(Wish.Issue wish) {
    var under =
        wish.basis()
            .delegation()
            .map(
                one -> {
                  var line = new ArrayList<>(one.ancestors());
                  line.add(one);
                  return List.copyOf(line);
                });
    return under.or(() -> wish.from().map(HeldToken::delegations)).orElse(List.of());
  }

  private static Party subject(Wish.Issue wish) {
    return wish.from()
        .map(HeldToken::subject)
        .or(() -> wish.basis().delegation().map(Delegation::delegator))
        .orElse(wish.by().holder());
  }

  /// Who acts, the current actor first.
  private static List<Party> actors(Wish.Issue wish) {
    var before = wish.from().map(HeldToken::actors).orElse(List.of());
    return switch (wish.grant()) {
      case OWN -> List.of();
      case USE -> List.of(wish.by().holder());
      case TAKE -> before;
      case HAND_OVER -> above(wish.basis().to().orElseThrow(), before);
      case DOWNSTREAM -> above(wish.by().holder(), before);
    };
  }

  private static List<Party> above(Party actor, List<Party> before) {
    var actors = new ArrayList<>(before);
    actors.addFirst(actor);
    return List.copyOf(actors);
  }

  private void collect() {
    wish.from().ifPresent(parent -> lineage.addAll(parent.lineage()));
    chain().forEach(party -> lineage.add(party.id()));
    delegations.forEach(delegation -> lineage.add(delegation.id()));
    purpose.ifPresent(one -> lineage.add(one.id()));
    lineage.add(wish.by().id());
    lineage.add(id());
  }

  String id() {
    return claims.text("jti").orElseThrow();
  }

  boolean isHandOver() {
    return wish.grant() == Grant.HAND_OVER;
  }

  /// Everybody it rests on.
  List<Party> chain() {
    var chain = new ArrayList<>(actors);
    chain.add(subject);
    return chain;
  }

  Party current() {
    return actors.isEmpty() ? subject : actors.getFirst();
  }

  Set<String> scopes() {
    return new LinkedHashSet<>(List.of(claims.text("scope").orElse("").split(" ")));
  }

  Resource resource() {
    return wish.resource();
  }

  Instant issuedAt() {
    return Instant.ofEpochSecond(claims.number("iat").orElseThrow());
  }

  Instant expiresAt() {
    return Instant.ofEpochSecond(claims.number("exp").orElseThrow());
  }

  /// When whatever is made from it ends: a hand-over has to be taken before it expires itself, and
  /// what is taken lasts longer.
  Instant bound() {
    return claims.number("until").map(Instant::ofEpochSecond).orElseGet(this::expiresAt);
  }

  /// The token by what it rests on, for whoever has to find out what went wrong.
  @Override
  public String toString() {
    return "%s (%s of %s from %s to %s, between %d and %d, on %s)"
        .formatted(
            id(), wish.name(), wish.by().id(), issuedAt(), expiresAt(), knew, reached, lineage);
  }
}
