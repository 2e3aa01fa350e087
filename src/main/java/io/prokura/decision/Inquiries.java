package io.prokura.decision;

import static io.prokura.decision.Reason.ENFORCER_NOT_ACTIVE;
import static io.prokura.decision.Reason.NOT_CURRENT;
import static io.prokura.decision.Reason.NOT_YOUR_RESOURCE;
import static io.prokura.decision.Reason.REQUEST_INVALID;
import static io.prokura.decision.Reason.RESOURCE_AMBIGUOUS;
import static io.prokura.decision.Reason.TOKEN_AUDIENCE;
import static io.prokura.decision.Reason.TOKEN_INVALID;
import static io.prokura.decision.Reason.UNKNOWN_ACTION;

import io.prokura.agents.Agents;
import io.prokura.approvals.Approvals;
import io.prokura.approvals.Presented;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.Step.Passed;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Budgets;
import io.prokura.delegation.Standing;
import io.prokura.delegation.Stated;
import io.prokura.directory.Directory;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.VerifiedToken;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Everything that is settled before the policies are asked: whether the enforcer may ask, which
/// resource is meant, who takes part and on what that rests. One is for all that ask on a node, so
/// that what it makes of the registers is made and kept once.
public final class Inquiries {
  private static final String NO_SUCH_ACTION = "the resource has no action of this name";

  private final World world;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final Roster roster;
  private final Tokens tokens;
  private final Participants participants;
  private final EntityLoader loader;
  private final Consequences consequences;
  private final RequestableDenials requestable;

  /// `feed` is the one that the registers follow.
  public Inquiries(
      World world,
      Feed feed,
      CutOffs cutOffs,
      Directory directory,
      Catalogue catalogue,
      Agents agents,
      Standing standing,
      Tokens tokens,
      Budgets budgets,
      TaskFacts taskFacts,
      Approvals approvals) {
    this.world = world;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.tokens = tokens;
    roster = new Roster(world, feed, directory, agents, catalogue, standing);
    loader = new EntityLoader(roster, catalogue);
    consequences = new Consequences(budgets, taskFacts, approvals);
    requestable = new RequestableDenials(approvals);
    participants = new Participants(catalogue, directory, agents, roster);
  }

  EntityLoader loader() {
    return loader;
  }

  Roster roster() {
    return roster;
  }

  Consequences consequences() {
    return consequences;
  }

  RequestableDenials requestable() {
    return requestable;
  }

  /// What was found out about a request, as far as it got: the question for the policies, or the
  /// check that failed before. `approval` is what the one came to that was presented.
  record Inquiry(
      Instant at,
      AccessRequest request,
      Optional<Target> target,
      Grounds grounds,
      Optional<Presented> approval,
      Step<Question> question) {

    /// One where nothing was presented.
    Inquiry(
        Instant at,
        AccessRequest request,
        Optional<Target> target,
        Grounds grounds,
        Step<Question> question) {
      this(at, request, target, grounds, Optional.empty(), question);
    }
  }

  /// What a token that was checked says, and which it is.
  private record CheckedToken(Authority authority, Optional<Id.Token> id) {}

  /// What the outcome of a check depends on: the type of the object tells the resources that the
  /// token may be for.
  private record TokenKey(String type, String token) {}

  /// What has been found out on the way.
  private static final class Findings {
    Optional<Target> target = Optional.empty();
    Grounds grounds = Grounds.NONE;
    Optional<Presented> approval = Optional.empty();
  }

