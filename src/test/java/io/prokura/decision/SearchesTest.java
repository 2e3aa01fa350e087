package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.OWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.agents.AgentTransition;
import io.prokura.catalogue.PersonRights;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.decision.Search.Open;
import io.prokura.decision.Search.Page;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.policy.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What searches find is exactly what decisions allow: with and without tokens, for every kind of
/// subject, and nothing of resources that share a type.
final class SearchesTest {
  private static Desk desk;
  private static Organisation organisation;
  private static Searches searches;

  @BeforeAll
  static void start() {
    desk = new Desk();
    organisation = desk.organisation;
    searches = searches(organisation);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static Searches searches(Organisation organisation) {
    var registers = organisation.registers;
    return new Searches(
        registers.world,
        registers.database,
        registers.audit,
        registers.directory,
        organisation.agents,
        organisation.catalogue,
        organisation.policies,
        organisation.inquiries);
  }

  private static Page page(Open open, AccessRequest question, int limit, Page before) {
    return Organisation.value(
        searches.search(desk.enforcer.id(), new Search(open, question, limit, before.next())));
  }

  private static Page page(Open open, AccessRequest question) {
    return page(open, question, 200, new Page(List.of(), Optional.empty(), Optional.empty()));
  }

  private static AccessRequest question(Named subject, String action, Named object, String token) {
    return new AccessRequest(subject, action, object, token);
  }

  private static List<String> found(Open open, AccessRequest question) {
    var page = page(open, question);
    assertThat(page.next()).isEmpty();
    return page.found();
  }

  @Test
  void aSearchWithoutTokenOfAnAgentFacingResourceFindsNothingAndSaysWhy() {
    organisation.permit(desk.alice, desk.tickets, OWN, Desk.ACTIONS);
    for (var open : List.of(Open.SUBJECT, Open.RESOURCE, Open.ACTION)) {
      var asked = question(new Named("user", desk.alice.text()), "read", Desk.TICKET, "");
      var page = page(open, asked);
      assertThat(page.found()).isEmpty();
      if (open != Open.RESOURCE) {
        assertThat(page.ended().orElseThrow().reason()).isEqualTo(Reason.TOKEN_REQUIRED);
      }
    }
  }

  @Test
  void withATokenTheSubjectsAreTheTokensOwn() {
    var chain = desk.chain();
    var users = question(new Named("user", "*"), "read", Desk.TICKET, chain.token);
    var name = organisation.registers.directory.user(chain.person).orElseThrow().userName();
    assertThat(found(Open.SUBJECT, users)).containsExactly(name);
    var agents = question(new Named("agent", "*"), "read", Desk.TICKET, chain.token);
    assertThat(found(Open.SUBJECT, agents)).containsExactly(chain.current.id().text());
    var person = new Named("user", chain.person.text());
    var actions = found(Open.ACTION, question(person, "*", Desk.TICKET, chain.token));
    assertThat(actions).contains("read", "scan");
    for (var action : Desk.ACTIONS) {
      assertThat(actions.contains(action)).as(action).isEqualTo(chain.ask(action).allowed());
    }
  }

  @Test
  void whatIsFoundIsWhatIsAllowedOneByOne() {
    var agent = desk.agent(desk.support.id());
    organisation.permit(agent.id(), desk.notes, OWN, "read", "scan");
    var suspended = desk.agent(desk.support.id());
    organisation.permit(suspended.id(), desk.notes, OWN, "read");
    organisation.step(suspended.id(), AgentTransition.SUSPEND);
    var workload = organisation.workload();
    organisation.permit(workload.id(), desk.notes, OWN, "read", "close");
    var person = organisation.user("searched").id();
    organisation.permit(person, desk.notes, OWN, "read", "sign");
    for (var subject : List.<Id.Principal>of(agent.id(), suspended.id(), workload.id(), person)) {
      var type =
          switch (subject) {
            case Id.User _ -> "user";
            case Id.Agent _ -> "agent";
            case Id.Workload _ -> "workload";
          };
      var name = subject.equals(person) ? "searched" : subject.text();
      var actions =
          found(Open.ACTION, question(new Named(type, subject.text()), "*", Desk.NOTE, ""));
      for (var action : Desk.ACTIONS) {
        boolean allowed = desk.ask(new Named(type, name), action, Desk.NOTE, "").allowed();
        assertThat(actions.contains(action)).as("%s %s", subject, action).isEqualTo(allowed);
        var subjects = found(Open.SUBJECT, question(new Named(type, "*"), action, Desk.NOTE, ""));
        assertThat(subjects.contains(name)).as("%s %s", subject, action).isEqualTo(allowed);
      }
    }
    assertThat(
            found(Open.ACTION, question(new Named("agent", agent.id().text()), "*", Desk.NOTE, "")))
        .containsExactly("read", "scan");
  }

  @Test
  void aPageLooksAtABoundedNumberAndTheNextGoesOn() {
    for (int i = 0; i < 5; i++) {
      var person = organisation.user(organisation.registers.fresh("bounded")).id();
      organisation.permit(person, desk.notes, OWN, "scan");
    }
    var asked = question(new Named("user", "*"), "scan", Desk.NOTE, "");
    var whole = found(Open.SUBJECT, asked);
    var narrow = searches.lookingAt(2);
    var parts = new ArrayList<String>();
    Optional<Search.Position> from = Optional.empty();
    int pages = 0;
    do {
      var search = new Search(Open.SUBJECT, asked, 200, from);
      var page = Organisation.value(narrow.search(desk.enforcer.id(), search));
      assertThat(page.found()).hasSizeLessThanOrEqualTo(2);
      parts.addAll(page.found());
      from = page.next();
      pages++;
    } while (from.isPresent() && pages < 1_000);
    assertThat(parts).isEqualTo(whole);
    assertThat(pages).isGreaterThan(3);
  }

  @Test
  void aNodeThatMayHaveMissedAChangeFindsNothingOut() {
    try (var other = new Desk()) {
      other.organisation.registers.now.updateAndGet(now -> now.plusSeconds(60));
      var asked = question(new Named("user", "*"), "scan", Desk.NOTE, "");
      var search = new Search(Open.SUBJECT, asked, 10, Optional.empty());
      var behind = searches(other.organisation);
      assertThatThrownBy(() -> behind.search(other.enforcer.id(), search))
          .isInstanceOf(Outage.class);
    }
  }

  @Test
  void noSearchIsADecisionAndNobodyElsesEnforcerGetsOne() {
    var stranger = organisation.workload();
    var asked = question(new Named("user", desk.alice.text()), "read", Desk.NOTE, "");
    int before = organisation.registers.leaves().size();
    var page =
        Organisation.value(
            searches.search(stranger.id(), new Search(Open.SUBJECT, asked, 10, Optional.empty())));
    assertThat(page.found()).isEmpty();
    assertThat(page.ended().orElseThrow().reason()).isEqualTo(Reason.NOT_YOUR_RESOURCE);
    var leaves = organisation.registers.leaves();
    assertThat(leaves).hasSize(before + 1);
    assertThat(leaves.getLast()).contains("search.made").doesNotContain("decision.made");
  }

  @Test
  void resourcesThatShareATypeAreNotToldOfEachOthersObjects() {
    try (var shared = new Organisation(Policies.of(tools()))) {
      var mine = shared.workload();
      var theirs = shared.workload();
      for (var one : List.of(mine, theirs)) {
        shared.resource(
            "https://tools.example.org/" + (one.equals(mine) ? "mine" : "theirs"),
            List.of("tool"),
            List.of("call"),
            false,
            PersonRights.CHECKED,
            List.of(one.id()),
            List.of());
      }
      var who = new Named("user", shared.user("caller").id().text());
      var asked = new AccessRequest(who, "call", new Named("tool", "*"), "");
      var search = new Search(Open.RESOURCE, asked, 200, Optional.empty());
      var all = searches(shared);
      for (var one : List.of(mine, theirs)) {
        assertThat(Organisation.value(all.search(one.id(), search)).found()).isEmpty();
      }
      var saw = new AccessRequest(who, "call", new Named("tool", "saw"), "");
      var callers = new Search(Open.SUBJECT, saw, 200, Optional.empty());
      assertThat(Organisation.value(all.search(mine.id(), callers)).found()).contains("caller");
    }
  }

  private static Path tools() {
    var folder =
        Desk.folder(
            """
            entity tool in [Prokura::Resource];
            action call
              appliesTo { principal: [Prokura::User], resource: [tool], context: {} };
            """,
            "permit (principal, action == Action::\"call\", resource);");
    var entities =
        """
        [{"uid": {"type": "tool", "id": "saw"}, "attrs": {}, "parents": []},
         {"uid": {"type": "tool", "id": "hammer"}, "attrs": {}, "parents": []},
         {"uid": {"type": "tool", "id": "drill"}, "attrs": {}, "parents": []},
         {"uid": {"type": "tool", "id": "nobodys"}, "attrs": {}, "parents": []}]
        """;
    try {
      Files.writeString(folder.resolve("entities.json"), entities);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
