package io.prokura.tlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// A text with signatures (C2SP signed-note). Nothing in it may be relied on before [#verify].
///
/// @param text what is signed; ends with a newline and has no other control characters
/// @param signatures the signature lines, 1 to 64
public record Note(String text, List<NoteSignature> signatures) {
  /// The length of the longest note in bytes.
  public static final int BYTES_MAX = 1 << 20;

  /// How many signatures a note has at most.
  public static final int SIGNATURES_MAX = 64;

  /// Refuses, as a mistake of the caller, a text or a list that no note can have.
  public Note {
    if (!text.endsWith("\n") || !Syntax.isNoteText(text)) {
      throw new IllegalArgumentException("a note text ends with its only control character");
    }
    if (signatures.isEmpty() || signatures.size() > SIGNATURES_MAX) {
      throw new IllegalArgumentException("a note has 1 to 64 signatures");
    }
    signatures = List.copyOf(signatures);
    if (print(text, signatures).getBytes(UTF_8).length > BYTES_MAX) {
      throw new IllegalArgumentException("a note has at most " + BYTES_MAX + " bytes");
    }
  }

  /// Signs a text with each of the signers, which are of type [SignatureType#ED25519].
  public static Note sign(String text, List<NoteSigner> signers) {
    return new Note(text, signers.stream().map(signer -> signer.sign(text)).toList());
  }

  /// Parses a note, as [#bytes] prints it.
  ///
  /// @throws InvalidException if the bytes are not exactly a note, are more than [#BYTES_MAX], or
  ///     hold more than [#SIGNATURES_MAX] signatures
  public static Note parse(byte[] bytes) throws InvalidException {
    if (bytes.length > BYTES_MAX) {
      throw new InvalidException("the note is longer than " + BYTES_MAX + " bytes");
    }
    var note = Syntax.utf8(bytes, "the note");
    if (!Syntax.isNoteText(note)) {
      throw new InvalidException("the note has a control character");
    }
    var blank = note.lastIndexOf("\n\n");
    if (blank < 0) {
      throw new InvalidException("no empty line separates the note text from its signatures");
    }
    if (!note.endsWith("\n") || blank + 2 == note.length()) {
      throw new InvalidException("the note does not end with a signature line");
    }
    var lines = note.substring(blank + 2, note.length() - 1).split("\n", SIGNATURES_MAX + 1);
    if (lines.length > SIGNATURES_MAX) {
      throw new InvalidException("the note has more than " + SIGNATURES_MAX + " signatures");
    }
    var signatures = new ArrayList<NoteSignature>();
    for (var line : lines) {
      signatures.add(NoteSignature.parse(line));
    }
    return new Note(note.substring(0, blank + 1), signatures);
  }

  /// This note with one more signature after those it has.
  public Note with(NoteSignature signature) {
    var more = new ArrayList<>(signatures);
    more.add(signature);
    return new Note(text, more);
  }

  /// Verifies the signatures of the known keys and ignores those of all others. Returns the first
  /// signature of each known key that signed, in the order of the note; at least one.
  ///
  /// @throws InvalidException if no known key signed, or any signature that claims to be of a known
  ///     key does not verify
  public List<VerifiedSignature> verify(List<NoteVerifier> known) throws InvalidException {
    var verified = new LinkedHashMap<NoteVerifier, VerifiedSignature>();
    for (var line : signatures) {
      for (var key : known) {
        if (key.claims(line)) {
          var signature = key.verify(text, line);
          if (signature.isEmpty()) {
            throw new InvalidException("the signature of " + key.name() + " does not verify");
          }
          verified.putIfAbsent(key, signature.get());
        }
      }
    }
    if (verified.isEmpty()) {
      throw new InvalidException("the note has no signature of a known key");
    }
    return List.copyOf(verified.values());
  }

  /// The note in UTF-8.
  public byte[] bytes() {
    return toString().getBytes(UTF_8);
  }

  /// The note: its text, an empty line and its signature lines.
  @Override
  public String toString() {
    return print(text, signatures);
  }

  private static String print(String text, List<NoteSignature> signatures) {
    var note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature).append('\n'));
    return note.toString();
  }
}
