package io.prokura.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TreeTest {
  @Test
  void batchesOfAnySizeLeadToTheRootAndTilesOfTheDefinition() {
    Seeded.check(
        random -> {
          var leaves = Naive.leaves(5000);
          Map<Tile, byte[]> stored = new HashMap<>();
          var tree = Tree.empty();
          for (var size = 0; size < leaves.size(); ) {
            var newer = Math.min(leaves.size(), size + random.nextInt(1 << random.nextInt(1, 12)));
            var appended = tree.append(leaves.subList(size, newer));
            assertThat(tree.head().size()).isEqualTo(size);
            assertThat(appended.tiles().keySet())
                .containsExactlyElementsOf(Tile.between(size, newer).toList());
            stored.putAll(appended.tiles());
            size = newer;
            var head = Naive.head(leaves.subList(0, size));
            assertThat(appended.tree().head()).isEqualTo(head);
            tree = Tree.resume(head, reader(stored));
            assertThat(Tree.root(size, reader(stored))).isEqualTo(head.root());
          }
          assertThat(stored.get(new Tile(1, 0, 19))).isEqualTo(levelOne(leaves));
        });
  }

  private static byte[] levelOne(List<Hash> leaves) {
    var tile = new byte[19 * 32];
    for (var i = 0; i < 19; i++) {
      var root = Naive.root(leaves.subList(i * 256, (i + 1) * 256));
      System.arraycopy(root.bytes(), 0, tile, i * 32, 32);
    }
    return tile;
  }

  @Test
  void appendingReadsNoTileAndResumingOnlyThePartialOnes() throws Exception {
    var log = MemoryLog.of(70_000);
    var read = new ArrayList<Tile>();
    var tree =
        Tree.resume(
            log.head(),
            tile -> {
              read.add(tile);
              return log.tile(tile);
            });
    assertThat(read).containsExactly(new Tile(0, 273, 112), new Tile(1, 1, 17), new Tile(2, 0, 1));
    assertThat(tree.append(List.of()).tiles()).isEmpty();
    var one = tree.append(Naive.leaves(1));
    assertThat(one.tiles().keySet()).containsExactly(new Tile(0, 273, 113));
  }

  @Test
  void aTreeDoesNotGoOnFromTilesWithAnotherRoot() throws Exception {
    var log = MemoryLog.of(600);
    var head = log.head();
    log.flip("tile/0/002.p/88", 5);
    assertThatThrownBy(() -> Tree.resume(head, log::tile))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("root");
    log.resources.put("tile/0/002.p/88", new byte[31]);
    assertThatThrownBy(() -> Tree.resume(head, log::tile))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("tile/0/002.p/88 has 31 bytes where 2816 are expected");
    log.resources.remove("tile/0/002.p/88");
    assertThatThrownBy(() -> Tree.resume(head, log::tile))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("tile/0/002.p/88 is missing");
  }

  @Test
  void aPartialTileThatIsGoneIsReadFromTheFullOne() throws Exception {
    var log = MemoryLog.of(600);
    var head = log.head();
    log.grow(1000);
    log.resources.keySet().removeIf(path -> path.startsWith("tile/0/002.p"));
    assertThat(Tree.resume(head, log::tile).head()).isEqualTo(head);
    log.resources.put("tile/0/002", new byte[8191]);
    assertThatThrownBy(() -> Tree.resume(head, log::tile)).isInstanceOf(InvalidException.class);
  }

  @Test
  void theEmptyTreeHasOneRoot() throws Exception {
    assertThat(Tree.empty().head()).isEqualTo(TreeHead.EMPTY);
    assertThat(Tree.root(0, _ -> Optional.empty())).isEqualTo(Hash.EMPTY_ROOT);
    var leaf = new Hasher().leaf(new byte[0]);
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeHead(0, leaf));
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeHead(-1, leaf));
  }

  @Test
  void aHashDoesNotChangeWithTheBytesItWasMadeOf() throws Exception {
    var bytes = new byte[32];
    var hash = Hash.of(bytes);
    bytes[0] = 1;
    hash.bytes()[1] = 1;
    assertThat(hash).isEqualTo(Hash.of(new byte[32])).isNotEqualTo(Hash.of(bytes));
    assertThat(Hash.parse(hash.toString())).isEqualTo(hash).hasSameHashCodeAs(hash);
    assertThatIllegalArgumentException().isThrownBy(() -> Hash.of(new byte[31]));
  }

  private static TileReader reader(Map<Tile, byte[]> stored) {
    return tile -> Optional.ofNullable(stored.get(tile));
  }
}
