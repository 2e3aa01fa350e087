package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.BUDGET_EXHAUSTED;
import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static io.prokura.decision.Reason.REQUEST_INVALID;
import static io.prokura.management.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.delegation.Budget;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.DelegationsApi;
import io.prokura.delegation.Wanted;
import io.prokura.feed.Feed;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Decisions that spend what a delegation may spend.
final class BudgetTest {
  private static final String POLICIES =
      """
      @id("desk.keeps-some")
      forbid (principal, action == Action::"reopen", resource)
      when { context.budgetLeft has spend && context.budgetLeft.spend < 10 };
      """;

  private final Desk desk = new Desk("", List.of("context.amounts"));
  private final Desk.Chain chain = desk.chain();

  @AfterEach
  void close() {
    desk.close();
  }

  private static String consume(String id) {
    return "{'consume':true,'request_id':'" + id + "'}";
  }

  private static String consume(String id, String amounts) {
    return "{'consume':true,'request_id':'" + id + "','amounts':" + amounts + "}";
  }

  private Reason ask(String context) {
    return desk.consume(chain, "read", context).reason();
  }

  private Budget budget(String name) {
    var all =
        desk.organisation.registers.database.read(
            tx -> desk.organisation.delegations.budgets().of(tx, chain.delegation.id()));
    return Objects.requireNonNull(all.get(name));
  }

  @Test
  void whatIsAllowedAndConsumedIsSpentUntilNothingIsLeft() {
    desk.limit(chain.delegation, Map.of("calls", 2L));
    assertThat(ask("{}")).isEqualTo(ALLOWED);
    assertThat(ask("{'consume':false}")).isEqualTo(ALLOWED);
    assertThat(budget("calls").spent()).isZero();
    assertThat(ask(consume("1"))).isEqualTo(ALLOWED);
    assertThat(ask(consume("2"))).isEqualTo(ALLOWED);
    var denied = desk.consume(chain, "read", consume("3"));
    assertThat(denied.reason()).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(denied.detail()).contains("calls").contains(chain.delegation.id().text());
    assertThat(ask("{}")).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(budget("calls").spent()).isEqualTo(2);
  }

  @Test
  void theSameRequestIsAnsweredAgainAndSpendsOnce() {
    desk.limit(chain.delegation, Map.of("calls", 1L));
    for (int i = 0; i < 3; i++) {
      assertThat(ask(consume("same"))).isEqualTo(ALLOWED);
    }
    assertThat(budget("calls").spent()).isEqualTo(1);
  }

  @Test
  void aRequestIdPaysForNothingElse() {
    desk.limit(chain.delegation, Map.of("calls", 1L, "spend", 100L));
    assertThat(ask(consume("same", "{'spend':1}"))).isEqualTo(ALLOWED);
    assertThat(ask(consume("same", "{'spend':50}"))).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(desk.consume(chain, "close", consume("same", "{'spend':1}")).reason())
        .isEqualTo(BUDGET_EXHAUSTED);
    var other = desk.consuming(chain, "read", "2", consume("same", "{'spend':1}"));
    assertThat(desk.ask(desk.enforcer.id(), other).reason()).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(budget("spend").spent()).isEqualTo(1);
  }

  @Test
  void aRequestThatHasSpentIsNotAllowedWhereItNoLongerWouldBe() {
    desk.limit(chain.delegation, Map.of("calls", 5L));
    assertThat(ask(consume("same"))).isEqualTo(ALLOWED);
    desk.organisation.step(chain.current.id(), AgentTransition.SUSPEND);
    assertThat(desk.consume(chain, "read", consume("same")).allowed()).isFalse();
  }

  @Test
  void whatIsDeniedSpendsNothing() {
    desk.limit(chain.delegation, Map.of("calls", 5L));
    desk.revoke(chain.ofPerson);
    assertThat(desk.consume(chain, "read", consume("1")).allowed()).isFalse();
    assertThat(budget("calls").spent()).isZero();
  }

  @Test
  void amountsAreSpentFromTheirBudgetsAndOnlyWhereAllReach() {
    desk.limit(chain.delegation, Map.of("calls", 5L, "spend", 100L, "bytes", 10L));
    assertThat(ask(consume("1", "{'spend':70,'bytes':10,'other':5}"))).isEqualTo(ALLOWED);
    assertThat(ask(consume("2", "{'spend':10}"))).isEqualTo(BUDGET_EXHAUSTED);
    desk.limit(chain.delegation, Map.of("bytes", 20L));
    var denied = desk.consume(chain, "read", consume("3", "{'spend':40,'bytes':1}"));
    assertThat(denied.reason()).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(denied.detail()).contains("spend").contains("30 left").contains("40");
    assertThat(budget("bytes").spent()).isEqualTo(10);
    assertThat(budget("spend").spent()).isEqualTo(70);
    assertThat(budget("calls").spent()).isEqualTo(1);
  }

