package io.prokura.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What facts must do on every database.
abstract class FactsContract {
  private final Database database;
  private final TestRecord record;
  private final Facts facts;
  private final Id.Agent agent;
  private final Id.User alice;

  FactsContract(Database database) {
    this.database = database;
    record = new TestRecord(database, TestDatabases.folder());
    facts = new Facts(database, record.world, record.seal, record.persons, record.json);
    agent = Id.Agent.random(record.world);
    alice = Id.User.random(record.world);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everyVersionIsStoredOnce() {
    var first = facts.of(agent, content("one"));
    keep(first);
    keep(first);
    var again = facts.of(agent, content("one"));
    var other = facts.of(agent, content("two"));
    keep(other);
    assertThat(again.reference()).isEqualTo(first.reference()).hasSize(22);
    assertThat(again.unkept()).isEmpty();
    assertThat(other.reference()).isNotEqualTo(first.reference());
    assertThat(find(first)).isEqualTo(content("one"));
    assertThat(find(other)).isEqualTo(content("two"));
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void whatIsTheSameOfTwoThingsHasTwoReferences() {
    var other = Id.Agent.random(record.world);
    assertThat(facts.of(agent, content("x")).reference())
        .isNotEqualTo(facts.of(other, content("x")).reference());
  }

  @Test
  void whatWasNeverKeptIsNotFound() {
    var fact = facts.of(agent, content("never"));
    assertThat(found(fact)).isEmpty();
  }

  @Test
  void aPersonIsSealedAndNamedByPseudonym() {
    var fact = facts.of(alice, Json.object().put("userName", "alice.smith").build());
    var owned = facts.of(agent, Json.object().put("owner", alice.text()).build());
    keep(fact);
    keep(owned);
    var stored = stored();
    assertThat(stored).doesNotContain("alice.smith").doesNotContain(alice.text());
    assertThat(find(fact).text("userName")).hasValue("alice.smith");
    assertThat(find(owned).text("owner")).hasValue(alice.text());
  }

  @Test
  void anErasedPersonIsForgotten() {
    var fact = facts.of(alice, Json.object().put("userName", "alice.smith").build());
    var owned = facts.of(agent, Json.object().put("owner", alice.text()).build());
    keep(fact);
    keep(owned);
    database.inTransaction(tx -> record.persons.erase(tx, alice));
    assertThat(found(fact)).isEmpty();
    assertThat(find(owned).text("owner")).get().asString().startsWith("psn_");
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void anotherContentUnderAReferenceIsNoticed() {
    var fact = facts.of(agent, content("true"));
    var lie = facts.of(agent, content("lie"));
    keep(fact);
    keep(lie);
    database.inTransaction(
        tx ->
            tx.run(
                """
                UPDATE fact
                   SET body = (SELECT body FROM fact WHERE reference = ?)
                 WHERE reference = ?
                """,
                lie.reference(),
                fact.reference()));
    assertThatThrownBy(() -> find(fact)).hasMessageContaining("was changed");
  }

  private static Json.Obj content(String text) {
    return Json.object().put("is", text).put("n", 1).build();
  }

  private void keep(Fact fact) {
    database.inTransaction(
        tx -> {
          facts.keep(tx, fact);
          return 0;
        });
  }

  private Json.Obj find(Fact fact) {
    return found(fact).orElseThrow();
  }

  private Optional<Json.Obj> found(Fact fact) {
    return database.read(tx -> facts.find(tx, fact.reference()));
  }

  private long rows() {
    return database
        .read(tx -> tx.one("SELECT COUNT(*) FROM fact", row -> row.number(1)))
        .orElseThrow();
  }

  /// Everything in the table, what is encoded in it decoded as far as it is text.
  private String stored() {
    var bodies = database.read(tx -> tx.list("SELECT body FROM fact", row -> row.text(1)));
    var all = new StringBuilder();
    for (var body : bodies) {
      all.append(new String(Base64.getUrlDecoder().decode(body), ISO_8859_1));
    }
    return all.toString();
  }
}
