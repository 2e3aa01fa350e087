package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.DUPLICATE_PARAMETER;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.prokura.agents.AgentTransition;
import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.TestDatabases;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SecretAuthenticationTest {
  private final Authenticating here = new Authenticating(TestDatabases.sqlite());

  @AfterAll
  void close() {
    here.close();
  }

  @Test
  void knowsEveryKindOfClientByItsSecretInHeaderOrForm() {
    for (var holder : here.everyHolder()) {
      var secret = here.secret(holder);
      var id = holder.id().text();
      var byForm = ok(here.post(id, secret));
      assertThat(byForm.clientId()).isEqualTo(id);
      assertThat(byForm.principal()).isEqualTo(holder.principal());
      assertThat(byForm.method()).isEqualTo(AuthenticationMethod.CLIENT_SECRET_POST);
      assertThat(byForm.credential()).hasValue(here.credentials.live(holder).getFirst().id());
      var byHeader = ok(here.basic(id, secret));
      assertThat(byHeader.method()).isEqualTo(AuthenticationMethod.CLIENT_SECRET_BASIC);
      assertThat(byHeader.credential()).isEqualTo(byForm.credential());
    }
  }

  @Test
  void knowsWhichOfSeveralSecretsWasUsed() {
    var holder = here.agent();
    var old = here.secret(holder);
    var next = here.secret(holder);
    var id = holder.id().text();
    var first = ok(here.post(id, old)).credential().orElseThrow();
    var second = ok(here.post(id, next)).credential().orElseThrow();
    assertThat(first).isNotEqualTo(second);
    here.agents.all.done(
        tx -> here.credentials.revoke(tx, here.agents.all.admin, first, "rotated"));
    assertThat(reason(here.post(id, old))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(ok(here.post(id, next)).credential()).hasValue(second);
  }

  @Test
  void readsPercentEncodedPartsOfTheHeader() {
    var holder = here.agent();
    var secret = here.secret(holder);
    assertThat(here.basic(percent(holder.id().text()), percent(secret))).isInstanceOf(Ok.class);
    assertThat(reason(here.basic(percent(percent(holder.id().text())), secret)))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(reason(here.basic(holder.id().text(), secret + "%0")))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  private static String percent(String text) {
    var out = new StringBuilder();
    text.chars().forEach(c -> out.append("%%%02X".formatted(c)));
    return out.toString();
  }

  @Test
  void answersAnUnknownClientAndAWrongSecretAlike() {
    var holder = here.agent();
    var secret = here.secret(holder);
    var withoutSecret = here.agent();
    var wrong = here.post(holder.id().text(), SecretHash.draw(here.agents.all.world));
    assertThat(reason(wrong)).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var unknown = Id.Agent.random(here.agents.all.world).text();
    for (var id :
        new String[] {
          unknown, "agt_x", "nobody", withoutSecret.id().text(), here.agents.dana.text()
        }) {
      assertThat(here.post(id, secret)).isEqualTo(wrong);
      assertThat(here.basic(id, secret)).isEqualTo(wrong);
    }
  }

  @Test
  void doesNotTakeTheSecretOfAnotherClientNorAnythingNearTheRightOne() {
    var holder = here.agent();
    var secret = here.secret(holder);
    var others = here.secret(here.agent());
    for (var wrong :
        new String[] {
          others,
          secret.substring(1),
          secret + "A",
          secret.substring(0, secret.length() - 1),
          secret.toUpperCase(java.util.Locale.ROOT),
          "prks_",
          "a".repeat(20_000)
        }) {
      assertThat(reason(here.post(holder.id().text(), wrong))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
      assertThat(reason(here.basic(holder.id().text(), wrong))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
    assertThat(reason(here.basic(holder.id().text(), ""))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void doesNotTakeTheHashForTheSecret() {
    var holder = here.agent();
    var secret = here.secret(holder);
    var hash = SecretHash.of(secret).bytes();
    var hex = java.util.HexFormat.of().formatHex(hash);
    var base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    for (var wrong : new String[] {hex, base64, "prks_" + base64}) {
      assertThat(reason(here.post(holder.id().text(), wrong))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
  }

  @Test
  void stopsAtTheMomentTheSecretExpires() {
    var holder = here.agent();
    var secret = SecretHash.draw(here.agents.all.world);
    var kind = new Credential.Kind.Secret(SecretHash.of(secret));
    here.add(holder, kind, Optional.of(here.now().plusMillis(1_000)));
    here.pass(999);
    assertThat(here.post(holder.id().text(), secret)).isInstanceOf(Ok.class);
    here.pass(1);
    assertThat(reason(here.post(holder.id().text(), secret))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void saysThatAClientIsNotActiveOnlyToWhomHasItsSecret() {
    var all = here.agents.all;
    var agent = here.agents.active();
    var holder = here.agent(agent);
    var secret = here.secret(holder);
    here.agents.step(agent, AgentTransition.SUSPEND);
    assertThat(here.post(holder.id().text(), secret))
        .isEqualTo(new Refused<>(PRINCIPAL_NOT_ACTIVE, "the agent is suspended"));
    assertThat(reason(here.post(holder.id().text(), secret + "x")))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    here.agents.step(agent, AgentTransition.RESUME);
    assertThat(here.post(holder.id().text(), secret)).isInstanceOf(Ok.class);

    var workload = (Holder.Workload) here.workload();
    var workloads = here.secret(workload);
    all.done(tx -> all.workloads.deactivate(tx, all.admin, workload.id(), "old"));
    assertThat(reason(here.post(workload.id().text(), workloads))).isEqualTo(PRINCIPAL_NOT_ACTIVE);

    var application = (Holder.Application) here.application();
    var applications = here.secret(application);
    all.done(tx -> here.clients.deactivate(tx, all.admin, application.id(), "old"));
    assertThat(reason(here.post(application.id().text(), applications)))
        .isEqualTo(PRINCIPAL_NOT_ACTIVE);
  }

  @Test
  void refusesMoreThanOneMethodAndNone() {
    var holder = here.agent();
    var id = holder.id().text();
    var secret = here.secret(holder);
    var key = here.key(holder, Algorithm.ES256);
    var assertion = Authenticating.sign(key, here.claims(holder, "two").build());
    var basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(
                    (id + ":" + secret).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var form = "client_id=" + id + "&client_secret=" + secret;
    var asserted = Authenticating.assertionForm(assertion);
    for (var two :
        new io.prokura.http.Request[] {
          here.token().header("Authorization", basic).form(form).build(),
          here.token().header("Authorization", basic).form(asserted).build(),
          here.token().form(form + "&" + asserted).build(),
          here.token().header("Authorization", "Bearer abc").form(form).build(),
          here.token().header("Authorization", basic).form("client_assertion=x").build(),
          here.token()
              .header("Authorization", basic)
              .header("Authorization", basic)
              .form("a=b")
              .build(),
        }) {
      assertThat(reason(here.authenticate(two))).isEqualTo(MALFORMED_REQUEST);
    }
    assertThat(reason(here.authenticate(here.token().form(form + "&client_secret=x").build())))
        .isEqualTo(DUPLICATE_PARAMETER);
    for (var none :
        new io.prokura.http.Request[] {
          here.token().form("grant_type=client_credentials").build(),
          here.token().form("client_id=" + id).build(),
          here.token().header("Authorization", "Bearer abc").form("a=b").build(),
          here.token().form("client_id=" + id + "&client_secret=").build(),
        }) {
      assertThat(reason(here.authenticate(none))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
    assertThat(reason(here.authenticate(here.token().form("client_secret=" + secret).build())))
        .isEqualTo(MALFORMED_REQUEST);
    assertThat(here.present(assertion)).isInstanceOf(Ok.class);
  }

  @Test
  void refusesAClientIdThatNamesAnotherThanTheHeader() {
    var holder = here.agent();
    var secret = here.secret(holder);
    var basic =
        Base64.getEncoder()
            .encodeToString(
                (holder.id().text() + ":" + secret)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    var request = here.token().header("Authorization", "Basic " + basic);
    var other = here.agent().id().text();
    assertThat(reason(here.authenticate(request.form("client_id=" + other).build())))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void comparesHashesInATimeThatDoesNotDependOnThem() {
    var classes =
        new ClassFileImporter().importClasses(SecretHash.class, ClientAuthenticator.class);
    var calls =
        classes.get(SecretHash.class).getMethod("matches", String.class).getMethodCallsFromSelf();
    assertThat(calls)
        .anyMatch(
            call ->
                call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                    && call.getName().equals("isEqual"));
    assertThat(classes.get(SecretHash.class).getMethodCallsFromSelf())
        .noneMatch(
            call ->
                call.getTargetOwner().isEquivalentTo(Arrays.class)
                    && call.getName().equals("equals"));
  }

  @Test
  void showsNoSecretInItsTextForms() {
    var holder = here.agent();
    var secret = here.secret(holder);
    var hash = SecretHash.of(secret);
    assertThat(hash.toString()).isEqualTo("SecretHash");
    assertThat(here.credentials.live(holder).toString()).doesNotContain(secret.substring(6));
    assertThat(here.agents.all.leaves())
        .noneMatch(leaf -> leaf.contains(secret) || leaf.contains(secret.substring(6)));
  }

  private static AuthenticatedClient ok(Result<AuthenticatedClient> result) {
    return switch (result) {
      case Ok<AuthenticatedClient>(var client) -> client;
      case Refused<AuthenticatedClient> refused -> throw new AssertionError(refused);
    };
  }

  private static Refusal reason(Result<?> result) {
    return switch (result) {
      case Ok<?> ok -> throw new AssertionError("not refused: " + ok);
      case Refused<?>(var reason, _) -> reason;
    };
  }
}
