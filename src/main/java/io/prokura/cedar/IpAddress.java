package io.prokura.cedar;

import java.util.Optional;

/// An IP address or a range of addresses in CIDR notation. A range keeps its address as written, so
/// `10.0.0.1/8` and `10.0.0.2/8` are different values.
///
/// @param v6 whether it is of IP version 6
/// @param high the upper 64 bits; zero for IPv4
/// @param low the lower 64 bits; an IPv4 address is in the lower 32 of them
/// @param prefix the number of fixed leading bits; 32 or 128 for a single address
public record IpAddress(boolean v6, long high, long low, int prefix) implements Value {

  /// @throws IllegalArgumentException if the numbers do not fit the version
  public IpAddress {
    if (prefix < 0 || prefix > (v6 ? 128 : 32) || (!v6 && (high != 0 || low >>> 32 != 0))) {
      throw new IllegalArgumentException("not an IP address");
    }
  }

  /// The address or range, such as `10.0.0.0/8` or `2001:db8::1`; empty if the text is none. IPv4
  /// inside IPv6 and leading zeros in IPv4 are refused.
  public static Optional<IpAddress> parse(String text) {
    return IpParser.parse(text);
  }

  /// Whether every address of this range is a loopback address of its version.
  public boolean isLoopback() {
    return v6 ? high == 0 && low == 1 && prefix == 128 : low >>> 24 == 127 && prefix >= 8;
  }

  /// Whether every address of this range is a multicast address of its version.
  public boolean isMulticast() {
    return v6 ? high >>> 56 == 0xff && prefix >= 8 : low >>> 28 == 0xe && prefix >= 4;
  }

  /// Whether every address of this range is in the other range. Never across versions.
  public boolean isInRange(IpAddress range) {
    if (v6 != range.v6 || prefix < range.prefix) {
      return false;
    }
    if (!v6) {
      return ((low ^ range.low) & upperBits(range.prefix + 32)) == 0;
    }
    return ((high ^ range.high) & upperBits(Math.min(64, range.prefix))) == 0
        && ((low ^ range.low) & upperBits(Math.max(0, range.prefix - 64))) == 0;
  }

  private static long upperBits(int count) {
    return count == 0 ? 0 : -1L << (64 - count);
  }

  @Override
  public String typeName() {
    return "ipaddr";
  }

  @Override
  public String toString() {
    var text = new StringBuilder("ip(\"");
    if (v6) {
      for (int i = 0; i < 8; i++) {
        long half = i < 4 ? high : low;
        text.append(i == 0 ? "" : ":")
            .append(Long.toHexString(half >>> (48 - i % 4 * 16) & 0xffff));
      }
    } else {
      for (int i = 0; i < 4; i++) {
        text.append(i == 0 ? "" : ".").append(low >>> (24 - i * 8) & 0xff);
      }
    }
    if (prefix != (v6 ? 128 : 32)) {
      text.append('/').append(prefix);
    }
    return text.append("\")").toString();
  }
}
