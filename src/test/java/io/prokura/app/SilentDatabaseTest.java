package io.prokura.app;

import static io.prokura.app.Office.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.PostgresDatabase;
import io.prokura.sql.TestDatabases;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/// A database that says nothing more while every connection to it stays open: whoever asks is told
/// so within a bound, and it all goes on by itself.
final class SilentDatabaseTest {
  private static final int CALLERS = 6;

  @Test
  void isAnsweredForWithinABoundAndUsedAgainWhenItSpeaks() {
    var direct = TestDatabases.postgresUrl();
    int port = URI.create(direct.substring("jdbc:".length())).getPort();
    try (var stall = new Stall(port)) {
      // The usual bounds, made shorter.
      var url = direct.replace(":" + port + "/", ":" + stall.port() + "/") + "&socketTimeout=1";
      var database = PostgresDatabase.open(url, 4);
      try (var server =
          TestServer.start(database, TestDatabases.folder(), TestServer.systemWorld(), "")) {
        var office = Office.at(server);
        var delegated = token(server, office.delegated(server));
        var auditor = new Auditor(server, office.delegation());
        stall.begin();
        Callable<Boolean> refused =
            () -> {
              Outages.refused(office.own(server, office.triage()));
              return true;
            };
        assertThat(Together.call(CALLERS, refused)).containsOnly(true);
        Outages.refused(office.decide(server, "user", office.alice(), delegated));
        Eventually.holds(
            "a node that is not current",
            () -> office.introspect(server, delegated).statusCode() == 503);
        assertThat(server.ready()).isFalse();
        stall.end();
        Eventually.holds(
            "a server that goes on",
            () -> server.ready() && office.introspect(server, delegated).statusCode() == 200);
        assertThat(office.isActive(server, delegated)).isTrue();
        var entry = Office.answer(server, office.own(server, office.triage())).text("entry");
        auditor.findsAll(server, List.of(entry.orElseThrow()));
        auditor.findsLogIntact(server);
      }
    }
  }
}
