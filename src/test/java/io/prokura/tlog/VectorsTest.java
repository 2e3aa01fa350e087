package io.prokura.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class VectorsTest {
  private static final Path FILE = Path.of("../shared/vectors/rfc6962.json");

  private static final List<String> ENTRIES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  @Test
  void rootsOfTheReferenceTreesAreKnown() throws Exception {
    for (var size = 0; size < ROOTS.size(); size++) {
      assertThat(log(size).head()).as("size %d", size).isEqualTo(head(size));
    }
  }

  @Test
  void inclusionProofsOfTheReferenceTreesAreKnown() throws Exception {
    checkInclusion(0, 1, List.of());
    checkInclusion(
        5,
        7,
        List.of(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
    checkInclusion(
        6,
        7,
        List.of(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
    checkInclusion(
        0,
        8,
        List.of(
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"));
  }

  @Test
  void consistencyProofsOfTheReferenceTreesAreKnown() throws Exception {
    checkConsistency(5, 5, List.of());
    checkConsistency(
        3,
        7,
        List.of(
            "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
            "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"));
    checkConsistency(
        4, 7, List.of("837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e"));
    checkConsistency(
        6,
        8,
        List.of(
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
  }

  @Test
  void everyProofOfTheVectorFileIsMadeAndVerified() throws Exception {
    Assumptions.assumeTrue(Files.exists(FILE), "the vectors are not here: " + FILE);
    var json = Files.readString(FILE);
    var entries = hexList(json, "\"leaves_hex\"");
    assertThat(entries).isEqualTo(ENTRIES);
    var leafHashes = hexList(json, "\"leaf_hashes\"").stream().map(VectorsTest::hash).toList();
    assertThat(entries.stream().map(VectorsTest::leaf).toList()).isEqualTo(leafHashes);
    var roots = Pattern.compile("\"(\\d)\": \"([0-9a-f]{64})\"").matcher(json);
    var rootCount = 0;
    for (; roots.find(); rootCount++) {
      assertThat(log(Integer.parseInt(roots.group(1))).head().root())
          .isEqualTo(hash(roots.group(2)));
    }
    assertThat(rootCount).isEqualTo(9);
    var proofs =
        Pattern.compile("\"(index|old)\": (\\d+),\\s*\"size\": (\\d+),\\s*\"proof\": \\[([^]]*)]")
            .matcher(json);
    var proofCount = 0;
    for (; proofs.find(); proofCount++) {
      var from = Integer.parseInt(proofs.group(2));
      var size = Integer.parseInt(proofs.group(3));
      if (proofs.group(1).equals("index")) {
        checkInclusion(from, size, quoted(proofs.group(4)));
      } else {
        checkConsistency(from, size, quoted(proofs.group(4)));
      }
    }
    assertThat(proofCount).isEqualTo(72);
  }

  private static void checkInclusion(int index, int size, List<String> path) throws Exception {
    var proof = new InclusionProof(index, path.stream().map(VectorsTest::hash).toList());
    assertThat(InclusionProof.of(index, head(size), log(size)::tile)).isEqualTo(proof);
    var leaf = leaf(ENTRIES.get(index));
    proof.verify(leaf, head(size));
    for (var other = 0; other < ROOTS.size(); other++) {
      if (other != size) {
        var head = head(other);
        assertThatThrownBy(() -> proof.verify(leaf, head)).isInstanceOf(InvalidException.class);
      }
    }
  }

  private static void checkConsistency(int older, int size, List<String> path) throws Exception {
    var proof = new ConsistencyProof(path.stream().map(VectorsTest::hash).toList());
    assertThat(ConsistencyProof.of(head(older), head(size), log(size)::tile)).isEqualTo(proof);
    proof.verify(head(older), head(size));
  }

  private static TreeHead head(int size) {
    return new TreeHead(size, hash(ROOTS.get(size)));
  }

  private static MemoryLog log(int size) throws Exception {
    var log = new MemoryLog();
    log.append(ENTRIES.stream().limit(size).map(HexFormat.of()::parseHex).toList());
    return log;
  }

  private static Hash leaf(String entry) {
    return new Hasher().leaf(HexFormat.of().parseHex(entry));
  }

  private static Hash hash(String hex) {
    return Hash.of(HexFormat.of().parseHex(hex));
  }

  private static List<String> hexList(String json, String name) {
    var start = json.indexOf('[', json.indexOf(name));
    return quoted(json.substring(start, json.indexOf(']', start)));
  }

  private static List<String> quoted(String list) {
    var strings = Pattern.compile("\"([0-9a-f]*)\"").matcher(list);
    return new ArrayList<>(
        Stream.iterate(strings.find(), found -> found, _ -> strings.find())
            .map(_ -> strings.group(1))
            .toList());
  }
}
