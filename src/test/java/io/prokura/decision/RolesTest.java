package io.prokura.decision;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import io.prokura.approvals.Approver;
import io.prokura.approvals.Approvers;
import io.prokura.approvals.ExactAction;
import io.prokura.approvals.Wanted;
import io.prokura.cedar.EntityType;
import io.prokura.directory.ManagementRole;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.policy.ManagementPolicies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may do what in the management of the server: every action on every kind of thing it can be
/// done to, for every kind of caller. `yes` is an answer, a number the status of the refusal.
final class RolesTest {
  private static final ManagementPolicies POLICIES = ManagementPolicies.builtIn();
  private static final Path ROUTES = Path.of("src/test/resources/golden/routes.txt");

  @Test
  void roles() {
    try (var managed = new Managed();
        var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var callers = callers(managed);
      var things = things(managed);
      var rows = new LinkedHashMap<String, List<Future<Integer>>>();
      for (var action : POLICIES.actions()) {
        for (var type : types(action, things.keySet())) {
          var id = things.getOrDefault(type, "");
          rows.put(
              action + " " + type,
              callers.values().stream()
                  .map(token -> calls.submit(() -> managed.call(token, action, id).status()))
                  .toList());
        }
      }
      var text = new StringBuilder(line("", callers.keySet().stream()));
      rows.forEach((row, cells) -> text.append(line(row, cells.stream().map(RolesTest::cell))));
      Golden.check("roles.txt", text.toString());
    }
  }

  /// The types of things that an action can be done to. What does not exist is a `Thing` too, and
  /// has no row of its own.
  private static List<String> types(String action, Collection<String> types) {
    var applicable =
        types.stream()
            .filter(type -> POLICIES.applies(action, new EntityType("Management::" + type)))
            .toList();
    return applicable.size() == 1
        ? applicable
        : applicable.stream().filter(type -> !type.equals("Thing")).toList();
  }

  private static String cell(Future<Integer> call) {
    try {
      int status = call.get(30, TimeUnit.SECONDS);
      return status == 200 ? "yes" : String.valueOf(status);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  private static String line(String row, Stream<String> cells) {
    var text = "%-28s".formatted(row) + cells.map("%-14s"::formatted).collect(joining());
    return text.stripTrailing() + "\n";
  }

  /// Tokens by who holds them. The owner owns the agent and the purpose, and is the user asked
  /// about.
  private static SequencedMap<String, String> callers(Managed managed) {
    var organisation = managed.organisation;
    var callers = new LinkedHashMap<String, String>();
    for (var role : ManagementRole.values()) {
      callers.put(role.word(), managed.token(managed.person(role)));
    }
    organisation.permit(managed.owner, managed.api, OWN, "manage");
    callers.put("owner", managed.token(managed.owner));
    callers.put("nobody", managed.token(managed.person()));
    callers.put("registrar_wkl", managed.token(managed.workload(ManagementRole.REGISTRAR)));
    organisation.permit(managed.agent.id(), managed.api, OWN, "manage");
    callers.put("agent", managed.token(managed.agent.id()));
    var administrator = managed.person(ManagementRole.ADMINISTRATOR);
    organisation.permit(managed.agent.id(), managed.api, ON_BEHALF, "manage");
    var delegation =
        organisation.delegate(
            administrator, managed.agent.id(), managed.purpose, managed.api, "manage");
    callers.put(
        "through_agent", managed.token(organisation.use(delegation, Managed.API, "manage")));
    return callers;
  }

  /// Something of every type that an action can be done to.
  private static SequencedMap<String, String> things(Managed managed) {
    var world = managed.organisation.registers.world;
    var things = new LinkedHashMap<String, String>();
    things.put("Server", "");
    things.put("Agent", managed.agent.id().text());
    things.put("Workload", managed.organisation.workload().id().text());
    things.put("Client", Id.Client.random(world).text());
    things.put("Purpose", managed.purpose.id().text());
    things.put("User", managed.owner.text());
    things.put("Approval", approval(managed));
    var organisation = managed.organisation;
    var given =
        organisation.delegate(
            managed.owner, managed.agent.id(), managed.purpose, managed.api, "manage");
    things.put("Delegation", given.id().text());
    things.put("Thing", Id.Permission.random(world).text());
    return things;
  }

  /// One that the owner may decide about.
  private static String approval(Managed managed) {
    var world = managed.organisation.registers.world;
    var action =
        new ExactAction(
            List.of(managed.agent.id(), managed.person()),
            List.of(),
            Optional.of(managed.purpose.id()),
            managed.api.id(),
            "thing",
            "1",
            "manage",
            Json.object().put("id", "1").build());
    var wanted =
        new Wanted(
            managed.workload(),
            action,
            Approvers.named(List.of(new Approver.User(managed.owner))),
            Id.Decision.next(world),
            Lineage.of(managed.agent.id()),
            managed.organisation.cutOffs.applied(),
            "",
            Optional.empty());
    return Organisation.value(managed.organisation.approvals.request(wanted)).id().text();
  }

  @Test
  void everyActionOfThePoliciesHasARoute() throws IOException {
    var routed =
        Files.readAllLines(ROUTES).stream()
            .map(line -> line.split(" ", -1)[2])
            .filter(access -> access.contains("."))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(POLICIES.actions()).isEqualTo(routed);
  }
}
