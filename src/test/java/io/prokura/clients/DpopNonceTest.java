package io.prokura.clients;

import static io.prokura.kernel.Refusal.DPOP_NONCE_REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.Registered;
import io.prokura.app.Prover;
import io.prokura.http.Request;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import io.prokura.seal.MasterKey;
import io.prokura.seal.MasterKeySource;
import io.prokura.sql.TestDatabases;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nonces of DPoP proofs where the server requires them (RFC 9449 §8).
final class DpopNonceTest {
  private final Registered agents = new Registered(TestDatabases.sqlite());
  private final MasterKeySource source =
      new MasterKeySource.File(TestDatabases.folder().resolve("master.key"), List.of());
  private final DpopProofs node = node(source, true);

  @AfterEach
  void close() {
    agents.close();
  }

  private DpopProofs node(MasterKeySource key, boolean required) {
    var all = agents.all;
    return new DpopProofs(
        List.of("http://localhost:8420"),
        all.world,
        all.limits,
        Crypto.jdk(),
        new JwtReader(new JsonReader(all.limits)),
        new OneTime(all.world, all.database, all.limits),
        MasterKey.open(key, all.world).seal(all.world, "dpop nonces"),
        new Clients(all.database, all.feed, all.audit, agents.catalogue, (_, _) -> {}),
        required);
  }

  private Result<AuthenticatedClient> proven(DpopProofs by, String nonce) {
    var prover = new Prover(agents.all.now.get());
    var claims = prover.claims();
    var proof = prover.proof((nonce.isEmpty() ? claims : claims.claim("nonce", nonce)).build());
    var request =
        Request.to(agents.all.limits, "POST", "/oauth2/token").header("DPoP", proof).build();
    var client = Proven.unproven(new Holder.Application(Id.Client.random(agents.all.world)));
    return by.proven(request, new AuthenticatedClient(client, 0, false));
  }

  private static void isRefused(Result<AuthenticatedClient> result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).isEqualTo(DPOP_NONCE_REQUIRED));
  }

  @Test
  void aProofNeedsANonceThatAnyNodeWithTheMasterKeyMade() {
    isRefused(proven(node, ""));
    assertThat(proven(node, node.nonce())).isInstanceOf(Result.Ok.class);
    assertThat(proven(node, node(source, true).nonce())).isInstanceOf(Result.Ok.class);
  }

  @Test
  void aNonceIsGoodInItsMinuteAndTheNext() {
    var nonce = node.nonce();
    agents.all.now.set(agents.all.now.get().plusSeconds(60));
    assertThat(proven(node, nonce)).isInstanceOf(Result.Ok.class);
    agents.all.now.set(agents.all.now.get().plusSeconds(60));
    isRefused(proven(node, nonce));
  }

  @Test
  void aForeignOrChangedNonceIsRefusedAlsoWhereNoneIsRequired() {
    var foreign = new MasterKeySource.File(TestDatabases.folder().resolve("master.key"), List.of());
    var optional = node(source, false);
    assertThat(proven(optional, "")).isInstanceOf(Result.Ok.class);
    for (var one : List.of(node, optional)) {
      isRefused(proven(one, node(foreign, true).nonce()));
      isRefused(proven(one, "AAAA"));
      isRefused(proven(one, "not base64url!"));
      isRefused(
          proven(one, "A" + node.nonce().substring(1, 40) + "B" + node.nonce().substring(41)));
    }
  }
}
