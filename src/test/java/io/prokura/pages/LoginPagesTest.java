package io.prokura.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.audit.Refusals;
import io.prokura.authenticators.Authenticators;
import io.prokura.authenticators.PasswordHashing;
import io.prokura.clients.OneTime;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Registers;
import io.prokura.http.Request;
import io.prokura.issuers.IdTokens;
import io.prokura.issuers.IssuerKeys;
import io.prokura.issuers.Issuers;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Outage;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Outbound.Reach;
import io.prokura.outbound.Resolver;
import io.prokura.passkeys.Passkeys;
import io.prokura.sessions.Sessions;
import io.prokura.signin.Presence;
import io.prokura.signin.SignIn;
import io.prokura.sql.TestDatabases;
import io.prokura.upstream.CodeFlow;
import io.prokura.upstream.Linking;
import io.prokura.upstream.Links;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A crowd at the sign-in page, where the line of passwords to be looked at has no place at all.
final class LoginPagesTest {
  private static final String OWN = "http://localhost:8420";

  private final Registers all = new Registers(TestDatabases.sqlite());
  private final LoginPages pages = pages();

  @AfterEach
  void close() {
    all.close();
  }

  private LoginPages pages() {
    var database = all.database;
    var refusals = new Refusals(database, all.audit);
    var cutOffs = new CutOffs(all.feed, database, all.audit, all.world);
    var times = new Sessions.Times(Duration.ofHours(1), Duration.ofHours(12));
    var sessions = new Sessions(times, OWN, all.world, database, all.audit, cutOffs, all.directory);
    var hashing = PasswordHashing.standard(all.world, Runnable::run, 1, -1);
    var authenticators = new Authenticators(all.world, database, all.audit, all.seal, hashing);
    var passkeys = new Passkeys(all.world, OWN, all.audit, all.seal);
    var presence = new Presence(all.world, authenticators, refusals);
    var ways = new WaysIn(authenticators, passkeys, linking(cutOffs, refusals));
    var signIn =
        new SignIn(
            all.world,
            database,
            all.directory,
            authenticators,
            passkeys,
            sessions,
            all.seal,
            refusals);
    var forms = new Forms(all.world, OWN, sessions, refusals);
    return new LoginPages(
        database,
        OWN,
        all.directory,
        signIn,
        sessions,
        new PasskeyPages(database, OWN, passkeys, presence, ways, sessions, forms),
        () -> false,
        forms);
  }

  private Linking linking(CutOffs cutOffs, Refusals refusals) {
    var json = new JsonReader(all.limits);
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var bounds = new Outbound.Bounds(Duration.ofSeconds(1), 1, 1);
    var outbound = new Outbound(all.world, bounds, Reach.LOOPBACK_TOO, Resolver.SYSTEM, tls);
    var keys = new IssuerKeys(all.world, outbound, Crypto.jdk(), json);
    var issuers =
        new Issuers(OWN, all.database, all.feed, all.audit, cutOffs, all.seal, Crypto.jdk());
    var oneTime = new OneTime(all.world, all.database, all.limits);
    var tokens = new IdTokens(all.world, all.limits, new JwtReader(json), keys);
    var flow =
        new CodeFlow(OWN, all.world, issuers, keys, tokens, outbound, oneTime, all.seal, json);
    var links = new Links(all.world, all.database, all.audit, cutOffs);
    return new Linking(all.world, all.database, flow, issuers, links, oneTime, all.seal, refusals);
  }

  private Request sent(String more) {
    return all.request("POST", "/login").form("username=dana&password=a+guess" + more).build();
  }

  @Test
  void whoComesWhenTheLineIsFullIsToldToComeAgainAndWhere() {
    var answer = pages.password(sent("&return_to=/device%3Fuser_code%3DBCDF"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).hasValue("1");
    assertThat(answer.cacheControl()).isEqualTo("no-store");
    assertThat(answer.header("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.bodyText())
        .contains("<h1>One moment, please</h1>", "Wait a moment and try again.")
        .contains("href=\"/login?return_to=%2Fdevice%3Fuser_code%3DBCDF\">Try again</a>")
        .doesNotContain("dana", "a guess");
  }

  @Test
  void itLeadsNobodyToAnotherHost() {
    for (var to : new String[] {"https://evil.example/", "//evil.example", "%22%3E%3Cscript%3E"}) {
      assertThat(pages.password(sent("&return_to=" + to)).bodyText())
          .contains("href=\"/login?return_to=%2Fme\"")
          .doesNotContain("evil", "<script");
    }
    var noForm = all.request("POST", "/login").body("text/plain", "nonsense").build();
    assertThat(pages.password(noForm).status()).isEqualTo(503);
  }

  @Test
  void nobodyIsLookedUp() {
    all.close();
    assertThat(pages.password(sent("")).status()).as("with no database at all").isEqualTo(503);
    assertThatThrownBy(() -> all.database.<Integer>read(_ -> 0)).isInstanceOf(Outage.class);
  }
}
