package io.prokura.tlog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Whom a verifier trusts: one log, by its origin and keys, and how many of which witnesses.
///
/// @param origin the origin line that the checkpoint must have
/// @param keys the keys of the log, of which one must have signed; several while a key is replaced
/// @param witnesses the keys of the known witnesses
/// @param quorum how many different witnesses must have signed
public record LogPolicy(
    String origin, List<NoteVerifier> keys, List<NoteVerifier> witnesses, int quorum) {

  /// Refuses, as a mistake of the caller, no log key, a public key that occurs twice (it would
  /// count for two witnesses) and a quorum that cannot be reached.
  public LogPolicy {
    keys = List.copyOf(keys);
    witnesses = List.copyOf(witnesses);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("a log has at least one key");
    }
    var publicKeys = new HashSet<Hash>();
    for (var key : together(keys, witnesses)) {
      if (!publicKeys.add(Hash.of(key.publicKey()))) {
        throw new IllegalArgumentException("the key of " + key.name() + " occurs twice");
      }
    }
    if (quorum < 0 || quorum > witnesses.size()) {
      throw new IllegalArgumentException("the quorum is more than the known witnesses");
    }
  }

  /// The policy for a log whose origin is the name of its only key, without witnesses.
  public static LogPolicy of(NoteVerifier key) {
    return new LogPolicy(key.name(), List.of(key), List.of(), 0);
  }

  private static List<NoteVerifier> together(List<NoteVerifier> keys, List<NoteVerifier> more) {
    var all = new ArrayList<>(keys);
    all.addAll(more);
    return all;
  }

  /// Opens a checkpoint, as it is served at `<prefix>/checkpoint`.
  ///
  /// @throws InvalidException if the bytes are not a signed checkpoint, or not one that this policy
  ///     accepts; also if any signature that claims to be of a known key does not verify
  public SignedCheckpoint open(byte[] note) throws InvalidException {
    return open(Note.parse(note));
  }

  /// Opens a checkpoint that has been parsed as a note.
  ///
  /// @throws InvalidException as [#open(byte\[\])]
  public SignedCheckpoint open(Note note) throws InvalidException {
    var signatures = note.verify(together(keys, witnesses));
    if (signatures.stream().noneMatch(signature -> keys.contains(signature.key()))) {
      throw new InvalidException("the checkpoint has no signature of the log " + origin);
    }
    var checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(origin)) {
      throw new InvalidException("the checkpoint is of another log than " + origin);
    }
    var witnessed = signatures.stream().filter(s -> witnesses.contains(s.key())).toList();
    if (witnessed.size() < quorum) {
      throw new InvalidException(
          "the checkpoint has signatures of " + witnessed.size() + " witnesses, not " + quorum);
    }
    return new SignedCheckpoint(checkpoint, witnessed);
  }
}
