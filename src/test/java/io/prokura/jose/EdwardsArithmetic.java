package io.prokura.jose;

import static java.math.BigInteger.ONE;
import static java.math.BigInteger.TWO;
import static java.math.BigInteger.ZERO;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;

/// The group of Ed25519 by the book (RFC 8032 §5.1), slow and simple.
final class EdwardsArithmetic {
  private final BigInteger field = TWO.pow(255).subtract(BigInteger.valueOf(19));
  private final BigInteger d =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(field)).mod(field);
  private final BigInteger order =
      TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private record Point(BigInteger x, BigInteger y) {}

  BigInteger field() {
    return field;
  }

  BigInteger baseY() {
    return BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(field)).mod(field);
  }

  /// The prime order times any point has an order that divides eight; its multiples are all of them
  /// once one of order eight turns up.
  Set<BigInteger> ysOfSmallOrder() {
    for (int y = 2; y < 200; y++) {
      var x = root(BigInteger.valueOf(y));
      if (x.signum() > 0) {
        var small = times(order, new Point(x, BigInteger.valueOf(y)));
        var found = new HashSet<BigInteger>();
        for (int i = 0; i < 8; i++) {
          found.add(times(BigInteger.valueOf(i), small).y());
        }
        if (found.size() == 5) {
          return found;
        }
      }
    }
    throw new AssertionError("no point of order eight");
  }

  private Point times(BigInteger factor, Point point) {
    var sum = new Point(ZERO, ONE);
    for (int i = factor.bitLength() - 1; i >= 0; i--) {
      sum = add(sum, sum);
      if (factor.testBit(i)) {
        sum = add(sum, point);
      }
    }
    return sum;
  }

  private Point add(Point a, Point b) {
    var cross = d.multiply(a.x()).multiply(b.x()).multiply(a.y()).multiply(b.y()).mod(field);
    var x = a.x().multiply(b.y()).add(b.x().multiply(a.y()));
    var y = a.y().multiply(b.y()).add(a.x().multiply(b.x()));
    return new Point(
        x.multiply(ONE.add(cross).modInverse(field)).mod(field),
        y.multiply(ONE.subtract(cross).modInverse(field)).mod(field));
  }

  /// An `x` for this `y`, or -1 where the curve has none (RFC 8032 §5.1.3).
  private BigInteger root(BigInteger y) {
    var square = y.multiply(y);
    var wanted =
        square.subtract(ONE).multiply(d.multiply(square).add(ONE).modInverse(field)).mod(field);
    var x = wanted.modPow(field.add(BigInteger.valueOf(3)).shiftRight(3), field);
    if (!x.multiply(x).mod(field).equals(wanted)) {
      x = x.multiply(TWO.modPow(field.subtract(ONE).shiftRight(2), field)).mod(field);
    }
    return x.multiply(x).mod(field).equals(wanted) ? x : BigInteger.valueOf(-1);
  }
}
