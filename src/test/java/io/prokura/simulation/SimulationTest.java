package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.sql.Database;
import io.prokura.sql.SqliteDatabase;
import io.prokura.sql.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The whole server under many seeds: whatever fails, ends, lags, is repeated or happens in the
/// middle of something else, every [Invariant] holds after every step.
///
/// `-Dseed=` runs one seed, `-Dseeds=` so many from there on or from the first.
final class SimulationTest {
  private static final int SEEDS = 40;
  private static final int SEEDS_ON_POSTGRES = 2;
  private static final int STEPS = 200;
  private static final Logger LOGGER = Logger.getLogger("io.prokura");

  /// Outages are what this is about, and nobody reads what is logged about each.
  @BeforeAll
  static void beQuiet() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOGGER.setLevel(null);
  }

  @Test
  void everySeedKeepsEveryPromise() {
    var tally = new Tally();
    seeds(SEEDS).parallel().forEach(seed -> onSqlite(seed, tally));
    if (System.getProperty("seed", "").isBlank()) {
      Tally.EXPECTED.forEach(
          what -> assertThat(tally.of(what)).as("how often: %s, of %s", what, tally).isPositive());
    }
    verdict("SQLite", SEEDS);
  }

  @Test
  void soItDoesOnTheDatabaseOfManyNodes() {
    seeds(SEEDS_ON_POSTGRES).forEach(SimulationTest::onPostgres);
    verdict("PostgreSQL", SEEDS_ON_POSTGRES);
  }

  private static void verdict(String database, int usual) {
    System.out.println(
        "verdict: %d seeds on %s, every promise kept".formatted(seeds(usual).count(), database));
  }

  @Test
  void aSeedIsTheSameRunEveryTime() {
    long seed = seeds(1).findFirst().orElseThrow();
    assertThat(onSqlite(seed, new Tally())).isEqualTo(onSqlite(seed, new Tally()));
  }

  private static LongStream seeds(int usual) {
    var given = System.getProperty("seed", "");
    long first = given.isBlank() ? 1 : Long.parseLong(given);
    var wanted = System.getProperty("seeds", "");
    long count = wanted.isBlank() ? given.isBlank() ? usual : 1 : Long.parseLong(wanted);
    return LongStream.range(first, first + count);
  }

  private static List<String> onSqlite(long seed, Tally tally) {
    return run(seed, folder -> SqliteDatabase.open(folder, 1_000_000), false, tally);
  }

  private static void onPostgres(long seed) {
    run(seed, _ -> TestDatabases.postgres(), true, new Tally());
  }

  private static List<String> run(
      long seed, Function<Path, Database> open, boolean shared, Tally tally) {
    var folder = TestDatabases.folderInMemory();
    try (var database = open.apply(folder)) {
      return new Run(seed, database, folder, tally).run(STEPS, shared);
    } finally {
      TestDatabases.delete(folder);
    }
  }
}
