package io.prokura.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PeersTest {
  @Test
  void aSubscriberOfIpv6IsOneAndAnAddressOfIpv4Is() {
    assertThat(Peers.network("192.0.2.1")).isEqualTo("192.0.2.1");
    assertThat(Peers.network("2001:db8:0:1:a:b:c:d"))
        .isEqualTo("2001:db8:0:1")
        .isEqualTo(Peers.network("2001:DB8:0:1:0:0:0:1"))
        .isNotEqualTo(Peers.network("2001:db8:0:2:0:0:0:1"));
    assertThat(Peers.network("::1")).isEqualTo("::1");
  }
}
