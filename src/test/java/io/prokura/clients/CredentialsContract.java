package io.prokura.clients;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.agents.AgentTransition;
import io.prokura.jose.Algorithm;
import io.prokura.jose.VerificationKey;
import io.prokura.kernel.Id;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import io.prokura.tls.CertificateName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What credentials and clients do on every database. A subclass names the database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CredentialsContract {
  private final Authenticating here;

  CredentialsContract(Database database) {
    here = new Authenticating(database);
  }

  @AfterAll
  void close() {
    here.close();
  }

  @Test
  void keepsKeysOfEveryAlgorithmAndTheHashesOfSecrets() {
    for (var holder : here.everyHolder()) {
      var keys = new ArrayList<VerificationKey>();
      for (var algorithm : Algorithm.values()) {
        var key = here.newKey(algorithm).verificationKey();
        here.add(holder, Authenticating.keys(key));
        keys.add(key);
      }
      here.secret(holder);
      assertThat(here.credentials.keys(holder)).containsExactlyInAnyOrderElementsOf(keys);
      assertThat(here.credentials.live(holder)).hasSize(Algorithm.values().length + 1);
    }
  }

  @Test
  void addsNothingToWhomNobodyKnowsOrWhoIsGone() {
    var world = here.agents.all.world;
    var nobody =
        List.of(
            new Holder.Agent(Id.Agent.random(world)),
            new Holder.Workload(Id.Workload.random(world)),
            new Holder.Application(Id.Client.random(world)));
    for (var holder : nobody) {
      assertThat(refusal(here.draft(holder, secret(), Optional.empty()))).isEqualTo(NOT_FOUND);
    }
    var retired = here.agent(here.agents.step(here.agents.active(), AgentTransition.RETIRE));
    assertThat(refusal(here.draft(retired, secret(), Optional.empty()))).isEqualTo(STATE_CONFLICT);
  }

  @Test
  void takesNoKeyTwiceNotEvenARevokedOneOrAnothersKey() {
    var holder = here.agent();
    var key = here.newKey(Algorithm.ES256).verificationKey();
    var added = here.add(holder, Authenticating.keys(key));
    var again = here.draft(holder, Authenticating.keys(key), Optional.empty());
    assertThat(refusal(again)).isEqualTo(DUPLICATE);
    var others = here.draft(here.workload(), Authenticating.keys(key), Optional.empty());
    assertThat(refusal(others)).isEqualTo(DUPLICATE);
    revoke(added.id());
    assertThat(refusal(again)).isEqualTo(DUPLICATE);
    var other = here.newKey(Algorithm.EDDSA).verificationKey();
    var twice = here.draft(holder, Authenticating.keys(other, other), Optional.empty());
    assertThat(refusal(twice)).isEqualTo(DUPLICATE);
    assertThat(here.credentials.live(holder)).isEmpty();
  }

  @Test
  void keepsCertificatesAndNamesInThem() {
    var holder = here.agent();
    var certificate = new Credential.Kind.Certificate(holder.id().text(), true);
    here.add(holder, certificate);
    var kinds = new ArrayList<Credential.Kind>(List.of(certificate));
    for (var kind : CertificateName.Kind.values()) {
      var named = new Credential.Kind.Named(new CertificateName(kind, holder.id().text()), false);
      here.add(holder, named);
      kinds.add(named);
    }
    assertThat(here.credentials.live(holder).stream().map(Credential::kind))
        .containsExactlyInAnyOrderElementsOf(kinds);
    var taken = here.draft(here.workload(), certificate, Optional.empty());
    assertThat(refusal(taken)).isEqualTo(DUPLICATE);
  }

  @Test
  void boundsWhatAHolderHasByWhatIsLive() {
    var holder = here.agent();
    var soon = Optional.of(here.now().plusSeconds(10));
    here.add(holder, secret(), soon);
    var revoked = here.add(holder, secret());
    for (int i = 2; i < Credentials.HELD_MAX; i++) {
      here.add(holder, secret());
    }
    assertThat(refusal(here.draft(holder, secret(), Optional.empty()))).isEqualTo(STATE_CONFLICT);
    revoke(revoked.id());
    here.add(holder, secret());
    here.pass(10_000);
    here.add(holder, secret());
    assertThat(refusal(here.draft(holder, secret(), Optional.empty()))).isEqualTo(STATE_CONFLICT);
  }

  @Test
  void takesNoCredentialThatHasExpired() {
    var draft = here.draft(here.agent(), secret(), Optional.of(here.now()));
    assertThat(refusal(draft)).isEqualTo(FIELD_INVALID);
  }

  @Test
  void endsWhatIsRevokedAtOnceWithEverythingThatRestsOnIt() {
    var holder = here.agent();
    var kept = here.add(holder, secret());
    var revoked = here.add(holder, secret());
    assertThat(liveIds(holder)).containsExactlyInAnyOrder(kept.id(), revoked.id());
    long before = here.cutOffs.applied();
    revoke(revoked.id());
    assertThat(liveIds(holder)).containsExactly(kept.id());
    assertThat(here.cutOffs.killer(Lineage.of(revoked.id()), before)).contains(revoked.id().text());
    assertThat(here.cutOffs.killer(Lineage.of(kept.id(), holder.id()), before)).isEmpty();
    assertThat(
            here.agents.all.refusal(
                tx -> here.credentials.revoke(tx, here.agents.all.admin, revoked.id(), "again")))
        .isEqualTo(STATE_CONFLICT);
    var nothing = Id.Credential.random(here.agents.all.world);
    assertThat(
            here.agents.all.refusal(
                tx -> here.credentials.revoke(tx, here.agents.all.admin, nothing, "why")))
        .isEqualTo(NOT_FOUND);
    assertThat(here.agents.all.leaves())
        .anyMatch(leaf -> leaf.contains("credential.added") && leaf.contains(kept.id().text()))
        .anyMatch(
            leaf -> leaf.contains("credential.revoked") && leaf.contains(revoked.id().text()));
  }

  @Test
  void tellsWhenACredentialWasLastUsedBeforeAndAfterItIsWritten() {
    var holder = here.agent();
    var credential = here.add(holder, secret());
    int entries = here.agents.all.leaves().size();
    assertThat(lastUsed(holder)).isEmpty();
    here.credentials.used(credential.id());
    assertThat(lastUsed(holder)).contains(here.now());
    here.credentials.tick();
    assertThat(lastUsed(holder)).contains(here.now());
    here.pass(1_000);
    here.credentials.used(credential.id());
    here.credentials.tick();
    here.credentials.tick();
    assertThat(lastUsed(holder)).contains(here.now());
    assertThat(here.agents.all.leaves()).hasSize(entries);
  }

  @Test
  void keepsTheCeilingOfAClient() {
    var all = here.agents.all;
    var resource = Id.Resource.random(all.world);
    var ceiling = new Ceiling.Only(Map.of(resource, Scopes.of(List.of("read"))));
    var unknown =
        new Client(Id.Client.random(all.world), "portal", true, ceiling, Registration.NONE, 1);
    assertThat(all.refusal(tx -> here.clients.register(tx, all.admin, unknown)))
        .isEqualTo(Refusal.REFERENCE_UNKNOWN);
    all.database.inTransaction(
        tx -> {
          ClientStore.insert(tx, unknown);
          return 0;
        });
    assertThat(here.clients.find(unknown.id())).contains(unknown);
    assertThat(ceiling.limit(resource, Scopes.of(List.of("read", "write"))))
        .isEqualTo(Scopes.of(List.of("read")));
    assertThat(ceiling.limit(Id.Resource.random(all.world), Scopes.of(List.of("read"))))
        .isEqualTo(Scopes.NONE);
  }

  private Optional<Instant> lastUsed(Holder holder) {
    Result<List<Credentials.Listed>> listed =
        here.agents.all.database.read(tx -> here.credentials.page(tx, holder, "", 10));
    return ((Result.Ok<List<Credentials.Listed>>) listed).value().getFirst().lastUsed();
  }

  private List<Id.Credential> liveIds(Holder holder) {
    return here.credentials.live(holder).stream().map(Credential::id).toList();
  }

  private void revoke(Id.Credential id) {
    here.agents.all.done(tx -> here.credentials.revoke(tx, here.agents.all.admin, id, "why"));
  }

  private Credential.Kind secret() {
    return new Credential.Kind.Secret(SecretHash.of(SecretHash.draw(here.agents.all.world)));
  }

  private Refusal refusal(Credential draft) {
    return here.agents.all.refusal(tx -> here.credentials.add(tx, here.agents.all.admin, draft));
  }
}
