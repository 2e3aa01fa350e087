package io.prokura.simulation;

import io.prokura.simulation.Wish.Basis;
import io.prokura.simulation.Wish.Grant;
import io.prokura.simulation.Wish.Issue;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What agents, workloads and enforcers may do next.
final class CallerSteps {
  private final Simulation simulation;
  private final Sender sender;
  private final Model model;
  private final Dice dice;
  private final TokenRequests requests;

  CallerSteps(Simulation simulation, Sender sender) {
    this.simulation = simulation;
    this.sender = sender;
    model = simulation.model;
    dice = simulation.dice;
    requests = new TokenRequests(simulation.clock, dice);
  }

  List<Step> steps() {
    return List.of(
        new Step("ask for a token of its own", 8, this::own),
        new Step("use a delegation", 10, this::use),
        new Step("hand work over", 10, this::handOver),
        new Step("take work", 10, this::take),
        new Step("call downstream", 6, this::downstream),
        new Step("pass work down a chain", 6, this::passDown),
        new Step("revoke a token", 3, this::revoke),
        new Step("introspect", 10, this::introspect),
        new Step("evaluate", 10, this::evaluate));
  }

  private void issue(Grant grant, Party caller, Basis basis, Resource resource) {
    var scopes = dice.hits(400) ? dice.some(resource.actions()) : List.<String>of();
    var purpose = purpose(grant, caller);
    credential(caller)
        .map(by -> new Issue(grant, by, basis, resource, scopes, purpose))
        .ifPresent(wish -> sender.send(requests.token(wish)));
  }

  /// Mostly one that the caller may name.
  private Optional<Purpose> purpose(Grant grant, Party caller) {
    if (dice.hits(100)) {
      return dice.any(model.purposes);
    }
    return grant == Grant.OWN ? dice.any(caller.life().now().declared()) : Optional.empty();
  }

  /// Mostly one that is good.
  private Optional<Credential> credential(Party holder) {
    var all =
        model.credentials.stream()
            .filter(one -> one.holder().equals(holder) && one.isUsable())
            .toList();
    var good = all.stream().filter(one -> one.life().good(simulation.truth()) == Good.YES).toList();
    return dice.any(dice.hits(900) ? good : all);
  }

  /// Mostly one of the newest that are good, of those that `fit`.
  private Optional<HeldToken> token(Predicate<HeldToken> fit) {
    var all = model.tokens.stream().filter(fit).toList();
    var good = all.stream().filter(one -> model.good(one, simulation.truth()) != Good.NO).toList();
    var from = dice.hits(850) ? good : all;
    return dice.any(from.subList(Math.max(0, from.size() - 12), from.size()));
  }

  private Optional<HeldToken> accessToken() {
    return token(one -> !one.isHandOver());
  }

  /// Mostly `likely`, else anybody.
  private Party mostly(Party likely) {
    return dice.hits(950) ? likely : dice.one(model.parties);
  }

  private void own() {
    dice.any(model.parties.stream().filter(one -> one.isActive() || dice.hits(100)).toList())
        .ifPresent(one -> issue(Grant.OWN, one, Basis.NOTHING, dice.one(model.resources)));
  }

  private void use() {
    dice.any(model.delegations.stream().filter(one -> isUsable(one) || dice.hits(100)).toList())
        .ifPresent(
            one ->
                issue(
                    Grant.USE,
                    mostly(one.delegate()),
                    Basis.of(one),
                    dice.one(List.copyOf(one.covers().keySet()))));
  }

  private boolean isUsable(Delegation delegation) {
    var chain = List.of(delegation.delegator(), delegation.delegate());
    return model.grounds(chain, List.of(delegation), simulation.truth()) == Good.YES;
  }

  private Resource resource(HeldToken token) {
    return dice.hits(800) ? token.resource() : dice.one(model.resources);
  }

  private void handOver() {
    token(one -> !one.isHandOver() && (!one.delegations().isEmpty() || dice.hits(50)))
        .ifPresent(
            one ->
                issue(
                    Grant.HAND_OVER,
                    mostly(one.current()),
                    Basis.of(one).to(dice.one(agentsFor(one))),
                    resource(one)));
  }

  /// Mostly those that don't take part already.
  private List<Party> agentsFor(HeldToken token) {
    var agents = model.parties.stream().filter(Party::isAgent).toList();
    var others =
        agents.stream().filter(one -> one.isActive() && !token.chain().contains(one)).toList();
    return others.isEmpty() || dice.hits(50) ? agents : others;
  }

  private void take() {
    token(HeldToken::isHandOver)
        .ifPresent(one -> issue(Grant.TAKE, mostly(one.current()), Basis.of(one), resource(one)));
  }

  private void downstream() {
    accessToken()
        .ifPresent(
            one ->
                issue(
                    Grant.DOWNSTREAM,
                    mostly(one.resource().enforcer().holder()),
                    Basis.of(one),
                    dice.one(model.resources)));
  }

  private void passDown() {
    use();
    for (int i = 0; i <= dice.below(3); i++) {
      handOver();
      take();
    }
    downstream();
  }

  private void revoke() {
    token(one -> !one.isHandOver() || dice.hits(100))
        .ifPresent(
            token -> {
              var caller = mostly(token.wish().by().holder());
              credential(caller).ifPresent(by -> sender.send(requests.revoke(by, token)));
            });
  }

  private void introspect() {
    var token = dice.hits(500) ? accessToken() : dice.any(model.tokens);
    token.ifPresent(one -> sender.send(requests.introspect(one.resource().enforcer(), one)));
  }

  private void evaluate() {
    accessToken().ifPresent(token -> sender.send(evaluation(token)));
  }

  /// A question about a token, mostly whether it lets do what it says.
  private Call evaluation(HeldToken token) {
    var resource = token.resource();
    var action = dice.one(dice.hits(700) ? List.copyOf(token.scopes()) : resource.actions());
    var spends =
        dice.hits(500) ? Optional.of("request-" + dice.below(400)) : Optional.<String>empty();
    return requests.evaluate(resource.enforcer(), token, resource, action, spends);
  }

  /// Asks the observer about a token, mostly one that has not expired, whatever has become of it.
  void probe() {
    var now = simulation.clock.instant();
    var fresh = model.tokens.stream().filter(one -> one.expiresAt().isAfter(now)).toList();
    dice.any(dice.hits(900) ? fresh : model.tokens)
        .ifPresent(
            token -> {
              simulation.follow(simulation.observer);
              boolean asks = dice.hits(200) && !token.isHandOver();
              simulation.ask(
                  simulation.observer,
                  asks
                      ? evaluation(token)
                      : requests.introspect(token.resource().enforcer(), token));
            });
  }
}
