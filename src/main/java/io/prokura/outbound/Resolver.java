package io.prokura.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Answers which addresses a host name has. It is asked once for each request.
@FunctionalInterface
public interface Resolver {
  /// The resolver of the machine.
  Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> resolve(String host) throws UnknownHostException;
}
