package io.prokura.decision;

import static io.prokura.decision.Reason.ALLOWED;
import static io.prokura.decision.Reason.FORBIDDEN;
import static io.prokura.decision.Reason.NOT_PERMITTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Sensitivity;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.directory.User;
import io.prokura.directory.Workload;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.Policies;
import io.prokura.policy.StarterPolicies;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The starter policies in an organisation, on what is registered there.
final class StarterPoliciesTest {
  private static final String API = "https://items.example.org";
  private static final String[] ACTIONS = {"read", "write", "price", "erase"};

  private final Organisation organisation;
  private final Workload enforcer;
  private final Resource api;
  private final User owner;
  private final User backup;
  private final Id.Agent agent;

  StarterPoliciesTest() throws IOException {
    var folder = TestDatabases.folder();
    for (var file : StarterPolicies.files()) {
      Files.writeString(folder.resolve(file.name()), file.text());
    }
    organisation = new Organisation(Policies.of(folder));
    enforcer = organisation.workload();
    owner = organisation.user("owner");
    backup = organisation.user("backup");
    api = resource();
    var purpose = organisation.purpose("work", owner.id(), api, ACTIONS);
    agent = organisation.agent(owner.id(), backup.id(), purpose.id()).id();
  }

  @AfterEach
  void close() {
    organisation.close();
  }

  private Resource resource() {
    var registers = organisation.registers;
    var resource =
        new Resource(
            Id.Resource.random(registers.world),
            API,
            "Items",
            List.of("item"),
            List.of(
                new Action("read", Sensitivity.LOW, true, ""),
                new Action("write", Sensitivity.LOW, true, ""),
                new Action("price", Sensitivity.HIGH, true, ""),
                new Action("erase", Sensitivity.LOW, false, "")),
            true,
            PersonRights.CHECKED,
            Algorithm.ES256,
            List.of(enforcer.id()),
            List.of("context.attended"),
            1);
    return registers.done(tx -> organisation.resources.register(tx, registers.admin, resource));
  }

  private Permission permit() {
    return organisation.permit(agent, api, PermissionMode.OWN, ACTIONS);
  }

  private Reason ask(String token, String action, boolean attended) {
    var context = Json.object();
    if (attended) {
      context.put("attended", true);
    }
    var request =
        new AccessRequest(
            new Named("agent", agent.text()),
            new Asked(action),
            new Named("item", "1"),
            context.build(),
            token);
    return organisation.pdp.decide(enforcer.id(), request).reason();
  }

  private String token() {
    return organisation.token(organisation.own(agent, API, ACTIONS));
  }

  @Test
  void anAgentMayNothingUntilSomebodyPermitsIt() {
    var permission = permit();
    var token = token();
    assertThat(ask(token, "write", false)).isEqualTo(ALLOWED);
    var registers = organisation.registers;
    registers.done(
        tx -> organisation.permissions.revoke(tx, registers.admin, permission.id(), "test"));
    assertThat(ask(token, "write", false)).isEqualTo(NOT_PERMITTED);
  }

  @Test
  void whatIsGraveNeedsAPerson() {
    permit();
    var token = token();
    assertThat(ask(token, "read", false)).isEqualTo(ALLOWED);
    assertThat(ask(token, "price", true)).isEqualTo(FORBIDDEN);
    assertThat(ask(token, "erase", false)).isEqualTo(FORBIDDEN);
    assertThat(ask(token, "erase", true)).isEqualTo(ALLOWED);
  }

  @Test
  void anAgentThatNobodyAnswersForOnlyReads() {
    permit();
    var token = token();
    deactivate(owner);
    assertThat(ask(token, "write", false)).isEqualTo(ALLOWED);
    deactivate(backup);
    assertThat(ask(token, "write", false)).isEqualTo(FORBIDDEN);
    assertThat(ask(token, "read", false)).isEqualTo(ALLOWED);
  }

  private void deactivate(User user) {
    var registers = organisation.registers;
    registers.done(tx -> registers.users.deactivate(tx, registers.admin, user.id(), "left"));
  }
}
