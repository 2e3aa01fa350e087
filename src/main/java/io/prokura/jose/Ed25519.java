package io.prokura.jose;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.TWO;

import java.math.BigInteger;
import java.util.Set;

/// The curve of Ed25519 (RFC 8032 §5.1).
final class Ed25519 {
  private static final BigInteger FIELD = TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(FIELD)).mod(FIELD);

  private static final BigInteger ORDER_EIGHT =
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

  /// The `y` of the eight points of small order. A key made of one would let a signature pass that
  /// nobody made.
  private static final Set<BigInteger> SMALL_ORDER =
      Set.of(BigInteger.ZERO, ONE, FIELD.subtract(ONE), ORDER_EIGHT, FIELD.subtract(ORDER_EIGHT));

  private Ed25519() {}

  /// Whether the curve has a point with this `y`, spelled in the one canonical way, that is not of
  /// small order.
  static boolean contains(BigInteger y) {
    if (y.signum() < 0 || y.compareTo(FIELD) >= 0 || SMALL_ORDER.contains(y)) {
      return false;
    }
    var square = y.multiply(y).mod(FIELD);
    var numerator = square.subtract(ONE);
    var denominator = D.multiply(square).add(ONE);
    // x² = numerator / denominator has a root exactly when Euler's criterion says 1.
    var criterion =
        numerator.multiply(denominator).mod(FIELD).modPow(FIELD.subtract(ONE).shiftRight(1), FIELD);
    return criterion.equals(ONE);
  }
}
