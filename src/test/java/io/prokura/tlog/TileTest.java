package io.prokura.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
  @Test
  void pathsAreThoseOfTheSpecification() throws Exception {
    assertThat(new Tile(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
    assertThat(new Tile(1, 0, 17).path()).isEqualTo("tile/1/000.p/17");
    assertThat(new Tile(63, 999, 255).path()).isEqualTo("tile/63/999.p/255");
    assertThat(new Bundle(1_234_067, 1).path()).isEqualTo("tile/entries/x001/x234/067.p/1");
    assertThat(Tile.parse("tile/0/x001/x234/067")).isEqualTo(new Tile(0, 1_234_067, 256));
    assertThat(Bundle.parse("tile/entries/x001/000.p/9")).isEqualTo(new Bundle(1000, 9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/+1/001",
        "tile/0/001/",
        "/tile/0/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/X001/002",
        "tile/0/x001/x002",
        "tile/0/x01/002",
        "tile/0/001.p/0",
        "tile/0/001.p/05",
        "tile/0/001.p/256",
        "tile/0/001.p/999",
        "tile/0/001.p/",
        "tile/0/001.p",
        "tile/0/001.q/5",
        "tile/0/001.p/5/",
        "tile/0/001.p/5\n",
        "tile/0/../001",
        "tile/0/٠٠١",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x999/x999/x999/x999/x999/999",
        "tile/entries/001",
      })
  void otherSpellingsOfTilePathsAreRefused(String path) {
    assertThatThrownBy(() -> Tile.parse(path)).isInstanceOf(InvalidException.class);
    var bundle = path.replaceFirst("tile/(0|entries)", "tile/data");
    assertThatThrownBy(() -> Bundle.parse(bundle)).isInstanceOf(InvalidException.class);
    if (path.startsWith("tile/0/")) {
      var entries = path.replaceFirst("tile/0", "tile/entries");
      assertThatThrownBy(() -> Bundle.parse(entries)).isInstanceOf(InvalidException.class);
    }
  }

  @Test
  void coordinatesOutOfRangeAreTheCallersMistake() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(64, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, -1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, 1L << 55, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, 0, 257));
    assertThatIllegalArgumentException().isThrownBy(() -> new Bundle(0, 0));
  }

  @Test
  void aTreeOf70000LeavesHasTheTilesOfTheSpecification() {
    var tiles = Tile.of(70_000).toList();
    assertThat(tiles.stream().filter(t -> t.level() == 0 && t.isFull())).hasSize(273);
    assertThat(tiles.stream().filter(t -> t.level() > 0 || !t.isFull()))
        .containsExactly(
            new Tile(0, 273, 112), new Tile(1, 0, 256), new Tile(1, 1, 17), new Tile(2, 0, 1));
    assertThat(Bundle.of(70_000)).hasSize(274).endsWith(new Bundle(273, 112));
  }

  @Test
  void aTreeOf256LeavesHasAFullTileAndItsRootAbove() {
    assertThat(Tile.of(256)).containsExactly(new Tile(0, 0, 256), new Tile(1, 0, 1));
    assertThat(Tile.of(0)).isEmpty();
    assertThat(Bundle.of(0)).isEmpty();
  }

  @Test
  void newTilesAreThoseThatTheSmallerTreeDoesNotHave() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 200; i++) {
            var newer = random.nextInt(200_000);
            var older = random.nextInt(newer + 1);
            var had = new HashSet<>(Tile.of(older).toList());
            assertThat(Tile.between(older, newer).toList())
                .isSorted()
                .isEqualTo(Tile.of(newer).filter(tile -> !had.contains(tile)).toList());
          }
        });
  }

  @Test
  void theLargestTreeHasTilesOnEightLevels() {
    assertThat(Tile.between(Long.MAX_VALUE - 1, Long.MAX_VALUE))
        .containsExactly(new Tile(0, (1L << 55) - 1, 255));
    assertThat(Tile.between(Long.MAX_VALUE - 255, Long.MAX_VALUE))
        .containsExactly(new Tile(0, (1L << 55) - 1, 255));
    assertThat(Tile.between((1L << 56) - 1, 1L << 56)).endsWith(new Tile(7, 0, 1)).hasSize(8);
  }

  @Test
  void parsingUndoesPrinting() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 2000; i++) {
            var index = random.nextLong(1L << random.nextInt(1, 56));
            var width = random.nextInt(1, 257);
            var tile = new Tile(random.nextInt(64), index, width);
            assertThat(Tile.parse(tile.path())).isEqualTo(tile);
            var bundle = new Bundle(index, width);
            assertThat(Bundle.parse(bundle.path())).isEqualTo(bundle);
          }
        });
  }

  @Test
  void entriesAreWrittenAfterTheirLength() throws Exception {
    var entries = List.of(new byte[0], new byte[] {7}, new byte[0x0102]);
    var bytes = Bundle.encode(entries);
    assertThat(bytes).hasSize(2 + 3 + 2 + 0x0102).startsWith(0, 0, 0, 1, 7, 1, 2);
    assertThat(new Bundle(0, 3).decode(bytes)).usingRecursiveComparison().isEqualTo(entries);
  }

  @Test
  void theLongestEntryHas65535Bytes() throws Exception {
    var longest = new byte[65_535];
    var bytes = Bundle.encode(List.of(longest));
    assertThat(new Bundle(0, 1).decode(bytes).getFirst()).isEqualTo(longest);
    assertThatIllegalArgumentException().isThrownBy(() -> Bundle.encode(List.of(new byte[65_536])));
  }

  @Test
  void bundlesWithFewerOrMoreEntriesAreRefused() {
    var bytes = Bundle.encode(List.of(new byte[3], new byte[5]));
    for (var width : List.of(1, 3, 256)) {
      assertThatThrownBy(() -> new Bundle(0, width).decode(bytes))
          .isInstanceOf(InvalidException.class);
    }
    for (var length = 0; length < bytes.length; length++) {
      var cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> new Bundle(0, 2).decode(cut)).isInstanceOf(InvalidException.class);
    }
  }

  @Test
  void bundlesGrowAsTheLogDoes() {
    Seeded.check(
        random -> {
          var log = new MemoryLog();
          for (var size = 0; size < 2000; ) {
            var newer = size + random.nextInt(600);
            log.grow(newer);
            var paths = Bundle.between(size, newer).map(Bundle::path).toList();
            assertThat(log.resources).containsKeys(paths.toArray(String[]::new));
            size = newer;
          }
          assertThatThrownBy(() -> Bundle.append(1, new byte[0], List.of(new byte[1])))
              .isInstanceOf(InvalidException.class);
        });
  }
}
