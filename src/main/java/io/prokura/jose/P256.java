package io.prokura.jose;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;

/// The elliptic curve P-256 (FIPS 186-5, SP 800-186 §3.2.1.3).
final class P256 {
  static final ECParameterSpec PARAMETERS = parameters();
  private static final BigInteger FIELD = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();

  private P256() {}

  /// Whether these are the parameters of this curve and no other.
  static boolean is(ECParameterSpec parameters) {
    return parameters.getCurve().equals(PARAMETERS.getCurve())
        && parameters.getGenerator().equals(PARAMETERS.getGenerator())
        && parameters.getOrder().equals(PARAMETERS.getOrder())
        && parameters.getCofactor() == PARAMETERS.getCofactor();
  }

  /// Whether the point lies on the curve. The curve's order is prime, so each point but the one at
  /// infinity, which has no coordinates, is fit for a key.
  static boolean contains(BigInteger x, BigInteger y) {
    if (!inField(x) || !inField(y)) {
      return false;
    }
    var curve = PARAMETERS.getCurve();
    var right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
    return y.multiply(y).subtract(right).mod(FIELD).signum() == 0;
  }

  private static boolean inField(BigInteger number) {
    return number.signum() >= 0 && number.compareTo(FIELD) < 0;
  }

  private static ECParameterSpec parameters() {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