  @Test
  void whatIsNoAmountIsRefused() {
    desk.limit(chain.delegation, Map.of("calls", 5L, "spend", 100L));
    for (var amounts :
        List.of(
            "{'spend':-1}",
            "{'spend':1.5}",
            "{'spend':'1'}",
            "{'spend':9000000000000000000}",
            "{'calls':0}",
            "{'Spend':1}",
            "[]",
            "7")) {
      assertThat(ask(consume("1", amounts))).as(amounts).isEqualTo(PROPERTY_INVALID);
    }
    for (var context :
        List.of(
            "{'consume':true}",
            "{'consume':true,'request_id':''}",
            "{'consume':true,'request_id':7}",
            "{'consume':'yes','request_id':'1'}",
            consume("x".repeat(256)))) {
      assertThat(ask(context)).as(context).isEqualTo(REQUEST_INVALID);
    }
    assertThat(budget("calls").spent()).isZero();
  }

  @Test
  void whoIsNotTrustedWithAmountsStatesNone() {
    var other = desk.new Chain(desk.letters, desk.support);
    desk.limit(other.delegation, Map.of("spend", 10L));
    assertThat(desk.consume(other, "read", consume("1", "{'spend':0}")).reason())
        .isEqualTo(PROPERTY_INVALID);
    assertThat(desk.consume(other, "read", consume("1")).reason()).isEqualTo(ALLOWED);
  }

  @Test
  void itemsAskedTogetherSpendInTheirOrder() {
    desk.limit(chain.delegation, Map.of("calls", 2L));
    var items = new ArrayList<Result<AccessRequest>>();
    for (var id : List.of("1", "1", "2", "3")) {
      items.add(Result.ok(desk.consuming(chain, "read", "1", consume(id))));
    }
    assertThat(desk.organisation.pdp.decide(desk.enforcer.id(), items, Semantics.EXECUTE_ALL))
        .extracting(Decision::reason)
        .containsExactly(ALLOWED, ALLOWED, ALLOWED, BUDGET_EXHAUSTED);
    assertThat(budget("calls").spent()).isEqualTo(2);
  }

  @Test
  void policiesSeeWhatIsLeft() {
    try (var other = new Desk(POLICIES, List.of("context.amounts"))) {
      var asking = other.chain();
      other.limit(asking.delegation, Map.of("spend", 20L));
      assertThat(asking.ask("scan").reason()).isEqualTo(ALLOWED);
      assertThat(other.consume(asking, "reopen", consume("1", "{'spend':5}")).reason())
          .isEqualTo(ALLOWED);
      assertThat(other.consume(asking, "reopen", consume("2", "{'spend':6}")).reason())
          .isEqualTo(ALLOWED);
      assertThat(other.consume(asking, "reopen", consume("3", "{'spend':1}")).reason())
          .isEqualTo(FORBIDDEN);
    }
  }

  @Test
  void theEntrySaysWhatWasSpentAndWhatWasLeft() {
    desk.limit(chain.delegation, Map.of("calls", 2L, "spend", 10L));
    ask(consume("1", "{'spend':4}"));
    var facts = desk.leaf().object("facts").orElseThrow();
    assertThat(facts.object("spends"))
        .hasValue(Json.object().put("calls", 1).put("spend", 4).build());
    assertThat(facts.object("situation").flatMap(situation -> situation.object("budgetLeft")))
        .hasValue(Json.object().put("calls", 2).put("spend", 10).build());
    assertThat(ask(consume("1", "{'spend':4}"))).isEqualTo(ALLOWED);
    assertThat(desk.leaf().object("facts").orElseThrow().get("spends")).isEmpty();
  }

