package io.prokura.authzen;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.PersonRights;
import io.prokura.policy.Policies;
import io.prokura.policy.PolicySnapshot;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Pages of a search, and what somebody tries who holds a page token that is not good for it; an
/// enforcer that says what it is not trusted for, or searches what is another's.
final class SearchPagesTest {
  private static final Path EXAMPLE = Path.of("examples/authzen/policies");
  private static final String READERS =
      """
      {'subject':{'type':'user'},'action':{'name':'read'},
       'resource':{'type':'record','id':'record-1'}%s}
      """;

  private final Path folder = TestDatabases.folder();
  private final AtomicReference<PolicySnapshot> live =
      new AtomicReference<>(copied(folder).current());
  private final Policies policies = Policies.of(live::get);
  private final Records records = new Records(policies, List.of());

  private static Policies copied(Path folder) {
    try {
      for (var name : List.of("schema.cedarschema", "records.cedar", "entities.json")) {
        Files.copy(EXAMPLE.resolve(name), folder.resolve(name));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return Policies.of(folder);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private String first() {
    return Records.next(records.found("subject", READERS.formatted(",'page':{'limit':1}")));
  }

  private static String with(String token) {
    return READERS.formatted(",'page':{'token':'" + token + "'}");
  }

  private void refused(String what, String body, String why) {
    var response = records.ask(what, body);
    assertThat(response.status()).as(response.bodyText()).isEqualTo(400);
    assertThat(response.bodyText()).contains(why);
  }

  @Test
  void aTokenThatWasChangedLeadsNowhere() {
    var token = first();
    assertThat(records.ask("subject", with(token)).status()).isEqualTo(200);
    var bytes = Base64.getUrlDecoder().decode(token);
    for (int i = 0; i < bytes.length; i += 7) {
      var changed = bytes.clone();
      changed[i] ^= 1;
      refused("subject", with(Base64.getUrlEncoder().encodeToString(changed)), "page.token");
    }
    refused("subject", with("AAAA"), "page.token");
    refused("subject", with("not base64!"), "page.token");
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain("usr_")
        .doesNotContain("after");
  }

  @Test
  void aTokenIsGoodForTheVerySameSearchOnly() {
    var token = first();
    var page = ",'page':{'token':'" + token + "'}";
    refused("subject", with(token).replace("'read'", "'write'"), "page.token");
    refused("subject", with(token).replace("record-1", "record-2"), "page.token");
    refused("subject", with(token).replace("{'type':'user'}", "{'type':'agent'}"), "page.token");
    refused(
        "subject",
        with(token).replace("'user'}", "'user','properties':{'role':'admin'}}"),
        "page.token");
    refused("subject", READERS.formatted(",'context':{'ip':'::1'}" + page), "page.token");
    refused(
        "subject", READERS.formatted(",'page':{'limit':2,'token':'" + token + "'}"), "page.limit");
    var action = "{'subject':{'type':'user','id':'*'},'resource':{'type':'record','id':'record-1'}";
    refused("action", action + page + "}", "page.token");
    assertThat(records.ask("subject", with(token)).status()).isEqualTo(200);
  }

  @Test
  void aTokenIsOfTheCallerThatGotIt() {
    var token = first();
    var organisation = records.organisation;
    var other = organisation.workload();
    var secret = organisation.secret(other.id());
    organisation.resource(
        "https://others.example.org",
        List.of("other"),
        List.of("read"),
        false,
        PersonRights.CHECKED,
        List.of(other.id()),
        List.of());
    var response = records.ask(other.id(), secret, "subject", with(token));
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.bodyText()).contains("page.token");
  }

  @Test
  void aTokenIsTooOldAfterTenMinutes() {
    var token = first();
    records.organisation.registers.now.updateAndGet(now -> now.plus(Duration.ofMinutes(10)));
    records.organisation.registers.feed.catchUp();
    refused("subject", with(token), "too old");
  }

  @Test
  void aSearchGoesOnInTheSnapshotItBeganIn() throws IOException {
    var before = Records.results(records.found("subject", READERS.formatted("")));
    var token = first();
    var text = Files.readString(folder.resolve("records.cedar"));
    for (int i = 0; i < 4; i++) {
      var none = text.replace("action == Action::\"read\"", "action == Action::\"delete\"");
      Files.writeString(folder.resolve("records.cedar"), none + "// " + i + "\n");
      live.set(Policies.of(folder).current());
      var now = Records.results(records.found("subject", READERS.formatted("")));
      assertThat(now).isEmpty();
      if (i < 2) {
        assertThat(Records.results(records.found("subject", with(token))))
            .isNotEmpty()
            .isSubsetOf(before);
      }
    }
    refused("subject", with(token), "the policies have changed");
  }

  @Test
  void everyPageIsOnRecord() {
    var token = first();
    records.found("subject", with(token));
    var leaves = records.organisation.registers.leaves();
    var last = leaves.subList(leaves.size() - 2, leaves.size());
    assertThat(last)
        .allSatisfy(
            leaf ->
                assertThat(leaf)
                    .contains("\"type\":\"search.made\"")
                    .contains(records.enforcer.id().text())
                    .contains("\"searched\":\"subject\"")
                    .contains("\"count\":1")
                    .doesNotContain("alice"));
  }

  @Test
  void whatAnEnforcerIsNotTrustedForChangesNothing() {
    var archived =
        """
        {'subject':{'type':'user','id':'alice','properties':{'role':'admin'}},
         'action':{'name':'write'},
         'resource':{'type':'record','properties':{'status':'active'}}}
        """;
    assertThat(Records.results(records.found("resource", archived)))
        .containsExactly("{\"type\":\"record\",\"id\":\"record-1\"}");
    var actions =
        """
        {'subject':{'type':'user','id':'alice','properties':{'role':'admin'}},
         'resource':{'type':'record','id':'record-2','properties':{'status':'active'}}}
        """;
    assertThat(Records.results(records.found("action", actions)))
        .containsExactly("{\"name\":\"read\"}");
  }

  @Test
  void nobodyFindsAnythingOfAnothersResource() {
    var organisation = records.organisation;
    var other = organisation.workload();
    var secret = organisation.secret(other.id());
    organisation.resource(
        "https://others.example.org",
        List.of("other"),
        List.of("read"),
        false,
        PersonRights.CHECKED,
        List.of(other.id()),
        List.of());
    var bodies =
        List.of(
            "subject " + READERS.formatted(""),
            "resource {'subject':{'type':'user','id':'alice'},'action':{'name':'read'},"
                + "'resource':{'type':'record'}}",
            "action {'subject':{'type':'user','id':'alice'},"
                + "'resource':{'type':'record','id':'record-1'}}");
    for (var body : bodies) {
      var parts = body.split(" ", 2);
      assertThat(Records.results(records.found(parts[0], parts[1]))).isNotEmpty();
      var response = records.ask(other.id(), secret, parts[0], parts[1]);
      var answer = organisation.registers.body(response);
      assertThat(Records.results(answer)).isEmpty();
      assertThat(response.bodyText())
          .contains(parts[0].equals("action") ? "results" : "not_your_resource");
    }
    var nobody = records.ask(other.id(), "wrong", "subject", READERS.formatted(""));
    assertThat(nobody.status()).isEqualTo(401);
  }

  @Test
  void whoIsNotActiveIsNotFound() {
    var organisation = records.organisation;
    var gone = organisation.user("gone");
    var name = "{\"type\":\"user\",\"id\":\"gone\"}";
    assertThat(Records.results(records.found("subject", READERS.formatted("")))).contains(name);
    organisation.registers.done(
        tx ->
            organisation.registers.users.deactivate(
                tx, organisation.registers.admin, gone.id(), ""));
    assertThat(Records.results(records.found("subject", READERS.formatted(""))))
        .isNotEmpty()
        .doesNotContain(name);
    var actions = "{'subject':{'type':'user','id':'gone'},'resource':{'type':'record','id':'1'}}";
    assertThat(Records.results(records.found("action", actions))).isEmpty();
  }

  @Test
  void aUserNameThatReadsLikeAnIdIsNotTakenForSomebodyElse() {
    var organisation = records.organisation;
    var victim = organisation.user("victim");
    var liar = organisation.user(victim.id().text());
    var found = new ArrayList<>(Records.results(records.found("subject", READERS.formatted(""))));
    assertThat(found)
        .contains("{\"type\":\"user\",\"id\":\"" + liar.id().text() + "\"}")
        .doesNotContain("{\"type\":\"user\",\"id\":\"" + victim.id().text() + "\"}");
  }
}
