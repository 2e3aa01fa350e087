package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.FORBIDDEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Delegation;
import io.prokura.directory.Workload;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.policy.InvalidPolicies;
import io.prokura.policy.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rules about what came before in the same task: the examples of the documentation, and what
/// somebody may try against them.
final class TaskRulesTest {
  private static final String API = "https://back.example.org";
  private static final String[] ACTIONS = {
    "secret.read", "mail.send", "payment.check", "payment.make"
  };

  private final Organisation organisation;
  private final Workload enforcer;
  private final Resource api;
  private final Id.User person;
  private final Delegation delegation;
  private final Id.Agent other;

  TaskRulesTest() throws IOException {
    var whole = Files.readString(Path.of("docs/policies.md"));
    var page = whole.substring(whole.indexOf("## Rules about what came before"));
    organisation =
        new Organisation(
            Policies.of(Desk.folder(blocks(page, "cedarschema"), blocks(page, "cedar"))));
    enforcer = organisation.workload();
    api =
        organisation.resource(
            API,
            List.of("secret", "mail", "payment"),
            List.of(ACTIONS),
            false,
            PersonRights.CHECKED,
            List.of(enforcer.id()),
            List.of("context.taskFacts", "context.task", "context.tsk"));
    person = organisation.user("alice").id();
    var owner = organisation.user("owner").id();
    var purpose = organisation.purpose("back.office", owner, api, ACTIONS);
    var agent = organisation.agent(owner, person, purpose.id()).id();
    other = organisation.agent(owner, person, purpose.id()).id();
    organisation.permit(person, api, PermissionMode.OWN, ACTIONS);
    organisation.permit(agent, api, PermissionMode.ON_BEHALF, ACTIONS);
    organisation.permit(other, api, PermissionMode.ON_BEHALF, ACTIONS);
    delegation = organisation.delegate(person, agent, purpose, api, ACTIONS);
  }

  @AfterEach
  void close() {
    organisation.close();
  }

  private static String blocks(String page, String language) {
    return Pattern.compile("(?s)```" + language + "\n(.*?)```")
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .reduce("", String::concat);
  }

  private Authority task() {
    return organisation.use(delegation, API, ACTIONS);
  }

  private AccessRequest question(String token, String action, Json.Obj context) {
    var type = action.substring(0, action.indexOf('.'));
    return new AccessRequest(
        new Named("user", person.text()), new Asked(action), new Named(type, "1"), context, token);
  }

  private Reason ask(String token, String action) {
    var request = question(token, action, Json.object().build());
    return organisation.pdp.decide(enforcer.id(), request).reason();
  }

  @Test
  void nothingIsSentByATaskThatReadASecret() {
    var token = organisation.token(task());
    assertThat(ask(token, "mail.send")).isEqualTo(ALLOWED);
    assertThat(ask(token, "secret.read")).isEqualTo(ALLOWED);
    assertThat(ask(token, "mail.send")).isEqualTo(FORBIDDEN);
    assertThat(ask(token, "payment.check")).isEqualTo(ALLOWED);
    assertThat(ask(token, "mail.send")).isEqualTo(FORBIDDEN);
  }

  @Test
  void nothingIsPaidByATaskThatCheckedNothing() {
    var token = organisation.token(task());
    assertThat(ask(token, "payment.make")).isEqualTo(FORBIDDEN);
    assertThat(ask(token, "payment.check")).isEqualTo(ALLOWED);
    assertThat(ask(token, "payment.make")).isEqualTo(ALLOWED);
  }

  @Test
  void anotherTaskKnowsNothingOfIt() {
    assertThat(ask(organisation.token(task()), "payment.check")).isEqualTo(ALLOWED);
    assertThat(ask(organisation.token(task()), "payment.make")).isEqualTo(FORBIDDEN);
  }

  @Test
  void anotherTokenOfTheTaskDoesAlsoAfterAHandOver() {
    var held = task();
    assertThat(ask(organisation.token(held), "secret.read")).isEqualTo(ALLOWED);
    assertThat(ask(organisation.token(held), "mail.send")).isEqualTo(FORBIDDEN);
    var handed = organisation.handOver(held, other);
    assertThat(handed.task()).isEqualTo(held.task());
    assertThat(ask(organisation.token(handed), "mail.send")).isEqualTo(FORBIDDEN);
  }

