package io.prokura.catalogue;

import static io.prokura.catalogue.Reversibility.IRREVERSIBLE;
import static io.prokura.catalogue.Reversibility.UNSAID;
import static io.prokura.management.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.sql.TestDatabases;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CatalogueApiTest {
  private final Catalogued it = new Catalogued(TestDatabases.sqlite());
  private final ResourcesApi resources =
      new ResourcesApi(it.all.database, it.all.changes, it.resources, it.all.world, it.all.limits);
  private final PurposesApi purposes =
      new PurposesApi(it.all.database, it.all.changes, it.purposes, it.all.world, it.all.limits);
  private final PermissionsApi permissions =
      new PermissionsApi(it.all.database, it.all.changes, it.permissions, it.all.limits);

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void registersReadsAndReplacesAResource() {
    var enforcer = it.all.workload(it.owner).id().text();
    var created =
        answer(
            resources.register(
                it.all.caller,
                post(
                    "{'identifier':'HTTPS://Crm.Example/mcp','name':'CRM',"
                        + "'types':['record','tool'],"
                        + "'actions':[{'name':'crm.read','sensitivity':'low','reversible':true,"
                        + "'description':'reads'},{'name':'crm.delete','sensitivity':'high',"
                        + "'identifiedBy':['record']},{'name':'crm.send','sensitivity':'low',"
                        + "'reversible':false}],"
                        + "'personRights':'held','enforcers':['"
                        + enforcer
                        + "'],'asserts':['resource.status']}")));
    assertThat(created.status()).isEqualTo(201);
    var body = it.all.body(created);
    assertThat(body.text("identifier")).contains("https://crm.example/mcp");
    assertThat(body.flag("agentFacing")).contains(true);
    var id = body.text("id").orElseThrow();
    var read = answer(resources.get(it.all.caller, with(id, "{}")));
    assertThat(it.all.body(read)).isEqualTo(body);
    assertThat(read.header("ETag")).contains("\"1\"");
    var stored = it.catalogue.resourceAt("https://crm.example/mcp").orElseThrow();
    assertThat(stored.action("crm.delete"))
        .contains(new Action("crm.delete", Sensitivity.HIGH, UNSAID, "", List.of("record")));
    assertThat(stored.action("crm.delete").orElseThrow().reversible()).as("to policies").isFalse();
    assertThat(stored.action("crm.read").orElseThrow().reversible()).isTrue();
    assertThat(stored.action("crm.send").orElseThrow().reversibility()).isEqualTo(IRREVERSIBLE);
    assertThat(body.get("actions").orElseThrow().toText())
        .containsOnlyOnce("\"reversible\":true")
        .containsOnlyOnce("\"reversible\":false");
    assertThat(stored.holdsPersonRights()).isTrue();

    var next = "{'identifier':'https://crm.example/mcp','name':'CRM 2','agentFacing':false}";
    assertThat(answer(resources.replace(it.all.caller, with(id, next))).status()).isEqualTo(428);
    var replaced = answer(resources.replace(it.all.caller, ifMatch(id, "\"1\"", next)));
    assertThat(replaced.header("ETag")).contains("\"2\"");
    assertThat(it.all.body(replaced).text("personRights")).contains("checked");
    assertThat(it.catalogue.resourceOfType("record")).isEmpty();
    var moved = next.replace("mcp", "other");
    refuses(answer(resources.replace(it.all.caller, ifMatch(id, "\"2\"", moved))), "identifier");
  }

  @Test
  void namesTheMemberOfAResourceThatIsWrong() {
    var fine = "'identifier':'https://a.example/','name':'A'";
    refusesResource("{'name':'A'}", "identifier");
    refusesResource("{'identifier':'https://u@a.example/','name':'A'}", "identifier");
    refusesResource("{'identifier':'https://a.example/#f','name':'A'}", "identifier");
    refusesResource("{'identifier':'https://a.example/'}", "name");
    refusesResource("{" + fine + ",'types':['User']}", "types");
    refusesResource("{" + fine + ",'types':['a','a']}", "types");
    refusesResource("{" + fine + ",'types':" + many("t", 51) + "}", "types");
    refusesResource("{" + fine + ",'actions':['read']}", "actions");
    refusesResource("{" + fine + ",'actions':[{'name':'read'}]}", "sensitivity");
    refusesResource("{" + fine + ",'actions':[{'name':'*','sensitivity':'low'}]}", "actions: name");
    refusesResource(
        "{" + fine + ",'actions':[{'name':'a','sensitivity':'low','risk':1}]}", "actions");
    refusesResource(
        "{"
            + fine
            + ",'actions':[{'name':'a','sensitivity':'low'},{'name':'a','sensitivity':'high'}]}",
        "actions");
    var action = fine + ",'actions':[{'name':'a','sensitivity':'low','identifiedBy':";
    refusesResource("{" + action + "['1']}]}", "identifiedBy");
    refusesResource("{" + action + "['a','a']}]}", "identifiedBy");
    refusesResource("{" + action + many("t", 21) + "}]}", "identifiedBy has at most 20");
    refusesResource("{" + fine + ",'agentFacing':'yes'}", "agentFacing");
    refusesResource("{" + fine + ",'personRights':'guessed'}", "personRights");
    refusesResource("{" + fine + ",'enforcers':['agt_1']}", "enforcers");
    refusesResource("{" + fine + ",'asserts':['*']}", "asserts");
    refusesResource("{" + fine + ",'version':1}", "known");
  }

  @Test
  void refusesMoreArgumentsThanItsEntryHolds() {
    var actions =
        IntStream.range(0, 20)
            .mapToObj(
                i -> "{'name':'a" + i + "','sensitivity':'low','identifiedBy':" + hundreds() + "}")
            .collect(Collectors.joining(",", "[", "]"));
    refusesResource(
        "{'identifier':'https://a.example/','name':'A','actions':" + actions + "}", "40000 bytes");
  }

  /// Twenty names of a hundred characters.
  private static String hundreds() {
    return IntStream.range(0, 20)
        .mapToObj(i -> "'" + "n".repeat(98) + (10 + i) + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void keepsTheEntryOfTheLargestResourceWithinItsBound() {
    var enforcers =
        IntStream.range(0, 50)
            .mapToObj(_ -> "'" + it.all.workload(it.owner).id().text() + "'")
            .collect(Collectors.joining(",", "[", "]"));
    var actions =
        IntStream.range(0, 200)
            .mapToObj(i -> "{'name':'" + long100(i) + "','sensitivity':'medium'}")
            .collect(Collectors.joining(",", "[", "]"));
    var created =
        answer(
            resources.register(
                it.all.caller,
                post(
                    "{'identifier':'https://a.example/','name':'A','types':"
                        + longMany("t")
                        + ",'actions':"
                        + actions
                        + ",'enforcers':"
                        + enforcers
                        + ",'asserts':"
                        + longMany("context.")
                        + "}")));
    assertThat(created.status()).isEqualTo(201);

    var id = it.all.body(created).text("id").orElseThrow();
    var names =
        IntStream.range(0, 200)
            .mapToObj(i -> "'" + long100(i) + "'")
            .collect(Collectors.joining(",", "[", "]"));
    var purpose =
        answer(
            purposes.register(
                it.all.caller,
                post(
                    "{'name':'a','owner':'"
                        + it.owner.text()
                        + "','dataCategories':"
                        + longMany("c")
                        + ",'covers':[{'resource':'"
                        + id
                        + "','actions':"
                        + names
                        + "}]}")));
    assertThat(purpose.status()).isEqualTo(201);
  }

  @Test
  void registersReadsAndReplacesAPurpose() {
    var resource = it.resource("read", "write");
    var covers = "[{'resource':'" + resource.id().text() + "','actions':['read']}]";
    var owned = "'owner':'" + it.owner.text() + "','covers':" + covers;
    var text =
        "{'name':'support.triage','description':'Sorts tickets','legalBasis':'contract',"
            + "'dataCategories':['contact'],'expiresAt':'2028-01-01T00:00:00Z',"
            + owned
            + "}";
    var created = answer(purposes.register(it.all.caller, post(text)));
    assertThat(created.status()).isEqualTo(201);
    var id = it.all.body(created).text("id").orElseThrow();
    assertThat(it.all.body(created).text("expiresAt")).contains("2028-01-01T00:00:00Z");
    assertThat(it.all.body(created).text("broader")).isEmpty();
    assertThat(it.all.body(answer(purposes.get(it.all.caller, with(id, "{}")))))
        .isEqualTo(it.all.body(created));
    var narrower =
        "{'name':'support.triage.night','expiresAt':'2027-06-01T00:00:00Z','broader':'"
            + id
            + "',"
            + owned
            + "}";
    var second = answer(purposes.register(it.all.caller, post(narrower)));
    assertThat(second.status()).isEqualTo(201);
    assertThat(it.all.body(second).text("broader")).contains(id);
    assertThat(answer(purposes.register(it.all.caller, post(text))).status()).isEqualTo(409);
    var shrunk = "{'name':'support.triage','owner':'" + it.owner.text() + "'}";
    var refused = answer(purposes.replace(it.all.caller, ifMatch(id, "\"1\"", shrunk)));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(it.all.body(refused).text("detail").orElseThrow()).contains("support.triage.night");
    assertThat(items(answer(purposes.list(it.all.caller, list(""))))).hasSize(2);
    assertThat(items(answer(resources.list(it.all.caller, list("limit=1"))))).hasSize(1);
  }

  @Test
  void namesTheMemberOfAPurposeThatIsWrong() {
    var owner = "'owner':'" + it.owner.text() + "'";
    var resource = it.resource("read").id().text();
    refusesPurpose("{" + owner + "}", "name");
    refusesPurpose("{'name':'Support'," + owner + "}", "name");
    refusesPurpose("{'name':'a'}", "owner");
    refusesPurpose("{'name':'a','owner':'agt_1'}", "owner");
    refusesPurpose("{'name':'a'," + owner + ",'dataCategories':['Health Data']}", "dataCategories");
    refusesPurpose("{'name':'a'," + owner + ",'covers':[{'actions':['read']}]}", "covers");
    refusesPurpose(
        "{'name':'a'," + owner + ",'covers':[{'resource':'" + resource + "'}]}", "covers");
    var one = "{'resource':'" + resource + "','actions':['read']}";
    refusesPurpose("{'name':'a'," + owner + ",'covers':[" + one + "," + one + "]}", "covers");
    refusesPurpose(
        "{'name':'a'," + owner + ",'covers':[" + one.replace("read", "*") + "]}", "covers");
    refusesPurpose("{'name':'a'," + owner + ",'broader':'x'}", "broader");
    var day = "'days':['monday'],";
    var fine = "{" + day + "'from':'09:00','to':'12:00'}";
    for (var windows :
        List.of(
            "",
            fine + ",{" + day + "'from':'11:59','to':'13:00'}",
            "{" + day + "'from':'09:00','to':'09:00'}",
            "{" + day + "'from':'09:00','to':'08:00'}",
            "{" + day + "'from':'24:00','to':'24:00'}",
            "{" + day + "'from':'9:00','to':'10:00'}",
            "{'days':[],'from':'09:00','to':'10:00'}",
            "{'days':['Monday'],'from':'09:00','to':'10:00'}")) {
      refusesPurpose(
          "{'name':'a'," + owner + ",'hours':{'zone':'UTC','windows':[" + windows + "]}}", "hours");
    }
    refusesPurpose(
        "{'name':'a'," + owner + ",'hours':{'zone':'+02:00','windows':[" + fine + "]}}", "zone");
    refusesPurpose("{'name':'a'," + owner + ",'expiresAt':'tomorrow'}", "expiresAt");
    refusesPurpose("{'name':'a'," + owner + ",'expiresAt':'2027-02-30T00:00:00Z'}", "expiresAt");
  }

  @Test
  void givesListsAndRevokesPermissions() {
    var resource = it.resource("read", "write").id().text();
    var agent = it.agent();
    var body = "{'principal':'%s','resource':'%s','actions':['write','read']}";
    var created =
        answer(permissions.give(it.all.caller, post(body.formatted(agent.text(), resource))));
    assertThat(created.status()).isEqualTo(201);
    assertThat(it.all.body(created).text("mode")).contains("onBehalf");
    assertThat(it.all.body(created).text("givenBy")).contains(it.all.admin.text());
    assertThat(it.all.body(created).texts("actions")).contains(List.of("read", "write"));
    var person =
        answer(permissions.give(it.all.caller, post(body.formatted(it.owner.text(), resource))));
    assertThat(it.all.body(person).text("mode")).contains("own");

    var id = it.all.body(created).text("id").orElseThrow();
    assertThat(it.all.body(answer(permissions.get(it.all.caller, with(id, "{}")))))
        .isEqualTo(it.all.body(created));
    assertThat(items(answer(permissions.list(it.all.caller, list(""))))).hasSize(2);
    assertThat(items(answer(permissions.list(it.all.caller, list("principal=" + agent.text())))))
        .containsExactly(it.all.body(created));
    refuses(answer(permissions.list(it.all.caller, list("principal=alice"))), "principal");

    refuses(answer(permissions.revoke(it.all.caller, with(id, "{}"))), "reason");
    var revoked =
        answer(permissions.revoke(it.all.caller, with(id, "{'reason':'Bob is on leave'}")));
    assertThat(revoked.status()).isEqualTo(200);
    assertThat(it.all.body(revoked).text("revokedBy")).contains(it.all.admin.text());
    assertThat(it.all.body(revoked).text("revokedAt")).contains("2027-01-31T12:00:00Z");
    assertThat(answer(permissions.revoke(it.all.caller, with(id, "{'reason':'x'}"))).status())
        .isEqualTo(409);
    assertThat(items(answer(permissions.list(it.all.caller, list("principal=" + agent.text())))))
        .isEmpty();
    assertThat(items(answer(permissions.list(it.all.caller, list(""))))).hasSize(2);
    assertThat(it.all.leaves().toString()).doesNotContain("Bob", "leave");
  }

  @Test
  void boundsThePermissionsOfOnePrincipal() {
    var resource = it.resource("read");
    var agent = it.agent();
    var wanted =
        new Permissions.Wanted(
            agent, resource.id(), resource.scopes(), PermissionMode.OWN, Optional.empty());
    it.all.database.inTransaction(
        tx -> {
          for (int i = 0; i < Permissions.HELD_MAX; i++) {
            it.permissions.give(tx, it.all.admin, wanted);
          }
          return true;
        });
    assertThat(it.catalogue.permissionsOf(agent)).hasSize(Permissions.HELD_MAX);
    assertThat(it.all.refusal(tx -> it.permissions.give(tx, it.all.admin, wanted)))
        .isEqualTo(Refusal.STATE_CONFLICT);
  }

  @Test
  void namesTheMemberOfAPermissionThatIsWrong() {
    var who = "'principal':'" + it.agent().text() + "'";
    var what = "'resource':'" + it.resource("read").id().text() + "'";
    refusesPermission("{" + who + "}", "resource");
    refusesPermission("{" + what + "}", "principal");
    refusesPermission("{'principal':'grp_1'," + what + "}", "principal");
    refusesPermission("{" + who + "," + what + "}", "actions");
    refusesPermission("{" + who + "," + what + ",'actions':['*']}", "actions");
    refusesPermission("{" + who + "," + what + ",'actions':['read'],'mode':'all'}", "mode");
    refusesPermission(
        "{" + who + "," + what + ",'actions':['read'],'expiresAt':'2020-01-01T00:00:00Z'}",
        "expiresAt");
  }

  @Test
  void doesNotFindWhatIsNotThere() {
    for (var id : List.of("res_", "x", Id.Resource.random(it.all.world).text())) {
      assertThat(answer(resources.get(it.all.caller, with(id, "{}"))).status()).isEqualTo(404);
      assertThat(answer(purposes.get(it.all.caller, with(id, "{}"))).status()).isEqualTo(404);
      assertThat(answer(permissions.get(it.all.caller, with(id, "{}"))).status()).isEqualTo(404);
      assertThat(answer(permissions.revoke(it.all.caller, with(id, "{'reason':'r'}"))).status())
          .isEqualTo(404);
      assertThat(answer(purposes.replace(it.all.caller, ifMatch(id, "\"1\"", "{}"))).status())
          .isEqualTo(404);
    }
  }

  @Test
  void leavesFreeTextOutOfTheLeaves() {
    it.resource("read");
    it.purpose(Optional.empty());
    assertThat(it.all.leaves().toString().toLowerCase(Locale.ROOT))
        .contains("support.triage", "read")
        .doesNotContain("an api", "does read", "sorts tickets", it.owner.text());
  }

  private static String long100(int i) {
    return "%03d".formatted(i) + "n".repeat(97);
  }

  /// Fifty different words of 100 letters that start with `prefix`.
  private static String longMany(String prefix) {
    return IntStream.range(0, 50)
        .mapToObj(i -> prefix + "x".repeat(98 - prefix.length()) + (char) ('a' + i / 10) + i % 10)
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String many(String prefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'" + prefix + i + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void refusesResource(String body, String member) {
    refuses(answer(resources.register(it.all.caller, post(body))), member);
  }

  private void refusesPurpose(String body, String member) {
    refuses(answer(purposes.register(it.all.caller, post(body))), member);
  }

  private void refusesPermission(String body, String member) {
    refuses(answer(permissions.give(it.all.caller, post(body))), member);
  }

  private void refuses(Response response, String member) {
    assertThat(response.status()).isEqualTo(400);
    assertThat(it.all.body(response).text("code")).contains("field-invalid");
    assertThat(it.all.body(response).text("detail").orElseThrow()).contains(member);
  }

  private List<Json> items(Response response) {
    return ((Json.Arr) it.all.body(response).get("items").orElseThrow()).items();
  }

  private Request list(String query) {
    return it.all.request("GET", "/").query(query).build();
  }

  private Request post(String body) {
    return it.all.request("POST", "/").json(it.all.json(body)).build();
  }

  private Request with(String id, String body) {
    return it.all.request("POST", "/" + id).pathParameter("id", id).json(it.all.json(body)).build();
  }

  private Request ifMatch(String id, String tag, String body) {
    return it.all
        .request("PUT", "/" + id)
        .pathParameter("id", id)
        .header("If-Match", tag)
        .json(it.all.json(body))
        .build();
  }
}
