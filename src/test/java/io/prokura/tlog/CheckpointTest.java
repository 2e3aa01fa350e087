package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String ORIGIN = "log.example/audit";
  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  private static final Checkpoint CHECKPOINT = checkpoint(20_852_163);

  private final NoteSigner log = Keys.signer(ORIGIN, 1);
  private final NoteSigner first = Keys.signer("w1", SignatureType.COSIGNATURE, 2);
  private final NoteSigner second = Keys.signer("w2", SignatureType.COSIGNATURE, 3);

  @Test
  void aCheckpointIsItsOriginSizeAndRoot() throws Exception {
    var text = ORIGIN + "\n20852163\n" + ROOT + "\n";
    assertThat(CHECKPOINT.text()).isEqualTo(text);
    assertThat(Checkpoint.parse(text)).isEqualTo(CHECKPOINT);
    var empty = new Checkpoint(ORIGIN, TreeHead.EMPTY);
    assertThat(empty.text()).contains("\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    assertThat(Checkpoint.parse(empty.text())).isEqualTo(empty);
    assertThat(Checkpoint.parse(text + "more\neven more\n").extensions())
        .containsExactly("more", "even more");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "o\n5\n",
        "o\n5\n" + ROOT,
        "\n5\n" + ROOT + "\n",
        "o\n\n" + ROOT + "\n",
        "o\n05\n" + ROOT + "\n",
        "o\n00\n" + ROOT + "\n",
        "o\n+5\n" + ROOT + "\n",
        "o\n-5\n" + ROOT + "\n",
        "o\n 5\n" + ROOT + "\n",
        "o\n٥\n" + ROOT + "\n",
        "o\n9223372036854775808\n" + ROOT + "\n",
        "o\n99999999999999999999999\n" + ROOT + "\n",
        "o\n0\n" + ROOT + "\n",
        "o\n5\n" + ROOT + "\n\n",
        "o\n5\n" + ROOT + "\n\nx\n",
        "o\n5\n" + ROOT + " \n",
        "o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
        "o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "o\n5\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n",
        "o\n5\nCsUYapGGPo4dkMgIAUqomXajj7h2fB2MPA3j2jxq2A==\n",
        "o\r\n5\r\n" + ROOT + "\r\n",
      })
  void whatIsNotExactlyACheckpointIsRefused(String text) {
    assertThatThrownBy(() -> Checkpoint.parse(text)).isInstanceOf(InvalidException.class);
  }

  @Test
  void anOriginIsOneNonEmptyLine() {
    for (var origin : List.of("", "a\nb", "a\u0000", "a\t", "\ud800")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Checkpoint(origin, TreeHead.EMPTY));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Checkpoint("a", TreeHead.EMPTY, List.of(origin)));
    }
  }

  @Test
  void parsingUndoesPrinting() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 500; i++) {
            var bytes = new byte[32];
            random.nextBytes(bytes);
            var size = 1 + (random.nextLong() >>> random.nextInt(1, 64));
            var head = size < 1 ? TreeHead.EMPTY : new TreeHead(size, Hash.of(bytes));
            var checkpoint = new Checkpoint("o " + i, head, List.of("ë", "x").subList(0, i % 3));
            assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
          }
        });
  }

  @Test
  void aPolicyOpensTheCheckpointsOfItsLogOnly() throws Exception {
    var policy = LogPolicy.of(log.key());
    var note = CHECKPOINT.sign(List.of(log));
    assertThat(policy.open(note.bytes()).checkpoint()).isEqualTo(CHECKPOINT);
    assertThat(policy.open(note).head().size()).isEqualTo(20_852_163);
    refused(LogPolicy.of(Keys.verifier(ORIGIN, 2)), note);
    var other = new Checkpoint("other.example", CHECKPOINT.head()).sign(List.of(log));
    refused(policy, other);
    assertThat(
            new LogPolicy("other.example", List.of(log.key()), List.of(), 0)
                .open(other)
                .checkpoint()
                .origin())
        .isEqualTo("other.example");
    refused(policy, Note.sign("not a checkpoint\n", List.of(log)));
  }

  @Test
  void aKeyOfTheLogMayBeReplacedByAnother() throws Exception {
    var next = Keys.signer(ORIGIN, 4);
    var policy = new LogPolicy(ORIGIN, List.of(log.key(), next.key()), List.of(), 0);
    for (var signers : List.of(List.of(log), List.of(next), List.of(log, next))) {
      assertThat(policy.open(CHECKPOINT.sign(signers)).witnesses()).isEmpty();
    }
  }

  @Test
  void witnessesCountOnceEachAndOnlyWithTheLog() throws Exception {
    var signed = CHECKPOINT.sign(List.of(log));
    var once = signed.with(first.cosign(CHECKPOINT, 1_679_315_147));
    var twice = once.with(first.cosign(CHECKPOINT, 1_679_315_148));
    var both = twice.with(second.cosign(CHECKPOINT, 0));
    var one = policy(1);
    var two = policy(2);
    refused(one, signed);
    assertThat(one.open(once).witnesses())
        .containsExactly(new VerifiedSignature.Cosigned(first.key(), 1_679_315_147));
    refused(two, twice);
    assertThat(two.open(both).witnesses()).hasSize(2);
    var witnessesOnly = new Note(CHECKPOINT.text(), both.signatures().subList(1, 4));
    refused(policy(0), witnessesOnly);
  }

  @Test
  void aCosignatureIsBoundToItsTimeAndToTheWholeCheckpoint() {
    var signed = CHECKPOINT.sign(List.of(log));
    var line = first.cosign(CHECKPOINT, 1_679_315_147);
    for (var bit = 0; bit < 72 * 8; bit++) {
      var signature = line.signature();
      signature[bit / 8] ^= (byte) (1 << (bit % 8));
      refused(policy(0), signed.with(new NoteSignature("w1", line.keyId(), signature)));
    }
    refused(policy(0), signed.with(first.cosign(checkpoint(20_852_164), 1_679_315_147)));
    var extended = new Checkpoint(ORIGIN, CHECKPOINT.head(), List.of("more"));
    refused(policy(0), signed.with(first.cosign(extended, 1_679_315_147)));
    assertThatIllegalArgumentException().isThrownBy(() -> first.cosign(CHECKPOINT, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> log.cosign(CHECKPOINT, 1));
  }

  @Test
  void aPolicyCountsNoKeyTwice() {
    var key = first.key();
    var renamed = Keys.verifier("w3", SignatureType.COSIGNATURE, 2);
    var keys = List.of(log.key());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LogPolicy(ORIGIN, keys, List.of(key, renamed), 2));
    assertThatIllegalArgumentException().isThrownBy(() -> new LogPolicy(ORIGIN, keys, keys, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LogPolicy(ORIGIN, keys, List.of(key), 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LogPolicy(ORIGIN, List.of(), List.of(), 0));
  }

  @Test
  void aProofTakesAnEntryToTheSignedCheckpoint() throws Exception {
    var entries = MemoryLog.of(700);
    var policy = LogPolicy.of(Keys.verifier(ORIGIN, 1));
    var inclusion = InclusionProof.of(333, entries.head(), entries::tile);
    var proof = LogProof.of(inclusion, entries.note());
    assertThat(proof.toString())
        .startsWith("c2sp.org/tlog-proof@v1\nindex 333\n" + inclusion.path().getFirst() + "\n")
        .contains("=\n\n" + ORIGIN + "\n700\n")
        .endsWith("\n");
    var parsed = LogProof.parse(proof.bytes());
    assertThat(parsed).isEqualTo(proof).hasSameHashCodeAs(proof);
    assertThat(parsed.verify(Naive.entry(333), policy).head()).isEqualTo(entries.head());
    assertThatThrownBy(() -> proof.verify(Naive.entry(334), policy))
        .isInstanceOf(InvalidException.class);
    assertThatThrownBy(() -> proof.verify(Naive.entry(333), LogPolicy.of(first.key())))
        .isInstanceOf(InvalidException.class);
    entries.grow(701);
    var mixed = LogProof.of(inclusion, entries.note());
    assertThatThrownBy(() -> mixed.verify(Naive.entry(333), policy))
        .isInstanceOf(InvalidException.class);
    var extra = proof.withExtra("more".getBytes(UTF_8));
    assertThat(extra.toString()).contains("@v1\nextra bW9yZQ==\nindex 333\n");
    assertThat(LogProof.parse(extra.bytes())).isEqualTo(extra).isNotEqualTo(proof);
    assertThat(LogProof.parse(extra.bytes()).extra()).isEqualTo("more".getBytes(UTF_8));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> proof.withExtra(new byte[LogProof.EXTRA_MAX + 1]));
  }

  @Test
  void theProofOfTheOnlyEntryHasNoHashes() throws Exception {
    var entries = MemoryLog.of(1);
    var proof = LogProof.of(InclusionProof.of(0, entries.head(), entries::tile), entries.note());
    assertThat(proof.toString()).startsWith("c2sp.org/tlog-proof@v1\nindex 0\n\n");
    LogProof.parse(proof.bytes()).verify(Naive.entry(0), LogPolicy.of(log.key()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c2sp.org/tlog-proof@v2\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nindex\n\n",
        "c2sp.org/tlog-proof@v1\nINDEX 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAA==\n\n",
        "\nc2sp.org/tlog-proof@v1\nindex 0\n\n",
      })
  void whatIsNotExactlyAProofIsRefused(String head) {
    var proof = (head + CHECKPOINT.sign(List.of(log))).getBytes(UTF_8);
    assertThatThrownBy(() -> LogProof.parse(proof)).isInstanceOf(InvalidException.class);
  }

  @Test
  void aProofWith64HashesIsRefused() {
    var proof =
        "c2sp.org/tlog-proof@v1\nindex 0\n"
            + (ROOT + "\n").repeat(64)
            + "\n"
            + CHECKPOINT.sign(List.of(log));
    assertThatThrownBy(() -> LogProof.parse(proof.getBytes(UTF_8)))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("63");
  }

  private LogPolicy policy(int quorum) {
    return new LogPolicy(ORIGIN, List.of(log.key()), List.of(first.key(), second.key()), quorum);
  }

  private static Checkpoint checkpoint(long size) {
    try {
      return new Checkpoint(ORIGIN, new TreeHead(size, Hash.parse(ROOT)));
    } catch (InvalidException e) {
      throw new AssertionError(e);
    }
  }

  private static void refused(LogPolicy policy, Note note) {
    assertThatThrownBy(() -> policy.open(note)).isInstanceOf(InvalidException.class);
  }
}
