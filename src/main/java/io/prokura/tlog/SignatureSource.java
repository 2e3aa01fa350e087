package io.prokura.tlog;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;

/// Where a fresh JCA object for Ed25519 comes from.
@FunctionalInterface
interface SignatureSource {
  /// The name of the signature algorithm and of its keys.
  String ALGORITHM = "Ed25519";

  Signature get() throws GeneralSecurityException;

  static SignatureSource jdk() {
    return () -> Signature.getInstance(ALGORITHM);
  }

  static SignatureSource of(Provider provider) {
    return () -> Signature.getInstance(ALGORITHM, provider);
  }
}
