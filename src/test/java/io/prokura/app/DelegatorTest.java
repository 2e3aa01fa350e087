package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.TestDatabases;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A person without any role sees, limits and withdraws what is done in their name, and nothing
/// else.
final class DelegatorTest {
  private static final String LIMIT =
      "{'budgets': [{'name': 'calls', 'limit': 2}], 'reason': 'enough'}";

  private Ordering at;
  private String errand;

  @BeforeEach
  void found() throws IOException {
    at = new Ordering(TestDatabases.sqlite());
    errand = "/api/v1/delegations/" + at.company.id("errand");
  }

  @AfterEach
  void close() {
    at.close();
  }

  private int post(String verb, String body, String token) {
    return at.server.post(errand + verb, token, at.company.json(body)).statusCode();
  }

  @Test
  void theDelegatorRaisesLowersAndWithdraws() {
    assertThat(at.server.get(errand, at.alice).statusCode()).isEqualTo(200);
    assertThat(post("/limit", LIMIT, at.alice)).isEqualTo(200);
    assertThat(post("/limit", LIMIT.replace("2}", "20}"), at.alice)).isEqualTo(200);
    assertThat(at.server.get(errand, at.alice).body()).contains("\"limit\":20");
    assertThat(post("/revoke", "{'reason': 'over'}", at.alice)).isEqualTo(200);
    assertThat(post("/limit", LIMIT, at.alice)).isEqualTo(409);
  }

  @Test
  void itsArithmeticIsShown() {
    var path = "/api/v1/why?delegation=" + at.company.id("errand");
    var shown = at.server.get(path, at.company.token).body();
    assertThat(shown)
        .contains("\"scope\":\"orders.cancel\"")
        .contains("\"" + at.company.id("alice") + "\":\"orders.cancel\"")
        .contains("\"purpose shopping\":\"orders.cancel\"");
    assertThat(post("/revoke", "{'reason': 'over'}", at.alice)).isEqualTo(200);
    assertThat(at.server.get(path, at.company.token).body()).contains("refused");
  }

  @Test
  void nobodyElseDoes() throws IOException {
    var dana = at.tokenFor("dana");
    // A registrar reads all of them and changes none.
    assertThat(at.server.get(errand, dana).statusCode()).isEqualTo(200);
    assertThat(post("/limit", LIMIT, dana)).isEqualTo(403);
    assertThat(post("/revoke", "{'reason': 'mine'}", dana)).isEqualTo(403);
    assertThat(post("/limit", LIMIT, at.access)).isEqualTo(401);
    at.company.make(
        "other",
        "delegations",
        """
            {'delegator': '<dana>', 'delegate': '<buyer>', 'purpose': '<shopping>',
             'covers': [{'resource': '<shop>', 'actions': ['orders.cancel']}]}
            """);
    var path = "/api/v1/delegations/" + at.company.id("other");
    assertThat(at.server.get(path, at.alice).statusCode()).isEqualTo(404);
  }
}
