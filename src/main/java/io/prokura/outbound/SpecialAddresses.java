package io.prokura.outbound;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// The addresses that are not a place in the public Internet (RFC 6890 and the IANA registries of
/// special-purpose addresses), and those of IPv6 that carry an address of IPv4 in them.
final class SpecialAddresses {
  private static final List<Network> IPV4 =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");

  /// All of IPv6 that is given out to hosts of the Internet (RFC 4291 §2.4).
  private static final Network GLOBAL = network("2000::/3");

  /// What is special within it: protocol assignments with Teredo, benchmarking and ORCHID,
  /// documentation, 6to4, AS112.
  private static final List<Network> IPV6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20");

  private SpecialAddresses() {}

  private record Network(int bits, int prefix, BigInteger start) {
    boolean holds(byte[] address) {
      return address.length * 8 == bits
          && new BigInteger(1, address).shiftRight(bits - prefix).equals(start);
    }
  }

  /// Whether `address` is anything but an ordinary public host's.
  static boolean contain(InetAddress address) {
    var bytes = address.getAddress();
    return bytes.length == 4
        ? IPV4.stream().anyMatch(network -> network.holds(bytes))
        : !GLOBAL.holds(bytes) || IPV6.stream().anyMatch(network -> network.holds(bytes));
  }

  private static List<Network> networks(String... texts) {
    return List.of(texts).stream().map(SpecialAddresses::network).toList();
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    int prefix = Integer.parseInt(text.substring(slash + 1));
    try {
      var address = InetAddress.getByName(text.substring(0, slash)).getAddress();
      int bits = address.length * 8;
      return new Network(bits, prefix, new BigInteger(1, address).shiftRight(bits - prefix));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