  @Test
  void manyAtOnceGetExactlyWhatThereIsAndEveryAnswerIsOnRecord() throws Exception {
    desk.limit(chain.delegation, Map.of("calls", 40L));
    int before = desk.organisation.registers.leaves().size();
    var work = new ArrayList<Callable<Reason>>();
    for (int i = 0; i < 100; i++) {
      var context = consume("r" + i);
      work.add(() -> ask(context));
    }
    var reasons = new ArrayList<Reason>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var done : threads.invokeAll(work)) {
        reasons.add(done.get());
      }
    }
    assertThat(reasons).filteredOn(reason -> reason == ALLOWED).hasSize(40);
    assertThat(reasons).filteredOn(reason -> reason == BUDGET_EXHAUSTED).hasSize(60);
    assertThat(budget("calls").spent()).isEqualTo(40);
    var leaves = desk.organisation.registers.leaves();
    var made = leaves.subList(before, leaves.size());
    assertThat(made).filteredOn(leaf -> leaf.contains("\"reason\":\"allowed\"")).hasSize(40);
    assertThat(made).filteredOn(leaf -> leaf.contains("\"budget_exhausted\"")).hasSize(60);
  }

  /// The decision point of a node that has a memory of its own for what was spent.
  private Pdp otherNode() {
    var organisation = desk.organisation;
    var registers = organisation.registers;
    var feed = new Feed(registers.database, registers.world, Duration.ofSeconds(2));
    var delegations =
        new Delegations(
            registers.world, registers.database, feed, registers.audit, organisation.cutOffs);
    var inquiries =
        new Inquiries(
            registers.world,
            registers.feed,
            organisation.cutOffs,
            registers.directory,
            organisation.catalogue,
            organisation.agents,
            organisation.standing,
            organisation.tokens,
            delegations.budgets(),
            organisation.taskFacts,
            organisation.approvals);
    return new Pdp(
        Organisation.ISSUER + "/api/v1",
        registers.world,
        registers.database,
        registers.audit,
        registers.facts,
        organisation.catalogue,
        organisation.policies,
        inquiries);
  }

  @Test
  void aDenialThatIsFoundInTheTransactionIsOnRecordAsOne() {
    desk.limit(chain.delegation, Map.of("calls", 1L));
    var other = otherNode();
    var looking = desk.consuming(chain, "read", "1", "{}");
    assertThat(other.decide(desk.enforcer.id(), looking).reason()).isEqualTo(ALLOWED);
    assertThat(ask(consume("1"))).isEqualTo(ALLOWED);
    int before = desk.organisation.registers.leaves().size();
    var late = desk.consuming(chain, "read", "1", consume("2"));
    var denied = other.decide(desk.enforcer.id(), late);
    assertThat(denied.reason()).isEqualTo(BUDGET_EXHAUSTED);
    assertThat(desk.organisation.registers.leaves()).hasSize(before + 1);
    assertThat(desk.leaf().text("about")).hasValue(denied.id().text());
    assertThat(desk.leaf().object("facts").orElseThrow().flag("allowed")).hasValue(false);
    assertThat(budget("calls").spent()).isEqualTo(1);
  }

  @Test
  void aRepetitionThatIsFoundInTheTransactionIsAllowedAndSpendsNothing() {
    desk.limit(chain.delegation, Map.of("calls", 1L));
    var other = otherNode();
    var looking = desk.consuming(chain, "read", "1", "{}");
    assertThat(other.decide(desk.enforcer.id(), looking).reason()).isEqualTo(ALLOWED);
    assertThat(ask(consume("same"))).isEqualTo(ALLOWED);
    var again = desk.consuming(chain, "read", "1", consume("same"));
    assertThat(other.decide(desk.enforcer.id(), again).reason()).isEqualTo(ALLOWED);
    assertThat(desk.leaf().object("facts").orElseThrow().get("spends")).isEmpty();
    assertThat(budget("calls").spent()).isEqualTo(1);
  }

  @Test
  void whoLooksSeesWhatWasSpentAndRaisesIt() {
    var registers = desk.organisation.registers;
    var api =
        new DelegationsApi(
            desk.organisation.delegations,
            desk.organisation.standing,
            desk.organisation.catalogue,
            registers.changes,
            registers.world,
            registers.limits);
    desk.limit(chain.delegation, Map.of("calls", 1L));
    assertThat(shown(api.get(registers.caller, request("GET", "").build()))).isEqualTo("active");
    ask(consume("1"));
    assertThat(shown(api.get(registers.caller, request("GET", "").build()))).isEqualTo("exhausted");
    var raised = "{'budgets':[{'name':'calls','limit':2}],'reason':'more to do'}";
    var request = request("POST", "/limit").json(registers.json(raised)).build();
    assertThat(shown(api.limit(registers.caller, request))).isEqualTo("active");
    assertThat(budget("calls")).isEqualTo(new Budget(2, 1));
    assertThat(registers.leaves().getLast()).contains("delegation.limited");
    assertThat(ask(consume("2"))).isEqualTo(ALLOWED);
    for (var bad :
        List.of(
            "[{'name':'calls','limit':0}]",
            "[{'name':'calls','limit':-5}]",
            "[{'name':'Calls','limit':5}]",
            "[{'name':'calls'}]",
            "[{'name':'calls','limit':5},{'name':'calls','limit':6}]",
            "[]")) {
      var wrong =
          request("POST", "/limit")
              .json(registers.json("{'reason':'test','budgets':" + bad + "}"))
              .build();
      assertThat(api.limit(registers.caller, wrong)).as(bad).isInstanceOf(Result.Refused.class);
    }
    assertThat(budget("calls")).isEqualTo(new Budget(2, 2));
  }

  private Request.Builder request(String method, String act) {
    var id = chain.delegation.id().text();
    return desk.organisation
        .registers
        .request(method, "/api/v1/delegations/" + id + act)
        .pathParameter("id", id);
  }

  private String shown(Result<Response> answered) {
    return desk.organisation.registers.body(answer(answered)).text("state").orElseThrow();
  }

  @Test
  void anExhaustedDelegationGivesNoNewTokens() {
    desk.limit(chain.delegation, Map.of("calls", 1L));
    ask(consume("1"));
    var refused =
        desk.organisation.authorities.use(
            desk.organisation.presenter(chain.first.id()),
            chain.delegation,
            new Wanted(Desk.TICKETS, Scopes.NONE, ""));
    assertThat(refused).isInstanceOf(Result.Refused.class);
    assertThat(((Result.Refused<?>) refused).detail()).contains("calls");
  }
}