  /// Looks into what is supposed, as of now.
  Inquiry suppose(Supposition supposition) {
    var at = world.now();
    var object = supposition.object();
    var chain = supposition.chain();
    var subject = new AccessRequest.Named("", chain.getLast().text());
    var request = new AccessRequest(subject, supposition.action(), object, "");
    Stated purpose =
        supposition
            .purpose()
            .<Stated>map(one -> new Stated.Purpose(one.id(), one.name()))
            .orElse(new Stated.Nothing());
    var grounds = new Grounds(chain, true, purpose, Optional.empty(), List.of(), Optional.empty());
    var action = supposition.resource().action(supposition.action());
    if (action.isEmpty()) {
      Step<Question> unknown = Step.denied(UNKNOWN_ACTION, NO_SUCH_ACTION);
      return new Inquiry(at, request, Optional.empty(), grounds, unknown);
    }
    var target = Target.of(supposition.resource(), action.get(), object);
    var question = supposed(request, target, grounds, supposition.situation(), at);
    return new Inquiry(at, request, Optional.of(target), grounds, question);
  }

  private Step<Question> supposed(
      AccessRequest request, Target target, Grounds grounds, Situation situation, Instant at) {
    var present = participants.present(grounds, at);
    if (!(present instanceof Passed(var some))) {
      return present.denial();
    }
    var fit = participants.check(target, grounds, at);
    return fit instanceof Passed(var covering)
        ? Step.passed(question(request, target, grounds, some, covering, situation, at))
        : fit.denial();
  }

  /// Looks into questions that are asked together: a token that comes again is checked once.
  Together together() {
    return together(consequences.together(false));
  }

  /// The same, where each sees the consequences of those before it.
  Together together(Consequences.Together earlier) {
    return new Together(earlier, Optional.empty());
  }

  /// The same, where the token of each was checked before and says `authority`.
  Together together(Consequences.Together earlier, Authority authority) {
    return new Together(earlier, Optional.of(new CheckedToken(authority, Optional.empty())));
  }

  /// Questions that are asked together.
  final class Together {
    private final Map<TokenKey, Step<Optional<CheckedToken>>> tokens = new HashMap<>(1);
    private final Consequences.Together earlier;
    private final Optional<CheckedToken> known;

    private Together(Consequences.Together earlier, Optional<CheckedToken> known) {
      this.earlier = earlier;
      this.known = known;
    }

    /// Looks into what `enforcer` asks.
    Inquiry inquire(Id.Principal enforcer, Result<AccessRequest> asked, Instant at) {
      if (!(asked instanceof Result.Ok(var request))) {
        var detail = ((Result.Refused<AccessRequest>) asked).detail();
        return new Inquiry(
            at,
            AccessRequest.NONE,
            Optional.empty(),
            Grounds.NONE,
            Step.denied(REQUEST_INVALID, detail));
      }
      var findings = new Findings();
      var question = question(enforcer, request, at, findings, this);
      return new Inquiry(
          at, request, findings.target, findings.grounds, findings.approval, question);
    }

    private Step<Optional<CheckedToken>> presented(
        List<Resource> candidates, AccessRequest request) {
      if (request.token().isEmpty()) {
        return Step.passed(Optional.empty());
      }
      return known.isPresent()
          ? Step.passed(known)
          : tokens.computeIfAbsent(
              new TokenKey(request.object().type(), request.token()),
              _ -> verified(candidates, request.token()));
    }
  }

