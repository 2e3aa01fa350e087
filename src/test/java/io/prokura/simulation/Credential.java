package io.prokura.simulation;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.kernel.World;

/// A way in which a party proves itself.
record Credential(Revocable life, Party holder, Proof proof) {

  sealed interface Proof {
    record Secret(String secret) implements Proof {}

    record Key(SigningKey key) implements Proof {}

    /// A secret whose answer was lost: nobody knows it.
    record Lost() implements Proof {}
  }

  static SigningKey newKey(World world) {
    return SigningKey.generate(Crypto.jdk(), world, Algorithm.EDDSA);
  }

  String id() {
    return life.id();
  }

  boolean isUsable() {
    return !(proof instanceof Proof.Lost);
  }
}
