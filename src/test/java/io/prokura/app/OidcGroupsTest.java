package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Applications that let people in by the groups they are in are told of them, where the person
/// allows it: in the ID token and at userinfo.
final class OidcGroupsTest {
  private final World world = new World(InstantSource.system(), new SecureRandom());
  private Company company;
  private Person erin;
  private RelyingParty application;

  @BeforeEach
  void found() {
    company = Company.found(TestDatabases.sqlite(), world);
    erin = Person.of(company);
    application = new RelyingParty(company, erin.browser, world).registered("");
    group("zebra");
    group("Admins");
    company.make("others", "groups", "{'name': 'of others', 'members': []}");
  }

  @AfterEach
  void close() {
    company.close();
  }

  private void group(String name) {
    var body = "{'name': '%s', 'members': ['%s']}".formatted(name, erin.id);
    company.make(name, "groups", body);
  }

  private static List<String> groups(Json.Obj claims) {
    return claims.texts("groups").orElseThrow();
  }

  private static boolean names(Json.Obj claims) {
    return claims.get("groups").isPresent();
  }

  @Test
  void theIdTokenAndUserinfoNameThemInTheirOrder() {
    var tokens = application.tokens("scope", "openid groups");
    assertThat(tokens.text("scope")).hasValue("groups openid");
    assertThat(groups(application.claims(tokens))).containsExactly("Admins", "zebra");
    assertThat(groups(application.person(tokens))).containsExactly("Admins", "zebra");
  }

  @Test
  void whereNobodyAsksNobodyIsTold() {
    var tokens = application.tokens("scope", "openid profile email");
    assertThat(names(application.claims(tokens))).isFalse();
    assertThat(names(application.person(tokens))).isFalse();
  }

  @Test
  void whatThePersonTakesAwayIsNotTold() {
    var asked = application.authorize("scope", "openid groups");
    var shown = erin.browser.open(CodeFlow.location(asked));
    assertThat(shown.body()).contains("see which groups you are in");
    var sent = erin.browser.submit("/consent", Map.of("decision", "allow", "scope", "openid"));
    var code = CodeFlow.answer(sent).getOrDefault("code", "");
    var tokens = application.good(application.redeem(code));
    assertThat(tokens.text("scope")).hasValue("openid");
    assertThat(names(application.claims(tokens))).isFalse();
    assertThat(names(application.person(tokens))).isFalse();
  }

  @Test
  void theyAreAskedForByNameToo() {
    var both = "{\"id_token\": {\"groups\": null}, \"userinfo\": {\"groups\": null}}";
    var tokens = application.tokens("scope", "openid", "claims", both);
    assertThat(groups(application.claims(tokens))).containsExactly("Admins", "zebra");
    assertThat(groups(application.person(tokens))).containsExactly("Admins", "zebra");
    var one = "{\"id_token\": {\"groups\": null}}";
    assertThat(names(application.person(application.tokens("scope", "openid", "claims", one))))
        .isFalse();
  }

  @Test
  void whoLeavesAGroupIsNoLongerNamedInIt() {
    group("movers");
    var tokens = application.tokens("scope", "openid groups offline_access");
    assertThat(groups(application.claims(tokens))).contains("movers");
    company.replace("movers", "groups", "{'name': 'movers', 'members': []}");
    assertThat(groups(application.person(tokens))).containsExactly("Admins", "zebra");
    var next = application.refreshed(tokens.text("refresh_token").orElseThrow());
    assertThat(groups(application.claims(next))).containsExactly("Admins", "zebra");
  }

  @Test
  void anIdTokenNamesNoneRatherThanSome() {
    IntStream.range(0, 98).forEach(i -> group("g" + i));
    assertThat(groups(application.claims(application.tokens("scope", "openid groups"))))
        .hasSize(100);
    group("one more");
    var tokens = application.tokens("scope", "openid groups");
    assertThat(names(application.claims(tokens))).isFalse();
    assertThat(groups(application.person(tokens))).hasSize(101);
  }

  @Test
  void noOtherResourceHasAnActionOfThatName() {
    var body =
        company.json(
            "{'identifier': 'https://x.example', 'name': 'X',"
                + " 'actions': [{'name': 'groups', 'sensitivity': 'low'}]}");
    var answer = company.server.post("/api/v1/resources", company.server.operatorToken(), body);
    assertThat(answer.statusCode()).isEqualTo(400);
  }
}
