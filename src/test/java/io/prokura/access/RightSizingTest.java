package io.prokura.access;

import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.catalogue.PermissionMode.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.Permission;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.decision.Decision;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import io.prokura.policy.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is reported as unused was not used, and what is proposed takes nothing away that was.
final class RightSizingTest {
  private final Shop shop = new Shop();

  @AfterEach
  void close() {
    shop.close();
  }

  /// How often each action of a permission was used.
  private Map<String, Long> used(Json.Obj report, Permission permission) {
    var used = new TreeMap<String, Long>();
    Shop.items(report, "permissions").stream()
        .filter(one -> one.text("id").orElseThrow().equals(permission.id().text()))
        .flatMap(one -> Shop.items(one, "actions").stream())
        .forEach(
            one -> used.put(one.text("action").orElseThrow(), one.number("used").orElseThrow()));
    return used;
  }

  private static List<String> calls(Json.Obj report) {
    return Shop.items(report, "proposal").stream()
        .map(call -> call.text("path").orElseThrow())
        .toList();
  }

  @Test
  void whatDecisionsAllowedIsUsedAndWhatTheyDeniedIsNot() {
    var permission = shop.permit(shop.orders, OWN, "read", "change");
    assertThat(shop.asksItself("read").allowed()).isTrue();
    assertThat(shop.asksItself("cancel").allowed()).isFalse();
    assertThat(shop.asksTogether("read", "cancel", "read")).hasSize(3);
    var report = shop.unused(30);
    assertThat(used(report, permission)).isEqualTo(Map.of("read", 3L, "change", 0L));
    assertThat(Shop.items(report, "policies"))
        .extracting(one -> one.text("id").orElseThrow() + " " + one.number("used").orElseThrow())
        .containsExactly(permission.id().text() + " 3");
    var checked = report.object("checked").orElseThrow();
    assertThat(checked.number("decisions")).hasValue(5L);
    assertThat(checked.number("allowed")).hasValue(3L);
    assertThat(checked.flag("complete")).hasValue(true);
    assertThat(report.text("statement").orElseThrow()).contains("5 decisions, 3 of them allowed");
  }

  @Test
  void whatAnotherAgentDidOrWhatIsLongPastIsNotUse() {
    var permission = shop.permit(shop.orders, OWN, "read");
    assertThat(shop.asksItself("read").allowed()).isTrue();
    shop.organisation.registers.now.updateAndGet(now -> now.plus(Duration.ofDays(8)));
    shop.organisation.registers.feed.catchUp();
    assertThat(used(shop.unused(7), permission)).isEqualTo(Map.of("read", 0L));
    assertThat(used(shop.unused(9), permission)).isEqualTo(Map.of("read", 1L));
    var other = new Usage(Id.Agent.random(shop.organisation.registers.world));
    var facts =
        shop.organisation.registers.json(
            "{'principals':['%s'],'resource':'%s','action':'read','allowed':true}"
                .formatted(shop.agent.id().text(), shop.orders.id().text()));
    other.add(Usage.DECISION, shop.organisation.registers.now.get(), facts);
    assertThat(other.decisions()).isZero();
  }

  @Test
  void aTokenCountsForWhatWasAskedForByName() {
    var permission = shop.permit(shop.orders, OWN, "read", "change");
    assertThat(shop.asksItself("read").allowed()).isTrue();
    shop.obtainsToken(shop.orders);
    assertThat(used(shop.unused(30), permission)).containsEntry("change", 0L);
    shop.obtainsToken(shop.orders, "change");
    assertThat(used(shop.unused(30), permission)).containsEntry("change", 1L);
  }

  @Test
  void whereNothingIsDecidedEveryActionOfATokenCounts() {
    var permission = shop.permit(shop.stock, OWN, "read", "change");
    shop.obtainsToken(shop.stock);
    var report = shop.unused(30);
    assertThat(used(report, permission)).isEqualTo(Map.of("read", 1L, "change", 1L));
    assertThat(calls(report)).isEmpty();
  }

  @Test
  void delegationsThatNothingWasDoneUnderAreDormant() {
    shop.permit(shop.orders, ON_BEHALF, "read");
    var used = shop.delegation();
    var dormant = shop.delegation();
    assertThat(shop.asksFor(used, "read").allowed()).isTrue();
    var report = shop.unused(30);
    assertThat(Shop.items(report, "dormant"))
        .extracting(one -> one.text("id").orElseThrow())
        .containsExactly(dormant.id().text());
    assertThat(calls(report))
        .contains("/api/v1/delegations/" + dormant.id().text() + "/revoke")
        .doesNotContain("/api/v1/delegations/" + used.id().text() + "/revoke");
  }

