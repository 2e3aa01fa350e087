package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Security;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTest {
  private static final String VKEY =
      "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  private static final String LINE =
      "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
          + "RKuwHjG1Yu72IneyaQM=";
  private static final String TEXT = "This is an example message.\n";
  private static final String NOTE = TEXT + "\n" + LINE + "\n";

  @Test
  void theNoteOfTheSpecificationVerifies() throws Exception {
    var key = NoteVerifier.parse(VKEY);
    var note = Note.parse(NOTE.getBytes(UTF_8));
    assertThat(note.text()).isEqualTo(TEXT);
    assertThat(note.verify(List.of(key))).containsExactly(new VerifiedSignature.Signed(key));
    assertThat(note).hasToString(NOTE);
    assertThat(key).hasToString(VKEY);
    assertThat(key.keyId()).isEqualTo(0x530d903a);
    var same = NoteVerifier.of("example.com/foo", SignatureType.ED25519, key.publicKey());
    assertThat(same).isEqualTo(key).hasToString(VKEY);
  }

  @Test
  void theProviderOfTheAlgorithmMayBeGiven() throws Exception {
    var provider = Security.getProviders("Signature.Ed25519")[0];
    var key = NoteVerifier.parse(VKEY, provider);
    assertThat(Note.parse(NOTE.getBytes(UTF_8)).verify(List.of(key))).hasSize(1);
    var pair = Keys.pair(1);
    var own = NoteVerifier.of("own", SignatureType.ED25519, Keys.raw(pair), provider);
    var signer = NoteSigner.of(own, pair.getPrivate(), provider);
    assertThat(Note.sign("text\n", List.of(signer)).verify(List.of(own))).hasSize(1);
  }

  @Test
  void aFlippedBitOfTextOrSignatureFails() throws Exception {
    var signer = Keys.signer("a", 1);
    var note = Note.sign("text\n", List.of(signer));
    for (var bit = 0; bit < 64 * 8; bit++) {
      var signature = note.signatures().getFirst().signature();
      signature[bit / 8] ^= (byte) (1 << (bit % 8));
      var line = new NoteSignature("a", signer.key().keyId(), signature);
      refused(new Note("text\n", List.of(line)), signer.key());
    }
    refused(new Note("texT\n", note.signatures()), signer.key());
    refused(new Note("text\n\n", note.signatures()), signer.key());
  }

  @Test
  void aSignatureOfAnyOtherLengthFails() throws Exception {
    var signer = Keys.signer("a", 1);
    var signature = Note.sign("text\n", List.of(signer)).signatures().getFirst().signature();
    for (var length : List.of(1, 7, 8, 63, 65, 72, 2428)) {
      for (var type : SignatureType.values()) {
        var key = Keys.verifier("a", type, 1);
        var line = new NoteSignature("a", key.keyId(), Arrays.copyOf(signature, length));
        refused(new Note("text\n", List.of(line)), key);
      }
    }
  }

  @Test
  void unknownSignaturesAreIgnoredAndOneKnownOneIsRequired() throws Exception {
    var known = Keys.signer("known", 1);
    var note = Note.sign("text\n", List.of(Keys.signer("other", 2), known));
    assertThat(note.verify(List.of(Keys.verifier("third", 3), known.key())))
        .containsExactly(new VerifiedSignature.Signed(known.key()));
    refused(note, Keys.verifier("third", 3));
    // The same name or the same id alone is another key.
    refused(note, Keys.verifier("known", 3));
    var line = note.signatures().get(1);
    var renamed = new NoteSignature("third", line.keyId(), line.signature());
    refused(new Note("text\n", List.of(renamed)), known.key());
    assertThatThrownBy(() -> note.verify(List.of())).isInstanceOf(InvalidException.class);
  }

  @Test
  void oneBadSignatureOfAKnownKeyRefusesTheWholeNote() throws Exception {
    var first = Keys.signer("first", 1);
    var second = Keys.signer("second", 2);
    var good = Note.sign("text\n", List.of(first));
    var bad = Note.sign("other\n", List.of(second)).signatures().getFirst();
    var known = List.of(first.key(), second.key());
    assertThatThrownBy(() -> good.with(bad).verify(known))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("second");
    var again = Note.sign("other\n", List.of(first)).signatures().getFirst();
    assertThatThrownBy(() -> good.with(again).verify(known)).isInstanceOf(InvalidException.class);
  }

  @Test
  void aKeyThatSignsTwiceCountsOnce() throws Exception {
    var signer = Keys.signer("a", 1);
    var note = Note.sign("text\n", List.of(signer, signer, signer));
    assertThat(note.verify(List.of(signer.key(), signer.key()))).hasSize(1);
  }

  @Test
  void aSignatureOfOneTypeIsNotOneOfAnother() throws Exception {
    var pair = Keys.pair(1);
    var note = Note.sign("text\n", List.of(Keys.signer("a", 1)));
    var cosigner = NoteVerifier.of("a", SignatureType.COSIGNATURE, Keys.raw(pair));
    refused(note, cosigner);
    var line = note.signatures().getFirst();
    refused(
        new Note("text\n", List.of(new NoteSignature("a", cosigner.keyId(), line.signature()))),
        cosigner);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Note.sign("text\n", List.of(Keys.signer("a", SignatureType.COSIGNATURE, 1))));
  }

  @Test
  void aSignerWithAnotherPrivateKeySignsNothing() {
    var signer = NoteSigner.of(Keys.verifier("a", 1), Keys.pair(2).getPrivate());
    assertThatIllegalStateException().isThrownBy(() -> Note.sign("text\n", List.of(signer)));
    var empty = new NoteSigner(Keys.verifier("a", 1), _ -> new byte[0]);
    assertThatIllegalStateException().isThrownBy(() -> Note.sign("text\n", List.of(empty)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "\n\n\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=",
        "text\n\n— a AAAAAAA=\n\n",
        "text\n\n— a AAAAAAA=\ntext\n",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n—a AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— AAAAAAA=\n",
        "text\n\n— a\n",
        "text\n\n— a \n",
        "text\n\n— a+b AAAAAAA=\n",
        "text\n\n— a b AAAAAAA=\n",
        "text\n\n— a\u00a0b AAAAAAA=\n",
        "text\n\n— a\u2003b AAAAAAA=\n",
        "text\n\n— a\u0085b AAAAAAA=\n",
        "text\n\n— a AAAAAAA\n",
        "text\n\n— a AAAAAAB=\n",
        "text\n\n— a AAAA-_A=\n",
        "text\n\n— a AAAAAA==\n",
        "text\n\n— a AAAAAAA= \n",
        "te\u0000xt\n\n— a AAAAAAA=\n",
        "te\txt\n\n— a AAAAAAA=\n",
        "text\r\n\n— a AAAAAAA=\n",
      })
  void whatIsNotExactlyANoteIsRefused(String note) {
    assertThatThrownBy(() -> Note.parse(note.getBytes(UTF_8))).isInstanceOf(InvalidException.class);
  }

  @Test
  void theShortestNotesParse() throws Exception {
    for (var note : List.of("\n\n— a AAAAAAA=\n", "a\n\n\n\n— a AAAAAAA=\n")) {
      assertThat(Note.parse(note.getBytes(UTF_8))).hasToString(note);
    }
    assertThat(Note.parse("a\n\nb\n\n— a AAAAAAA=\n".getBytes(UTF_8)).text()).isEqualTo("a\n\nb\n");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    for (var bad : List.of(new byte[] {(byte) 0xff}, new byte[] {(byte) 0xc0, (byte) 0x8a})) {
      var note = Arrays.copyOf(bad, bad.length + NOTE.getBytes(UTF_8).length);
      System.arraycopy(NOTE.getBytes(UTF_8), 0, note, bad.length, note.length - bad.length);
      assertThatThrownBy(() -> Note.parse(note)).isInstanceOf(InvalidException.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Note.sign("\ud800\n", List.of(Keys.signer("a", 1))));
  }

  @Test
  void notesHaveAtMost64SignaturesAndOneMebibyte() throws Exception {
    var most = TEXT + "\n" + (LINE + "\n").repeat(64);
    var key = NoteVerifier.parse(VKEY);
    assertThat(Note.parse(most.getBytes(UTF_8)).verify(List.of(key))).hasSize(1);
    var tooMany = (most + LINE + "\n").getBytes(UTF_8);
    assertThatThrownBy(() -> Note.parse(tooMany)).isInstanceOf(InvalidException.class);
    var longest = "a".repeat(Note.BYTES_MAX - NOTE.getBytes(UTF_8).length) + NOTE;
    assertThat(Note.parse(longest.getBytes(UTF_8))).hasToString(longest);
    assertThatThrownBy(() -> Note.parse(("a" + longest).getBytes(UTF_8)))
        .isInstanceOf(InvalidException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Note(
                    "a".repeat(Note.BYTES_MAX) + "\n",
                    Collections.singletonList(NoteSignature.parse(LINE))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo++AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+AQ==",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      })
  void whatIsNotExactlyAVerifierKeyIsRefused(String vkey) {
    assertThatThrownBy(() -> NoteVerifier.parse(vkey)).isInstanceOf(InvalidException.class);
  }

  @Test
  void parsingUndoesPrinting() {
    Seeded.check(
        random -> {
          for (var i = 0; i < 300; i++) {
            var lines = new NoteSignature[random.nextInt(1, 20)];
            for (var j = 0; j < lines.length; j++) {
              var signature = new byte[random.nextInt(1, 100)];
              random.nextBytes(signature);
              lines[j] = new NoteSignature("näme/" + j, random.nextInt(), signature);
            }
            var text = random.nextInt() + "\n".repeat(random.nextInt(1, 4)) + "é\ud83d\ude00\n";
            var note = new Note(text, List.of(lines));
            assertThat(Note.parse(note.bytes())).isEqualTo(note);
          }
        });
  }

  private static void refused(Note note, NoteVerifier key) {
    assertThatThrownBy(() -> note.verify(List.of(key))).isInstanceOf(InvalidException.class);
  }
}
