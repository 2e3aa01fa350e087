package io.prokura.directory;

import static io.prokura.management.Answers.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DirectoryApiTest {
  private final Registers all = new Registers(TestDatabases.sqlite());
  private final UsersApi users =
      new UsersApi(all.database, all.changes, all.users, all.world, all.limits);
  private final GroupsApi groups =
      new GroupsApi(all.database, all.changes, all.groups, all.world, all.limits);
  private final WorkloadsApi workloads =
      new WorkloadsApi(all.database, all.changes, all.workloads, all.world, all.limits);

  @AfterEach
  void close() {
    all.close();
  }

  @Test
  void registersReadsAndReplacesAUser() {
    var created =
        answer(
            users.register(
                all.caller,
                post(
                    "{'userName':'Dana','displayName':'Dana D.','email':'dana@example.org',"
                        + "'roles':['auditor','administrator']}")));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("ETag")).contains("\"1\"");
    var body = all.body(created);
    assertThat(body.text("id").flatMap(Id.User::parse)).isPresent();
    assertThat(body.texts("roles")).contains(List.of("administrator", "auditor"));
    assertThat(body.flag("active")).contains(true);

    var id = body.text("id").orElseThrow();
    var read = answer(users.get(all.caller, with(id, "GET", "{}")));
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.header("ETag")).contains("\"1\"");
    assertThat(all.body(read)).isEqualTo(body);

    var next = "{'userName':'dana.d','roles':['administrator']}";
    assertThat(answer(users.replace(all.caller, with(id, "PUT", next))).status()).isEqualTo(428);
    assertThat(answer(users.replace(all.caller, ifMatch(id, "\"9\"", next))).status())
        .isEqualTo(412);
    var replaced = answer(users.replace(all.caller, ifMatch(id, "\"1\"", next)));
    assertThat(replaced.status()).isEqualTo(200);
    assertThat(replaced.header("ETag")).contains("\"2\"");
    assertThat(all.body(replaced).text("displayName")).contains("dana.d");
    assertThat(all.body(replaced).text("email")).contains("");
  }

  @Test
  void namesTheMemberThatIsWrong() {
    refuses(answer(users.register(all.caller, post("{}"))), "userName");
    refuses(answer(users.register(all.caller, post("{'userName':'a\\u0000'}"))), "userName");
    refuses(answer(users.register(all.caller, post("{'userName':7}"))), "userName");
    refuses(
        answer(users.register(all.caller, post("{'userName':'a','displayName':' '}"))),
        "displayName");
    refuses(answer(users.register(all.caller, post("{'userName':'a','email':'a'}"))), "email");
    refuses(answer(users.register(all.caller, post("{'userName':'a','email':'a@b@c'}"))), "email");
    refuses(answer(users.register(all.caller, post("{'userName':'a','roles':['root']}"))), "roles");
    refuses(answer(users.register(all.caller, post("{'userName':'a','active':false}"))), "known");
    refuses(answer(groups.create(all.caller, post("{'members':[]}"))), "name");
    refuses(answer(groups.create(all.caller, post("{'name':'g','members':['x']}"))), "members");
    refuses(answer(workloads.register(all.caller, post("{'name':'w'}"))), "owner");
    refuses(answer(workloads.register(all.caller, post("{'name':'w','owner':'agt_1'}"))), "owner");
  }

  @Test
  void deactivatesWithAReasonAndActivatesAgain() {
    var id = all.user("erin").id().text();
    refuses(answer(users.deactivate(all.caller, with(id, "POST", "{}"))), "reason");
    var gone =
        answer(users.deactivate(all.caller, with(id, "POST", "{'reason':'left on Friday'}")));
    assertThat(gone.status()).isEqualTo(200);
    assertThat(all.body(gone).flag("active")).contains(false);
    var again = answer(users.deactivate(all.caller, with(id, "POST", "{'reason':'left'}")));
    assertThat(again.status()).isEqualTo(409);
    var back = answer(users.activate(all.caller, with(id, "POST", "{'reason':'returned'}")));
    assertThat(all.body(back).flag("active")).contains(true);
    assertThat(back.header("ETag")).contains("\"3\"");
  }

  @Test
  void doesNotFindWhatIsNotThere() {
    for (var id : List.of("usr_", "x", "wkl_0", Id.User.random(all.world).text())) {
      assertThat(answer(users.get(all.caller, with(id, "GET", "{}"))).status()).isEqualTo(404);
      assertThat(answer(groups.get(all.caller, with(id, "GET", "{}"))).status()).isEqualTo(404);
      assertThat(answer(workloads.get(all.caller, with(id, "GET", "{}"))).status()).isEqualTo(404);
      var reason = "{'reason':'r'}";
      assertThat(answer(users.deactivate(all.caller, with(id, "POST", reason))).status())
          .isEqualTo(404);
      assertThat(answer(workloads.activate(all.caller, with(id, "POST", reason))).status())
          .isEqualTo(404);
      assertThat(answer(groups.delete(all.caller, ifMatch(id, "\"1\"", "{}"))).status())
          .isEqualTo(404);
    }
  }

  @Test
  void makesChangesAndDeletesGroups() {
    var one = all.user("one").id().text();
    var created =
        answer(groups.create(all.caller, post("{'name':'Support','members':['" + one + "']}")));
    assertThat(created.status()).isEqualTo(201);
    var id = all.body(created).text("id").orElseThrow();
    var changed = answer(groups.replace(all.caller, ifMatch(id, "\"1\"", "{'name':'Help desk'}")));
    assertThat(all.body(changed).texts("members")).contains(List.of());
    assertThat(answer(groups.delete(all.caller, with(id, "DELETE", "{}"))).status()).isEqualTo(428);
    assertThat(answer(groups.delete(all.caller, ifMatch(id, "\"2\"", "{}"))).status())
        .isEqualTo(200);
    assertThat(answer(groups.get(all.caller, with(id, "GET", "{}"))).status()).isEqualTo(404);
  }

  @Test
  void registersAndReplacesWorkloads() {
    var owner = all.user("owner").id().text();
    var created =
        answer(
            workloads.register(
                all.caller, post("{'name':'crm','owner':'" + owner + "','roles':['registrar']}")));
    assertThat(created.status()).isEqualTo(201);
    var id = all.body(created).text("id").orElseThrow();
    var next = "{'name':'crm 2','description':'line one\\nline two','owner':'" + owner + "'}";
    var replaced = answer(workloads.replace(all.caller, ifMatch(id, "\"1\"", next)));
    assertThat(all.body(replaced).text("name")).contains("crm 2");
    assertThat(all.body(replaced).texts("roles")).contains(List.of());
    var stranger = next.replace(owner, Id.User.random(all.world).text());
    var refused = answer(workloads.replace(all.caller, ifMatch(id, "\"2\"", stranger)));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(all.body(refused).text("code")).contains("reference-unknown");
  }

  @Test
  void listsPageByPage() {
    for (int i = 0; i < 5; i++) {
      all.user("user" + i);
    }
    var first = answer(users.list(all.caller, all.request("GET", "/").query("limit=3").build()));
    assertThat(items(first)).hasSize(3);
    var next = all.body(first).text("next").orElseThrow();
    var second =
        answer(
            users.list(
                all.caller, all.request("GET", "/").query("limit=3&cursor=" + next).build()));
    assertThat(items(second)).hasSize(2).doesNotContainAnyElementsOf(items(first));
    assertThat(all.body(second).text("next")).isEmpty();
    assertThat(
            answer(groups.list(all.caller, all.request("GET", "/").query("limit=0").build()))
                .status())
        .isEqualTo(400);
    assertThat(items(answer(workloads.list(all.caller, all.request("GET", "/").build()))))
        .isEmpty();
  }

  @Test
  void leavesNothingAboutAPersonInLeavesAndFeed() {
    var created =
        answer(
            users.register(
                all.caller,
                post(
                    "{'userName':'zebedee','displayName':'Zeb Quux','email':'zeb@quux.example'}")));
    var id = all.body(created).text("id").orElseThrow();
    answer(users.replace(all.caller, ifMatch(id, "\"1\"", "{'userName':'zebedee2'}")));
    answer(users.deactivate(all.caller, with(id, "POST", "{'reason':'zebedee was ill'}")));
    answer(groups.create(all.caller, post("{'name':'friends','members':['" + id + "']}")));
    assertThat(all.leaves()).hasSize(4).allMatch(leaf -> leaf.contains("\"by\":\"psn_"));
    var stored =
        all.leaves()
            + all.database
                .<List<String>>read(tx -> tx.list("SELECT id FROM feed_change", r -> r.text(1)))
                .toString();
    assertThat(stored.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("zeb", "quux", "ill\"", "friends");
    assertThat(all.leaves().toString()).doesNotContain(id);
  }

  @Test
  void leavesNoEntryOfWhatWasRefused() {
    all.user("frank");
    int before = all.leaves().size();
    var refused = answer(users.register(all.caller, post("{'userName':'FRANK'}")));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(all.body(refused).text("code")).contains("duplicate");
    assertThat(all.leaves()).hasSize(before);
  }

  private void refuses(Response response, String member) {
    assertThat(response.status()).isEqualTo(400);
    assertThat(all.body(response).text("code")).contains("field-invalid");
    assertThat(all.body(response).text("detail").orElseThrow()).contains(member);
  }

  private List<Json> items(Response response) {
    return ((Json.Arr) all.body(response).get("items").orElseThrow()).items();
  }

  private Request post(String body) {
    return all.request("POST", "/").json(all.json(body)).build();
  }

  private Request with(String id, String method, String body) {
    return all.request(method, "/" + id).pathParameter("id", id).json(all.json(body)).build();
  }

  private Request ifMatch(String id, String tag, String body) {
    return all.request("PUT", "/" + id)
        .pathParameter("id", id)
        .header("If-Match", tag)
        .json(all.json(body))
        .build();
  }
}
