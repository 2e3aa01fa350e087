package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.TOO_MANY_WAITING;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.Codes;
import io.prokura.authorize.Secrets;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.ClientAuthenticator;
import io.prokura.clients.Holder;
import io.prokura.http.Form;
import io.prokura.http.Peers;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Has agents sign in through applications by their own secret, which gives the application a code
/// for the agent's own token. A flow is good for one sign-in, by whoever holds its id. Of ids and
/// codes only the digest is stored.
public final class DirectFlows {
  /// How long an agent has to sign in.
  static final Duration LIFETIME = Duration.ofMinutes(5);

  /// How often somebody may try in one flow.
  static final int TRIES_MAX = 3;

  /// How many flows of an application wait that it began with proof of who it is.
  private static final int OF_CLIENT_MAX = 1_000;

  /// How many wait that anybody may have begun in its name: from one network, from all, and for all
  /// applications together. They take nothing from what applications prove.
  private static final int FROM_NETWORK_MAX = 50;

  private static final int UNPROVEN_OF_CLIENT_MAX = 1_000;
  private static final int UNPROVEN_MAX = 10_000;

  /// How long a code is known after it is over.
  private static final Duration KEPT = Duration.ofHours(1);

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final DirectRequests requests;
  private final ClientAuthenticator authenticator;

  public DirectFlows(
      World world,
      Database database,
      AuditLog audit,
      DirectRequests requests,
      ClientAuthenticator authenticator) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.requests = requests;
    this.authenticator = authenticator;
  }

  /// Begins a flow of an application that has proven who it is; its id.
  Result<String> begin(Form sent) {
    return begin(sent, Optional.empty());
  }

  /// Begins a flow of whichever application is named, from the address `peer`; its id.
  Result<String> beginUnproven(Form sent, String peer) {
    return begin(sent, Optional.of(Secrets.digest(Peers.network(peer))));
  }

  /// Refuses `TOO_MANY_WAITING`. Two at once may pass a bound by one.
  private Result<String> begin(Form sent, Optional<String> source) {
    var read = requests.read(sent);
    if (!(read instanceof Ok(var asked))) {
      return read.refusal();
    }
    var id = Secrets.random(world);
    var now = world.now();
    var flow = flow(id, asked, source);
    return database.inTransaction(
        tx -> {
          if (isFull(tx, flow, now)) {
            return refused(TOO_MANY_WAITING, "too many agents are about to sign in already");
          }
          DirectStore.sweep(tx, now, now.minus(KEPT));
          DirectStore.insert(tx, flow);
          return ok(id);
        });
  }

  private static boolean isFull(Tx tx, DirectFlow flow, Instant now) {
    var client = flow.clientId();
    return flow.source()
        .map(
            source ->
                DirectStore.waitingFrom(tx, client, source, now) >= FROM_NETWORK_MAX
                    || DirectStore.waitingUnproven(tx, client, now) >= UNPROVEN_OF_CLIENT_MAX
                    || DirectStore.waitingUnproven(tx, now) >= UNPROVEN_MAX)
        .orElseGet(() -> DirectStore.waitingProven(tx, client, now) >= OF_CLIENT_MAX);
  }

  private DirectFlow flow(String id, DirectRequests.Read asked, Optional<String> source) {
    var request = asked.request();
    return new DirectFlow(
        Secrets.digest(id),
        request.client().id().text(),
        request.destination().redirectUri(),
        request.destination().state(),
        source,
        asked.challenge(),
        request.nonce(),
        request.keyThumbprint(),
        request.resource(),
        request.scopes(),
        request.identity(),
        asked.purpose(),
        world.now().plus(LIFETIME),
        Optional.empty());
  }

  /// What came of a try to sign in.
  sealed interface Tried {
    /// The agent is signed in, and the application may have its code.
    record Good(String code, Optional<String> state) implements Tried {}

    /// Nobody is: it is not an agent's secret, or the agent is not active. Who it was is known
    /// where the secret was right.
    record Wrong(Refused<?> why, Optional<Id> who) implements Tried {}

    /// There is no such flow any more, or there never was.
    record Over() implements Tried {}
  }

  /// Signs an agent in by its id and secret. The try counts before the secret is looked at.
  Tried signIn(String id, String agent, String secret, String peer) {
    var digest = Secrets.digest(id);
    boolean counts =
        database.<Boolean>inTransaction(
            tx -> DirectStore.tried(tx, digest, TRIES_MAX, world.now()));
    Optional<DirectFlow> flow = database.read(tx -> DirectStore.find(tx, digest));
    if (!counts || flow.isEmpty()) {
      return new Tried.Over();
    }
    var proof = authenticator.proveBySecret(agent, secret);
    if (!(proof instanceof Ok(var proven))) {
      return new Tried.Wrong((Refused<?>) proof, Optional.empty());
    }
    var admitted = authenticator.admit(proven);
    if (!(admitted instanceof Ok(var client))) {
      return new Tried.Wrong((Refused<?>) admitted, Optional.of(proven.id()));
    }
    return client.holder() instanceof Holder.Agent(var known)
        ? signedIn(flow.get(), known, client, peer)
        : new Tried.Wrong(
            new Refused<>(Refusal.CLIENT_NOT_ALLOWED, "only agents sign in in this way"),
            Optional.of(proven.id()));
  }

  private Tried signedIn(DirectFlow flow, Id.Agent agent, AuthenticatedClient client, String peer) {
    var code = Secrets.random(world);
    var now = world.now();
    var who =
        new DirectFlow.SignedIn(
            Id.Grant.next(world),
            agent,
            client.credential().orElseThrow(),
            client.checked(),
            now,
            false);
    boolean first =
        database.<Boolean>inTransaction(
            tx -> {
              var until = now.plus(Codes.LIFETIME);
              var digest = Secrets.digest(code);
              boolean put = DirectStore.signedIn(tx, flow.digest(), digest, who, now, until);
              return put && recorded(tx, flow, who, peer);
            });
    return first ? new Tried.Good(code, flow.state()) : new Tried.Over();
  }

  private boolean recorded(Tx tx, DirectFlow flow, DirectFlow.SignedIn who, String peer) {
    audit.append(
        tx,
        Event.about("agent.signed-in", who.grant())
            .by(who.agent())
            .reference("credential", who.credential())
            .word("client", flow.clientId())
            .word("resource", flow.resource())
            .scopes(flow.scopes())
            .free("source", peer)
            .build());
    return true;
  }

  /// The flow that came to `code`, whether that is still good or not.
  Optional<DirectFlow> ofCode(String code) {
    return database.read(tx -> DirectStore.ofCode(tx, Secrets.digest(code)));
  }

  /// Uses the code of a flow up; false when it has been.
  boolean spend(Tx tx, DirectFlow flow) {
    return DirectStore.spend(tx, flow.digest(), world.now());
  }
}
