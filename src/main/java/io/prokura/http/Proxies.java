package io.prokura.http;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.tls.Certificates;
import io.prokura.tls.ClientCertificate;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The proxies that may say whose request they pass on: from their addresses, and from no others,
/// the headers `Client-Cert` and `Client-Cert-Chain` (RFC 9440) and `X-Forwarded-For` are read. A
/// proxy's own certificate is never its client's.
public final class Proxies {
  /// Believes nobody.
  public static final Proxies NONE = new Proxies(List.of());

  private static final String CERTIFICATE = "Client-Cert";
  private static final String CHAIN = "Client-Cert-Chain";
  private static final int CHAIN_MAX = 8;

  /// A byte sequence of a structured field (RFC 9651 §3.3.5).
  private static final Pattern BYTES = Pattern.compile(":([A-Za-z0-9+/]*={0,2}):");

  private final List<Network> networks;

  private Proxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /// Addresses that share their first `bits` bits with `start`.
  private record Network(InetAddress start, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      var start = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = start.getAddress().length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > all) {
        throw new IllegalArgumentException("no network: " + text);
      }
      return new Network(start, bits);
    }

    boolean contains(InetAddress address) {
      var ours = start.getAddress();
      var theirs = address.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        if (((ours[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  /// The proxies at these addresses and in these networks (`10.0.0.0/8`); throws
  /// `IllegalArgumentException` for anything else.
  public static Proxies of(List<String> addresses) {
    return new Proxies(addresses.stream().map(Network::parse).toList());
  }

  /// Who sent a request: the address, and the certificate whose key it holds.
  record Sender(String address, Optional<ClientCertificate> certificate) {}

  /// Who sent a request that came from `peer`. Refuses `MALFORMED_REQUEST` when a proxy says so in
  /// a way that cannot be read.
  Result<Sender> sender(
      String peer, Optional<ClientCertificate> presented, Request.HeaderLines headers) {
    if (networks.isEmpty() || !isProxy(peer)) {
      return ok(new Sender(peer, presented));
    }
    var forwarded = certificate(headers);
    return forwarded instanceof Ok(var certificate)
        ? address(peer, headers).map(address -> new Sender(address, certificate))
        : forwarded.refusal();
  }

  private boolean isProxy(String address) {
    try {
      var literal = InetAddress.ofLiteral(address);
      return networks.stream().anyMatch(network -> network.contains(literal));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// Each proxy adds the address it was called from, so the last one that is no proxy's is the
  /// client's; what stands before it, the client may have written.
  private Result<String> address(String peer, Request.HeaderLines headers) {
    var hops = new ArrayList<String>();
    for (var line : headers.all("X-Forwarded-For")) {
      for (var hop : line.split(",", -1)) {
        hops.add(hop.strip());
      }
    }
    var address = peer;
    for (var hop : hops.reversed()) {
      try {
        address = InetAddress.ofLiteral(hop).getHostAddress();
      } catch (IllegalArgumentException e) {
        return refused(MALFORMED_REQUEST, "X-Forwarded-For has something that is no address");
      }
      if (!isProxy(address)) {
        return ok(address);
      }
    }
    return ok(address);
  }

  private static Result<Optional<ClientCertificate>> certificate(Request.HeaderLines headers) {
    var lines = headers.all(CERTIFICATE);
    var chainLines = headers.all(CHAIN);
    if (lines.isEmpty()) {
      return chainLines.isEmpty() ? ok(Optional.empty()) : malformed();
    }
    var leaf = parse(lines.getFirst());
    if (lines.size() > 1 || leaf.isEmpty()) {
      return malformed();
    }
    var chain = new ArrayList<X509Certificate>(List.of(leaf.get()));
    for (var line : chainLines) {
      for (var item : line.split(",", -1)) {
        var next = parse(item);
        if (next.isEmpty() || chain.size() > CHAIN_MAX) {
          return malformed();
        }
        chain.add(next.get());
      }
    }
    return ok(Optional.of(ClientCertificate.of(chain)));
  }

  private static Optional<X509Certificate> parse(String item) {
    var matcher = BYTES.matcher(item.strip());
    try {
      return matcher.matches()
          ? Certificates.parse(Base64.getDecoder().decode(matcher.group(1)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static <T> Result<T> malformed() {
    return refused(MALFORMED_REQUEST, "the proxy's Client-Cert headers are not well formed");
  }
}
