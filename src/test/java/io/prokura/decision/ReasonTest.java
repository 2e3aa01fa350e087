package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.PersonRights;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every reason there is for a decision can be met, is told to the enforcer and recorded, and is
/// in the documentation.
final class ReasonTest {
  private static Desk desk;

  @BeforeAll
  static void open() {
    desk = new Desk();
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonIsMetAndRecorded(Reason reason) {
    var decision = provoked(reason);
    assertThat(decision.reason()).as(decision.detail()).isEqualTo(reason);
    assertThat(decision.allowed()).isEqualTo(reason == Reason.ALLOWED);
    assertThat(decision.detail()).isNotBlank();
    var facts = desk.leaf().object("facts").orElseThrow();
    assertThat(desk.leaf().text("about")).hasValue(decision.id().text());
    assertThat(facts.text("reason")).hasValue(reason.word());
    assertThat(facts.flag("allowed")).hasValue(decision.allowed());
  }

  /// A question that gets this answer; the compiler sees to it that there is one for each.
  private static Decision provoked(Reason reason) {
    return switch (reason) {
      case ALLOWED -> desk.chain().ask("read");
      case REQUEST_INVALID ->
          desk.organisation
              .pdp
              .decide(
                  desk.enforcer.id(),
                  List.of(Result.refused(Refusal.FIELD_INVALID, "subject is required")),
                  Semantics.EXECUTE_ALL)
              .getFirst();
      case FORBIDDEN -> notes("{}", "{}", "read", "{'status':'frozen'}", "{}");
      case NOT_PERMITTED -> notes("{}", "{}", "reopen", "{}", "{}");
      case POLICY_ERROR -> notes("{}", "{'amount':1}", "refund", "{}", "{}");
      case NOT_CURRENT -> notCurrent();
      case ENFORCER_NOT_ACTIVE -> notActiveEnforcer();
      case NOT_YOUR_RESOURCE ->
          desk.ask(desk.organisation.workload().id(), question("user", "alice", "read"));
      case RESOURCE_AMBIGUOUS -> ambiguous();
      case UNKNOWN_ACTION -> desk.ask(new Named("user", "alice"), "burn", Desk.NOTE, "");
      case UNKNOWN_SUBJECT -> desk.ask(new Named("user", "nobody"), "read", Desk.NOTE, "");
      case PRINCIPAL_NOT_ACTIVE -> inactive();
      case TOKEN_REQUIRED -> desk.ask(new Named("user", "alice"), "read", Desk.TICKET, "");
      case TOKEN_INVALID -> desk.ask(new Named("user", "alice"), "read", Desk.TICKET, "a.b.c");
      case TOKEN_AUDIENCE ->
          desk.ask(new Named("user", "alice"), "read", Desk.LETTER, desk.chain().token);
      case SCOPE_LACKING -> narrow("close");
      case SUBJECT_MISMATCH ->
          desk.ask(new Named("user", "alice"), "read", Desk.TICKET, desk.chain().token);
      case PURPOSE_REQUIRED -> twoPurposes();
      case PURPOSE_NOT_COVERING -> wrongPurpose();
      case NOT_APPLICABLE -> desk.chain().ask("sign");
      case PROPERTY_INVALID -> desk.chain().ask("charge");
      case BUDGET_EXHAUSTED -> spent();
      case TASK_FACTS_FULL -> fullTask();
      case OBLIGATION_UNSUPPORTED -> unable();
    };
  }

  private static Decision spent() {
    var chain = desk.chain();
    desk.limit(chain.delegation, Map.of("calls", 1L));
    assertThat(desk.consume(chain, "read", "{'consume':true,'request_id':'1'}").allowed()).isTrue();
    return chain.ask("read");
  }

  private static Decision unable() {
    desk.close();
    desk =
        new Desk(
            """
            @id("desk.tells")
            @obligation("notification to=boss@example.org body='It was closed'")
            permit (principal is Prokura::Agent, action == Action::"close", resource);
            """,
            List.of());
    return desk.consume(desk.chain(), "close", "{'supported_obligations':['step-up','dance']}");
  }

  private static Decision fullTask() {
    desk.close();
    desk =
        new Desk(
            """
            @id("desk.closes")
            @records("closed")
            permit (principal is Prokura::Agent, action == Action::"close", resource);
            """,
            List.of());
    var chain = desk.chain();
    var words = new TreeSet<String>();
    for (int i = 0; i < TaskFacts.FACTS_MAX; i++) {
      words.add("f" + i);
    }
    desk.organisation.registers.database.inTransaction(
        tx -> desk.organisation.taskFacts.record(tx, chain.authority.task(), words));
    return chain.ask("close");
  }

  private static AccessRequest question(String type, String id, String action) {
    return new AccessRequest(new Named(type, id), action, Desk.NOTE, "");
  }

  private static Decision notes(
      String subject, String action, String name, String note, String context) {
    return desk.ask(desk.enforcer.id(), desk.about(subject, action, name, note, context));
  }

  private static Decision notCurrent() {
    var now = desk.organisation.registers.now;
    var before = now.getAndUpdate(time -> time.plus(Duration.ofSeconds(3)));
    try {
      return desk.ask(new Named("user", "alice"), "read", Desk.NOTE, "");
    } finally {
      now.set(before);
    }
  }

  private static Decision notActiveEnforcer() {
    var registers = desk.organisation.registers;
    var gone = desk.organisation.workload();
    registers.done(tx -> registers.workloads.deactivate(tx, registers.admin, gone.id(), "test"));
    return desk.ask(gone.id(), question("user", "alice", "read"));
  }

  private static Decision ambiguous() {
    for (var server : List.of("https://one.example.org", "https://two.example.org")) {
      desk.resource(server, "tool", false, PersonRights.CHECKED, List.of());
    }
    return desk.ask(new Named("user", "alice"), "read", new Named("tool", "t"), "");
  }

  private static Decision inactive() {
    var left = desk.organisation.user(desk.organisation.registers.fresh("left")).id();
    desk.deactivate(left);
    return desk.ask(new Named("user", left.text()), "read", Desk.NOTE, "");
  }

  /// What an agent that holds a token for reading alone is told about another action.
  private static Decision narrow(String action) {
    var chain = desk.chain();
    var token =
        desk.organisation.token(
            desk.organisation.use(chain.delegation, chain.api.identifier(), "read"));
    return desk.ask(new Named("user", chain.person.text()), action, Desk.TICKET, token);
  }

  private static Decision twoPurposes() {
    return claimed(desk.support.id(), desk.purpose("other", Desk.ACTIONS).id());
  }

  private static Decision wrongPurpose() {
    return claimed(desk.purpose("writing", "close").id());
  }

  private static Decision claimed(Id.Purpose... purposes) {
    var agent = desk.agent(purposes).id();
    desk.organisation.permit(agent, desk.notes, OWN, Desk.ACTIONS);
    return desk.ask(new Named("agent", agent.text()), "read", Desk.NOTE, "");
  }

  @Test
  void theApiPageListsThemAll() throws IOException {
    var page = Files.readString(Path.of("docs/api.md"));
    var table = page.substring(page.indexOf("## Evaluation"), page.indexOf("## Receipts"));
    var listed =
        Pattern.compile("(?m)^\\| `([a-z_]+)` \\|").matcher(table).results().map(m -> m.group(1));
    assertThat(listed.toList())
        .containsExactlyElementsOf(Arrays.stream(Reason.values()).map(Reason::word).toList());
  }
}