  private Step<Question> question(
      Id.Principal enforcer,
      AccessRequest request,
      Instant at,
      Findings findings,
      Together together) {
    if (!cutOffs.isCurrent()) {
      return Step.denied(NOT_CURRENT, "this node may have missed a change; ask again");
    }
    boolean mayAsk =
        enforcer instanceof Id.Workload
            && roster.find(enforcer, at).filter(one -> one.isActive(at)).isPresent();
    if (!mayAsk) {
      return Step.denied(ENFORCER_NOT_ACTIVE, "only an active workload enforces a resource");
    }
    var type = request.object().type();
    var candidates = new ArrayList<Resource>(1);
    for (var resource : catalogue.enforcedBy(enforcer)) {
      if (resource.types().contains(type)) {
        candidates.add(resource);
      }
    }
    if (candidates.isEmpty()) {
      return Step.denied(
          NOT_YOUR_RESOURCE, "you enforce no resource that has objects of this type");
    }
    var presented = together.presented(candidates, request);
    if (!(presented instanceof Passed(var token))) {
      return presented.denial();
    }
    token.ifPresent(one -> findings.grounds = Grounds.of(one.authority(), one.id()));
    var aimed = aim(candidates, token, request);
    if (!(aimed instanceof Passed(var target))) {
      return aimed.denial();
    }
    findings.target = Optional.of(target);
    var taking =
        token.isPresent()
            ? participants.check(request, target, token.get().authority(), findings.grounds)
            : participants.claimed(request, target);
    if (!(taking instanceof Passed(var grounds))) {
      return taking.denial();
    }
    findings.grounds = grounds;
    var present = participants.present(grounds, at);
    if (!(present instanceof Passed(var some))) {
      return present.denial();
    }
    var fit = participants.check(target, grounds, at);
    if (!(fit instanceof Passed(var covering))) {
      return fit.denial();
    }
    findings.approval = together.earlier.presented(enforcer, request, target, grounds);
    boolean approved = findings.approval.filter(Presented.Usable.class::isInstance).isPresent();
    var situation = together.earlier.situation(request, target, grounds, approved);
    return situation instanceof Passed(var known)
        ? Step.passed(question(request, target, grounds, some, covering, known, at))
        : situation.denial();
  }

  private Question question(
      AccessRequest request,
      Target target,
      Grounds grounds,
      List<Registered> present,
      Optional<Policy> covering,
      Situation situation,
      Instant at) {
    var asked = new ArrayList<Participant>(present.size());
    for (int i = 0; i < present.size(); i++) {
      boolean acts = grounds.actsForSomebody(grounds.chain().get(i));
      var one = present.get(i);
      asked.add(new Participant(one.uid(), one.permissions(target.resource(), acts, at)));
    }
    return new Question(
        at, request, target, grounds, situation, asked, covering, registers(present));
  }

  /// The registers, where those who take part need not be looked up again.
  private Function<EntityUid, Optional<Entity>> registers(List<Registered> present) {
    return uid -> {
      for (var one : present) {
        if (one.uid().equals(uid)) {
          return one.entity();
        }
      }
      return loader.load(uid);
    };
  }

  /// The token that was sent, checked. What is wrong with one for another resource is not for this
  /// enforcer to know, so it gets the answer that it would get if nothing was.
  private Step<Optional<CheckedToken>> verified(List<Resource> candidates, String token) {
    return switch (tokens.verify(token, Refusal.TOKEN_INVALID)) {
      case Result.Ok<VerifiedToken>(var verified) ->
          Step.passed(
              Optional.of(new CheckedToken(verified.authority(), Optional.of(verified.id()))));
      case Result.Refused<VerifiedToken>(_, var detail) ->
          isForAnother(candidates, tokens.claimedAudience(token))
              ? otherAudience()
              : Step.denied(TOKEN_INVALID, detail);
    };
  }

  private static boolean isForAnother(List<Resource> candidates, Optional<String> audience) {
    return audience.isPresent()
        && candidates.stream().noneMatch(one -> one.identifier().equals(audience.get()));
  }

  private static <T> Step<T> otherAudience() {
    return Step.denied(TOKEN_AUDIENCE, "the token is for another resource");
  }

  /// The resource that is meant: the token's audience where there is a token, else the only one
  /// that it can be.
  private static Step<Target> aim(
      List<Resource> candidates, Optional<CheckedToken> token, AccessRequest request) {
    if (token.isEmpty() && candidates.size() > 1) {
      return Step.denied(RESOURCE_AMBIGUOUS, "several of your resources have objects of this type");
    }
    for (var one : candidates) {
      if (token.isEmpty() || one.id().equals(token.get().authority().resource())) {
        var action = one.action(request.action().name());
        return action.isEmpty()
            ? Step.denied(UNKNOWN_ACTION, NO_SUCH_ACTION)
            : Step.passed(Target.of(one, action.get(), request.object()));
      }
    }
    return otherAudience();
  }
}
