package io.prokura.access;

import static io.prokura.catalogue.PermissionMode.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Effective access as it is listed: complete, paged, in one snapshot, and without anybody who may
/// not act.
final class AccessApiTest {
  private final Shop shop = new Shop();

  @AfterEach
  void close() {
    shop.close();
  }

  private Json.Obj listed(String query) {
    var response = shop.list(query);
    assertThat(response.status()).as(response.bodyText()).isEqualTo(200);
    return shop.organisation.registers.body(response);
  }

  private List<String> whole(String query) {
    var rows = new ArrayList<String>();
    var page = listed(query);
    for (int i = 0; i < 200; i++) {
      Shop.items(page, "items").forEach(one -> rows.add(one.toText()));
      if (page.text("next").isEmpty()) {
        return rows;
      }
      page = listed(query + "&cursor=" + page.text("next").get());
    }
    throw new AssertionError("no end");
  }

  @Test
  void aPrincipalHasARowForEveryActionInEveryMode() {
    var permission = shop.permit(shop.orders, OWN, "read", "change");
    var page = listed("principal=" + shop.agent.id().text());
    var rows = Shop.items(page, "items");
    assertThat(rows).hasSize(2 * 2 * Shop.ACTIONS.length);
    assertThat(rows)
        .filteredOn(row -> row.text("access").orElseThrow().equals("allowed"))
        .allSatisfy(row -> assertThat(row.text("action")).hasValue("read"))
        .allSatisfy(
            row -> assertThat(row.texts("policies")).hasValue(List.of(permission.id().text())))
        .hasSize(2);
    assertThat(rows)
        .filteredOn(row -> row.text("access").orElseThrow().equals("depends"))
        .allSatisfy(row -> assertThat(row.texts("open")).hasValue(List.of("shop.closed")))
        .hasSize(2);
    var texts = page.object("policies").orElseThrow();
    assertThat(texts.text("shop.closed").orElseThrow()).contains("resource.closed");
    assertThat(texts.text(permission.id().text()).orElseThrow()).contains("permit");
    var one = listed("action=read&principal=" + shop.agent.id().text());
    assertThat(Shop.items(one, "items"))
        .hasSize(4)
        .allSatisfy(row -> assertThat(row.text("action")).hasValue("read"));
  }

  @Test
  void aResourceHasEverybodyWhoGetsSomewhereAndNobodyElse() {
    shop.permit(shop.orders, OWN, "read");
    var person = shop.organisation.user("reader").id();
    shop.organisation.permit(person, shop.orders, OWN, "read");
    var stopped = shop.organisation.agent(shop.owner, shop.backup, shop.selling.id());
    shop.organisation.permit(stopped.id(), shop.orders, OWN, "read");
    shop.organisation.step(stopped.id(), AgentTransition.SUSPEND);
    var rows = whole("resource=" + shop.orders.id().text());
    assertThat(rows).hasSize(3);
    assertThat(rows).filteredOn(row -> row.contains(person.text())).hasSize(1);
    assertThat(rows).filteredOn(row -> row.contains(shop.agent.id().text())).hasSize(2);
    assertThat(rows).noneMatch(row -> row.contains(stopped.id().text()));
    assertThat(whole("action=cancel&resource=" + shop.orders.id().text())).isEmpty();
  }

  @Test
  void pagesAddUpToTheWhole() {
    for (int i = 0; i < 7; i++) {
      var person = shop.organisation.user(shop.organisation.registers.fresh("paged")).id();
      shop.organisation.permit(person, shop.orders, OWN, "read");
    }
    for (var query :
        List.of("resource=" + shop.orders.id().text(), "principal=" + shop.agent.id().text())) {
      assertThat(whole("limit=1&" + query)).isNotEmpty().isEqualTo(whole(query));
    }
  }

  @Test
  void aListGoesOnInItsSnapshotAndEndsWhenThatIsGone() throws IOException {
    shop.permit(shop.orders, OWN, "read");
    var query = "limit=1&principal=" + shop.agent.id().text();
    var first = listed(query);
    var next = query + "&cursor=" + first.text("next").orElseThrow();
    var file = shop.folder.resolve("shop.cedar");
    var text = Files.readString(file);
    for (int i = 0; i < 4; i++) {
      Files.writeString(file, text + "// " + i + "\n");
      shop.reload();
      assertThat(listed(query).text("snapshot")).isNotEqualTo(first.text("snapshot"));
      if (i < 2) {
        assertThat(listed(next).text("snapshot")).isEqualTo(first.text("snapshot"));
      }
    }
    var gone = shop.list(next);
    assertThat(gone.status()).isEqualTo(400);
    assertThat(gone.bodyText()).contains("the policies have changed");
  }

  @Test
  void whatIsNoQuestionIsRefused() {
    var agent = "principal=" + shop.agent.id().text();
    for (var query :
        List.of(
            "",
            agent + "&resource=" + shop.orders.id().text(),
            "principal=agt_00000000000000000000000000",
            "resource=res_00000000000000000000000000",
            "principal=x",
            agent + "&limit=0",
            agent + "&cursor=b25l",
            agent + "&cursor=!")) {
      assertThat(shop.list(query).status()).as(query).isEqualTo(400);
    }
  }
}
