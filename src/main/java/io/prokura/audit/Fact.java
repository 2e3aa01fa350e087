package io.prokura.audit;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One version of something that decisions rest on, as entries refer to it. Made by [Facts].
public final class Fact {
  private final String reference;
  private final AtomicReference<Optional<Content>> unkept;

  /// What is still to be stored.
  record Content(String about, String digest, String body) {}

  Fact(String reference, Optional<Content> unkept) {
    this.reference = reference;
    this.unkept = new AtomicReference<>(unkept);
  }

  /// The word by which an entry refers to it, 22 characters: the first 128 bits of the SHA-256 of a
  /// nonce and the content, so the entry commits to the content and nobody can guess it back.
  public String reference() {
    return reference;
  }

  /// What is to be stored before an entry refers to it; nothing once it is.
  Optional<Content> unkept() {
    return unkept.get();
  }

  void markKept() {
    unkept.set(Optional.empty());
  }
}
