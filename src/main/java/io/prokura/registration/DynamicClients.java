package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.ClientConsents;
import io.prokura.clients.Ceiling;
import io.prokura.clients.Client;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.Clients;
import io.prokura.clients.Links;
import io.prokura.clients.Registration;
import io.prokura.clients.Registration.Origin;
import io.prokura.cutoff.CutOffs;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Registers programs as applications at their own word, lets them change and end that, and strikes
/// out what nobody uses.
///
/// What registered itself is never vouched for: people are asked about it whatever it says, and it
/// gets nothing of this server's own APIs.
public final class DynamicClients {
  private static final String PREFIX = "prka_";
  private static final Duration OPEN_UNUSED = Duration.ofDays(7);
  private static final Duration UNUSED = Duration.ofDays(90);
  private static final int SWEEP_MAX = 200;

  /// What an administrator may have changed since.
  private static final Set<String> CHANGED_ELSEWHERE = Set.of("client_name", "redirect_uris");

  private static final String OVER = "it was not used for long";

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Clients clients;
  private final CutOffs cutOffs;
  private final InitialTokens tokens;
  private final OwnCredentials credentials;
  private final ClientConsents consents;
  private final ClientAgents clientAgents;

  public DynamicClients(
      World world,
      Database database,
      AuditLog audit,
      Clients clients,
      CutOffs cutOffs,
      InitialTokens tokens,
      OwnCredentials credentials,
      ClientConsents consents,
      ClientAgents clientAgents) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.clients = clients;
    this.cutOffs = cutOffs;
    this.tokens = tokens;
    this.credentials = credentials;
    this.consents = consents;
    this.clientAgents = clientAgents;
  }

  /// A client that registered itself as it is told about itself.
  ///
  /// @param accessToken by which it reads and changes its registration
  /// @param secret what it proves itself with, where it is new
  record Registered(
      Client client, DynamicClient own, String accessToken, Optional<String> secret) {}

  /// Registers a program, by `token` where it has one.
  Result<Registered> register(ClientMetadata metadata, Optional<InitialToken> token, String peer) {
    var origin = token.isPresent() ? Origin.TOKEN : Origin.OPEN;
    boolean isPkceOptional = token.map(InitialToken::pkceOptional).orElse(false);
    var id = Id.Client.random(world);
    var client =
        new Client(
            id,
            metadata.name(),
            true,
            new Ceiling.Everything(),
            metadata.registration(strange(isPkceOptional, origin)),
            1);
    var accessToken = Secret.draw(world, PREFIX);
    var own =
        new DynamicClient(
            id,
            Secret.digest(accessToken),
            token.map(InitialToken::id),
            metadata.registered(),
            world.now(),
            world.now().plus(token.isPresent() ? UNUSED : OPEN_UNUSED));
    return database.inTransaction(
        tx -> {
          if (token.isPresent()
              && tokens.spend(tx, token.get()) instanceof Result.Refused<?> refused) {
            return refused.refusal();
          }
          var by = token.<Id>map(InitialToken::id).orElse(id);
          var made = clients.register(tx, by, client);
          if (!(made instanceof Ok(var registered))) {
            return made.refusal();
          }
          DynamicClientStore.insert(tx, own);
          audit.append(tx, described("registration.made", by, metadata, id, peer));
          return credentials
              .settle(tx, id, metadata)
              .map(secret -> new Registered(registered, own, accessToken, secret));
        });
  }

  private static Registration strange(boolean isPkceOptional, Origin origin) {
    var none = Registration.NONE;
    return new Registration(
        false,
        List.of(),
        none.consent(),
        isPkceOptional,
        false,
        none.profile(),
        Optional.empty(),
        none.scopes(),
        none.logout(),
        none.identity(),
        none.notificationUri(),
        Optional.empty(),
        origin,
        Optional.empty(),
        Links.NONE);
  }

  private static Event described(
      String type, Id by, ClientMetadata metadata, Id.Client id, String peer) {
    return Event.about(type, id)
        .by(by)
        .word("method", metadata.method().label())
        .free("metadata", metadata.registered().toText())
        .free("source", peer)
        .build();
  }

  /// The client that `accessToken` is about, if it is the one of `id`; refuses `TOKEN_INVALID`
  /// also for one that is gone or was stopped.
  Result<Registered> find(Id.Client id, String accessToken) {
    return database.read(tx -> find(tx, id, accessToken));
  }

  private Result<Registered> find(Tx tx, Id.Client id, String accessToken) {
    var own = DynamicClientStore.find(tx, id).filter(one -> isOf(one, accessToken));
    var client = own.flatMap(_ -> clients.find(tx, id)).filter(Client::active);
    return client.isPresent()
        ? ok(new Registered(client.get(), own.get(), accessToken, Optional.empty()))
        : refused(TOKEN_INVALID, "the registration access token is not this client's");
  }

  private static boolean isOf(DynamicClient client, String accessToken) {
    return MessageDigest.isEqual(
        client.digest().getBytes(US_ASCII), Secret.digest(accessToken).getBytes(US_ASCII));
  }

  /// Writes what a client says of itself anew: what it leaves out is gone (RFC 7592 §2.2). It gets
  /// another token for the next time. `secret` is what it says its secret is.
  Result<Registered> replace(
      Id.Client id,
      String accessToken,
      ClientMetadata metadata,
      Optional<String> secret,
      String peer) {
    var next = Secret.draw(world, PREFIX);
    return database.inTransaction(
        tx -> {
          var found = find(tx, id, accessToken);
          if (!(found instanceof Ok(var current))) {
            return found.refusal();
          }
          if (secret.isPresent() && !credentials.isSecret(tx, id, secret.get())) {
            return refused(CLIENT_METADATA_INVALID, "client_secret is not the client's");
          }
          var client = current.client();
          var changed =
              new Client(
                  id,
                  metadata.name(),
                  true,
                  client.ceiling(),
                  metadata.registration(client.registration()),
                  client.version());
          var written = clients.replace(tx, id, changed);
          if (!(written instanceof Ok(var registered))) {
            return written.refusal();
          }
          DynamicClientStore.update(tx, id, Secret.digest(next), metadata.registered());
          audit.append(tx, described("registration.changed", id, metadata, id, peer));
          var own = DynamicClientStore.find(tx, id).orElseThrow();
          return credentials
              .settle(tx, id, metadata)
              .map(told -> new Registered(registered, own, next, told));
        });
  }

  /// Ends a client at its own wish, with everything it has (RFC 7592 §2.3).
  Result<Registered> delete(Id.Client id, String accessToken) {
    return database.inTransaction(
        tx -> {
          var found = find(tx, id, accessToken);
          if (found instanceof Ok) {
            end(tx, id, "it deleted its registration");
          }
          return found;
        });
  }

  private void end(Tx tx, Id.Client id, String reason) {
    DynamicClientStore.delete(tx, id);
    credentials.revokeAll(tx, id, reason);
    if (clients.find(tx, id).filter(Client::active).isPresent()) {
      clients.deactivate(tx, id, id, reason);
    }
    cutOffs.write(tx, id, id, reason);
    audit.append(tx, Event.about("registration.ended", id).free("reason", reason).build());
  }

  /// Strikes out what nobody ever used, and ends what nobody uses any more; called now and then.
  public void tick() {
    database.inTransaction(
        tx -> {
          var due = DynamicClientStore.due(tx, world.now(), SWEEP_MAX);
          for (var client : due) {
            var id = client.id();
            boolean isYoung = world.now().isBefore(client.registeredAt().plus(UNUSED));
            if (consents.areNow(tx, id)
                || clientAgents.isOne(tx, id)
                || (isYoung && consents.areEver(tx, id))) {
              DynamicClientStore.postpone(tx, id, world.now().plus(UNUSED));
            } else if (consents.areEver(tx, id) || client.madeWith().isPresent()) {
              end(tx, id, OVER);
            } else {
              DynamicClientStore.delete(tx, id);
              clients.forget(tx, id);
            }
          }
          return due.size();
        });
  }

  /// What is told of a client but its tokens and secrets (RFC 7591 §3.2.1): what it said of itself,
  /// as far as an administrator has not changed that.
  static Json.Obj view(Registered one) {
    var registration = one.client().registration();
    var out = Json.object().put("client_id", one.client().id().text());
    out.put("client_id_issued_at", one.own().registeredAt().getEpochSecond());
    one.own()
        .metadata()
        .members()
        .forEach(
            (name, value) -> {
              if (!CHANGED_ELSEWHERE.contains(name)) {
                out.put(name, value);
              }
            });
    out.put("client_name", one.client().name());
    out.put("redirect_uris", registration.redirectUris().stream().map(uri -> uri.text()).toList());
    return out.build();
  }
}