  @Test
  void whatAllowsMoreThanItNamesIsListed() {
    var all = shop.permit(shop.orders, OWN, Shop.ACTIONS);
    shop.permit(shop.stock, OWN, "read");
    assertThat(Shop.items(shop.unused(30), "wildcards"))
        .extracting(one -> one.text("id").orElseThrow())
        .containsExactlyInAnyOrder(all.id().text(), "shop.broad");
  }

  @Test
  void theProposalTakesNothingAwayThatWasUsed() {
    shop.permit(shop.orders, OWN, Shop.ACTIONS);
    var never = shop.permit(shop.stock, OWN, "read");
    var delegation = shop.delegation();
    assertThat(shop.asksItself("read").allowed()).isTrue();
    assertThat(shop.asksFor(delegation, "change").allowed()).isTrue();
    var proposal = shop.unused(30);
    assertThat(calls(proposal)).hasSize(3).last().asString().contains(never.id().text());
    apply(proposal);
    assertThat(shop.asksItself("read").allowed()).isTrue();
    assertThat(shop.asksFor(delegation, "change").allowed()).isTrue();
    Decision lost = shop.asksItself("cancel");
    assertThat(lost.allowed()).isFalse();
    assertThat(calls(shop.unused(30))).isEmpty();
  }

  @Test
  void theTightenedPolicyKeepsWhatWasUsedAndTakesTheRest() throws IOException {
    shop.permit(shop.orders, OWN, Shop.ACTIONS);
    var delegation = shop.delegation();
    assertThat(shop.asksItself("read").allowed()).isTrue();
    assertThat(shop.asksFor(delegation, "change").allowed()).isTrue();
    var tightening = shop.unused(30).object("tightening").orElseThrow();
    assertThat(tightening.texts("undeclared")).hasValue(List.of());
    var text = tightening.text("text").orElseThrow();
    assertThat(text)
        .contains("@id(\"tighten." + shop.agent.id().text(), "to the 2 actions")
        .contains("action == Action::\"read\"", "action == Action::\"change\"")
        .doesNotContain("cancel");
    assertThat(shop.asksItself("cancel").allowed()).isTrue();
    Files.writeString(shop.folder.resolve(tightening.text("file").orElseThrow()), text);
    var draft = Policies.of(shop.folder).current();
    var replayed = shop.replay().part(draft, 0, Instant.MAX, 10_000);
    assertThat(replayed.unknown()).isZero();
    assertThat(replayed.unchanged()).isEqualTo(2);
    assertThat(replayed.flips())
        .extracting(flip -> flip.was().action().orElseThrow() + " " + flip.policies())
        .containsExactly("cancel [tighten." + shop.agent.id().text() + "]");
    shop.reload();
    assertThat(shop.asksItself("read").allowed()).isTrue();
    assertThat(shop.asksFor(delegation, "change").allowed()).isTrue();
    assertThat(shop.asksItself("cancel").allowed()).isFalse();
    shop.obtainsToken(shop.orders);
  }

  @Test
  void whoUsedNothingIsKeptToNothing() throws IOException {
    shop.permit(shop.orders, OWN, Shop.ACTIONS);
    var tightening = shop.unused(30).object("tightening").orElseThrow();
    var file = shop.folder.resolve(tightening.text("file").orElseThrow());
    Files.writeString(file, tightening.text("text").orElseThrow());
    assertThat(shop.asksItself("read").allowed()).isTrue();
    shop.reload();
    assertThat(shop.asksItself("read").allowed()).isFalse();
  }

  @Test
  void whatWasUsedOnBehalfAloneIsProposedForThatAlone() {
    shop.permit(shop.orders, OWN, "read");
    assertThat(shop.asksFor(shop.delegation(), "read").allowed()).isTrue();
    var call = Shop.items(shop.unused(30), "proposal").getFirst().object("body").orElseThrow();
    assertThat(call.text("mode")).hasValue("onBehalf");
    assertThat(call.texts("actions")).hasValue(List.of("read"));
  }

  /// Does what the proposal's calls say.
  private void apply(Json.Obj report) {
    var organisation = shop.organisation;
    var admin = organisation.registers.admin;
    for (var call : Shop.items(report, "proposal")) {
      var path = call.text("path").orElseThrow();
      var body = call.object("body").orElseThrow();
      if (path.equals("/api/v1/permissions")) {
        var wanted =
            new Permissions.Wanted(
                Id.Principal.parse(body.text("principal").orElseThrow()).orElseThrow(),
                new Id.Resource(body.text("resource").orElseThrow()),
                Scopes.of(body.texts("actions").orElseThrow()),
                PermissionMode.parse(body.text("mode").orElseThrow()).orElseThrow(),
                Optional.empty());
        organisation.registers.done(tx -> organisation.permissions.give(tx, admin, wanted));
      } else {
        var id = new Id.Permission(path.split("/", -1)[4]);
        organisation.registers.done(tx -> organisation.permissions.revoke(tx, admin, id, "unused"));
      }
    }
  }
}
