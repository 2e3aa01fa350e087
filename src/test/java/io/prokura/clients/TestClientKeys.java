package io.prokura.clients;

import io.prokura.jose.Crypto;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Outbound.Bounds;
import io.prokura.outbound.Outbound.Reach;
import io.prokura.outbound.Resolver;
import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;

/// Clients' keys that may also be published on this machine.
public final class TestClientKeys {
  private TestClientKeys() {}

  public static ClientKeys of(World world, Credentials credentials, Clients clients) {
    return new ClientKeys(credentials, clients, published(world), published(world));
  }

  static PublishedKeys published(World world) {
    return published(world, Reach.LOOPBACK_TOO);
  }

  static PublishedKeys published(World world, Reach reach) {
    var tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var bounds = new Bounds(Duration.ofSeconds(30), 8, 1_000);
    return new PublishedKeys(
        world,
        new Outbound(world, bounds, reach, Resolver.SYSTEM, tls),
        Crypto.jdk(),
        new JsonReader(Limits.standard()));
  }
}
