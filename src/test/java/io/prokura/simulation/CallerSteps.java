package io.prokura.simulation;

import io.prokura.simulation.Party.Kind;
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

  private void issue(
      Grant grant,
      Party caller,
      Optional<HeldToken> from,
      Optional<Delegation> under,
      Optional<Party> to,
      Resource resource) {
    var scopes = dice.hits(400) ? dice.some(resource.actions()) : List.<String>of();
    var purpose = purpose(grant, caller);
    credential(caller)
        .ifPresent(
            by ->
                sender.send(
                    requests.token(
                        new Issue(grant, by, from, under, to, resource, scopes, purpose))));
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

  private void own() {
    var callers =
        model.parties.stream()
            .filter(one -> one.kind() != Kind.USER && (one.isActive() || dice.hits(100)))
            .toList();
    if (callers.isEmpty()) {
      return;
    }
    var none = Optional.<HeldToken>empty();
    issue(
        Grant.OWN,
        dice.one(callers),
        none,
        Optional.empty(),
        Optional.empty(),
        dice.one(model.resources));
  }

  private void use() {
    var delegations =
        model.delegations.stream().filter(one -> dice.hits(100) || isUsable(one)).toList();
    var delegation = dice.any(delegations);
    delegation.ifPresent(
        one ->
            issue(
                Grant.USE,
                dice.hits(950) ? one.delegate() : dice.one(model.parties),
                Optional.empty(),
                delegation,
                Optional.empty(),
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
    var token = token(one -> !one.isHandOver() && (!one.delegations().isEmpty() || dice.hits(50)));
    token.ifPresent(
        one ->
            issue(
                Grant.HAND_OVER,
                dice.hits(950) ? one.current() : dice.one(model.parties),
                token,
                Optional.empty(),
                Optional.of(dice.one(agentsFor(one))),
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
    var handOver = token(HeldToken::isHandOver);
    handOver.ifPresent(
        one ->
            issue(
                Grant.TAKE,
                dice.hits(950) ? one.current() : dice.one(model.parties),
                handOver,
                Optional.empty(),
                Optional.empty(),
                resource(one)));
  }

  private void downstream() {
    var token = accessToken();
    token.ifPresent(
        one ->
            issue(
                Grant.DOWNSTREAM,
                dice.hits(900) ? one.resource().enforcer().holder() : dice.one(model.parties),
                token,
                Optional.empty(),
                Optional.empty(),
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
              var caller = dice.hits(900) ? token.wish().by().holder() : dice.one(model.parties);
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
    return requests.evaluate(resource.enforcer(), token, resource, action);
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