  @Test
  void whatTheSubAgentDidCountsForWhoHandedTheWork() {
    var held = task();
    var handed = organisation.handOver(held, other);
    assertThat(ask(organisation.token(handed), "secret.read")).isEqualTo(ALLOWED);
    assertThat(ask(organisation.token(held), "mail.send")).isEqualTo(FORBIDDEN);
  }

  @Test
  void theEnforcerCanNeitherNameTheTaskNorItsFacts() {
    var done = task();
    assertThat(ask(organisation.token(done), "payment.check")).isEqualTo(ALLOWED);
    var claims =
        Json.object()
            .put("taskFacts", List.of("payment-checked"))
            .put("task", done.task().text())
            .put("tsk", done.task().text())
            .build();
    var token = organisation.token(task());
    for (var presented : List.of(token, "")) {
      var request = question(presented, "payment.make", claims);
      assertThat(organisation.pdp.decide(enforcer.id(), request).reason()).isEqualTo(FORBIDDEN);
    }
  }

  @Test
  void withoutATokenNothingIsRecordedForAnybody() {
    var request = question("", "payment.check", Json.object().build());
    assertThat(organisation.pdp.decide(enforcer.id(), request).reason()).isEqualTo(ALLOWED);
    assertThat(tasks()).isZero();
  }

  @Test
  void whatIsDeniedIsNotRecorded() {
    var token = organisation.token(task());
    assertThat(ask(token, "payment.make")).isEqualTo(FORBIDDEN);
    assertThat(tasks()).isZero();
  }

  @Test
  void itemsAskedTogetherSeeThoseBeforeThem() {
    var token = organisation.token(task());
    var items = new ArrayList<Result<AccessRequest>>();
    for (var action : List.of("mail.send", "secret.read", "mail.send", "payment.make")) {
      items.add(Result.ok(question(token, action, Json.object().build())));
    }
    assertThat(organisation.pdp.decide(enforcer.id(), items, Semantics.EXECUTE_ALL))
        .extracting(Decision::reason)
        .containsExactly(ALLOWED, ALLOWED, FORBIDDEN, FORBIDDEN);
    assertThat(ask(token, "mail.send")).isEqualTo(FORBIDDEN);
  }

  @Test
  void theSameFactOverAndOverIsWrittenOnce() {
    var token = organisation.token(task());
    assertThat(ask(token, "secret.read")).isEqualTo(ALLOWED);
    long before = organisation.registers.feed.applied();
    for (int i = 0; i < 20; i++) {
      assertThat(ask(token, "secret.read")).isEqualTo(ALLOWED);
    }
    assertThat(organisation.registers.feed.applied()).isEqualTo(before);
    assertThat(tasks()).isEqualTo(1);
  }

  @Test
  void theEntrySaysWhatWasRecorded() {
    var held = task();
    ask(organisation.token(held), "secret.read");
    var leaves = organisation.registers.leaves();
    var facts = organisation.registers.json(leaves.getLast()).object("facts").orElseThrow();
    assertThat(facts.text("task")).hasValue(held.task().text());
    assertThat(facts.texts("records")).hasValue(List.of("read-secrets"));
  }

  @Test
  void whatIsNoWordOrRecordsNothingIsNoPolicy() {
    for (var bad :
        List.of(
            "@records(\"Read\") permit (principal, action, resource);",
            "@records(\"\") permit (principal, action, resource);",
            "@records(\"a,b\") permit (principal, action, resource);",
            "@records(\"a b c d e f g h i j k\") permit (principal, action, resource);",
            "@records(\"a\") forbid (principal, action, resource);")) {
      assertThatThrownBy(() -> Policies.of(Desk.folder("", bad)))
          .isInstanceOf(InvalidPolicies.class)
          .hasMessageContaining("@records");
    }
  }

  private long tasks() {
    return organisation
        .registers
        .database
        .read(tx -> tx.one("SELECT COUNT(*) FROM task", row -> row.number(1)))
        .orElseThrow();
  }
}
