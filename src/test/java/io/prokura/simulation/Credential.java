package io.prokura.simulation;

import io.prokura.jose.SigningKey;

/// A way in which a party proves itself.
record Credential(Revocable life, Party holder, Proof proof) {

  sealed interface Proof {
    record Secret(String secret) implements Proof {}

    record Key(SigningKey key) implements Proof {}

    /// A secret whose answer was lost: nobody knows it.
    record Lost() implements Proof {}
  }

  String id() {
    return life.id();
  }

  boolean isUsable() {
    return !(proof instanceof Proof.Lost);
  }
}
