package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.ClientConsents;
import io.prokura.clients.Ceiling;
import io.prokura.clients.Client;
import io.prokura.clients.ClientAgents;
import io.prokura.clients.Clients;
import io.prokura.clients.KnownClients;
import io.prokura.clients.Registration;
import io.prokura.clients.Registration.Origin;
import io.prokura.cutoff.CutOffs;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.DocumentUrl;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;

/// Knows applications by documents at URLs (draft-ietf-oauth-client-id-metadata-document): fetches
/// what a URL names, believes it of that URL alone, and keeps it for as long as its server says,
/// from a minute to a day. While it can't be fetched, what was good counts for a day. What changes
/// its keys or addresses is another application: its tokens end and people are asked again.
///
/// Not to be called in a transaction.
public final class ClientDocuments implements KnownClients {
  private static final int BYTES_MAX = 5 * 1024;
  private static final int REMEMBERED_MAX = 20_000;
  private static final int SWEEP_MAX = 200;
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Duration UNUSED = Duration.ofDays(7);
  private static final Duration IDLE = Duration.ofDays(90);
  private static final String NOBODY = "documents";
  private static final List<String> SECRETS = List.of("client_secret", "client_secret_expires_at");

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Clients clients;
  private final CutOffs cutOffs;
  private final OwnCredentials credentials;
  private final ClientConsents consents;
  private final ClientAgents clientAgents;
  private final MetadataReader reader;
  private final Outbound outbound;
  private final JsonReader json;
  private final boolean isOn;
  private final Sources strangers;
  private final ConcurrentMap<Id.Client, Freshness> known =
      Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).<Id.Client, Freshness>build().asMap();

  public ClientDocuments(
      World world,
      Database database,
      AuditLog audit,
      Clients clients,
      CutOffs cutOffs,
      OwnCredentials credentials,
      ClientConsents consents,
      ClientAgents clientAgents,
      MetadataReader reader,
      Outbound outbound,
      JsonReader json,
      boolean isOn) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.clients = clients;
    this.cutOffs = cutOffs;
    this.credentials = credentials;
    this.consents = consents;
    this.clientAgents = clientAgents;
    this.reader = reader;
    this.outbound = outbound;
    this.json = json;
    this.isOn = isOn;
    strangers = new Sources(world);
  }

  /// Until when a document counts, when it was last asked for, and whether it is good at all.
  private record Freshness(Instant until, Instant tried, boolean isGood) {}

  @Override
  public Optional<Client> find(String clientId) {
    var client = Id.Client.parse(clientId).flatMap(clients::find);
    var url =
        DocumentUrl.parse(clientId)
            .or(
                () ->
                    client
                        .flatMap(one -> one.registration().document())
                        .flatMap(DocumentUrl::parse));
    if (url.isEmpty() || client.filter(one -> !one.active()).isPresent()) {
      return client;
    }
    return isOn && isGood(url.get())
        ? Id.Client.parse(clientId).flatMap(clients::find)
        : Optional.empty();
  }

  /// Whether what the URL leads to counts now. Of those who ask at once for one, one fetches.
  private boolean isGood(DocumentUrl url) {
    var id = Id.Client.parse(url.text()).orElseThrow();
    var now = world.now();
    var held = known.get(id);
    if (held != null && now.isBefore(held.until())) {
      return held.isGood();
    }
    return known
        .compute(
            id,
            (_, last) -> last != null && now.isBefore(last.until()) ? last : fetched(id, url, now))
        .isGood();
  }

  private Freshness fetched(Id.Client id, DocumentUrl url, Instant now) {
    var kept =
        database.<Optional<ClientDocumentStore.Kept>>read(tx -> ClientDocumentStore.find(tx, id));
    if (kept.isEmpty() && !strangers.takeAny()) {
      return new Freshness(now, now, false);
    }
    var answer = outbound.get(url.text(), "application/json", BYTES_MAX);
    var read =
        answer instanceof Fetched.Answered answered
            ? metadata(url, answered)
            : Result.<ClientMetadata>refused(CLIENT_METADATA_INVALID, "nothing counts there");
    if (read instanceof Ok(var metadata)
        && written(id, url, metadata, kept) instanceof Ok
        && answer instanceof Fetched.Answered answered) {
      return new Freshness(now.plus(FetchedDocument.fresh(answered)), now, true);
    }
    // A document that is there and bad ends at once what an unreachable one does after a day.
    boolean wasGood =
        answer instanceof Fetched.Failed
            && kept.filter(one -> now.isBefore(one.fetchedAt().plus(FetchedDocument.LONGEST)))
                .isPresent();
    return new Freshness(wasGood ? now.plus(EVERY) : now, now, wasGood);
  }

  private Result<ClientMetadata> metadata(DocumentUrl url, Fetched.Answered answer) {
    var type = answer.mediaType();
    boolean isJson = type.equals("application/json") || type.endsWith("+json");
    if (!isJson || !(json.readObject(answer.text().getBytes(UTF_8)) instanceof Ok(var document))) {
      return refused(CLIENT_METADATA_INVALID, "the document is no JSON object");
    }
    if (!document.text("client_id").equals(Optional.of(url.text()))) {
      return refused(CLIENT_METADATA_INVALID, "the document is about another client_id");
    }
    if (SECRETS.stream().anyMatch(name -> document.get(name).isPresent())) {
      return refused(CLIENT_METADATA_INVALID, "the document gives away a secret");
    }
    return reader.read(document, Origin.DOCUMENT);
  }

  private Result<Client> written(
      Id.Client id,
      DocumentUrl url,
      ClientMetadata metadata,
      Optional<ClientDocumentStore.Kept> kept) {
    var text = metadata.registered().toText();
    return database.inTransaction(
        tx -> {
          var before = clients.find(tx, id);
          var now = world.now();
          if (before.isPresent() && kept.filter(one -> one.metadata().equals(text)).isPresent()) {
            ClientDocumentStore.update(tx, id, text, now);
            return ok(before.get());
          }
          var client = client(id, url, metadata, before);
          var result =
              before.isPresent()
                  ? clients.replace(tx, id, client)
                  : clients.register(tx, id, client);
          if (!(result instanceof Ok)) {
            return result;
          }
          if (kept.isEmpty()) {
            ClientDocumentStore.insert(tx, id, url.text(), text, now, now.plus(UNUSED));
          } else {
            ClientDocumentStore.update(tx, id, text, now);
          }
          audit.append(
              tx,
              Event.about("client-document.fetched", id)
                  .word("url", url.text())
                  .free("metadata", text)
                  .build());
          before.ifPresent(one -> ask(tx, one, metadata, kept));
          return credentials.settle(tx, id, metadata) instanceof Refused<?> refused
              ? refused.refusal()
              : result;
        });
  }

  private static Client client(
      Id.Client id, DocumentUrl url, ClientMetadata metadata, Optional<Client> before) {
    var stranger = Registration.NONE.of(Origin.DOCUMENT, Optional.of(url.text()));
    return new Client(
        id,
        metadata.name(),
        true,
        before.map(Client::ceiling).orElseGet(Ceiling.Everything::new),
        metadata.registration(before.map(Client::registration).orElse(stranger)),
        before.map(Client::version).orElse(1L));
  }

  /// Ends what rests on other keys or addresses than those of now.
  private void ask(
      Tx tx, Client before, ClientMetadata metadata, Optional<ClientDocumentStore.Kept> kept) {
    boolean isSame =
        before.registration().redirectUris().equals(metadata.redirectUris())
            && kept.map(ClientDocumentStore.Kept::metadata)
                .map(this::jwks)
                .equals(Optional.of(jwks(metadata.registered().toText())));
    if (!isSame) {
      var reason = "its document has other keys or addresses";
      consents.withdraw(tx, before.id(), reason);
      cutOffs.write(tx, before.id(), before.id(), reason);
    }
  }

  private String jwks(String metadata) {
    return json.readObject(metadata.getBytes(UTF_8)) instanceof Ok(var object)
        ? object.get("jwks").or(() -> object.get("jwks_uri")).map(Json::toText).orElse("")
        : "";
  }

  /// Strikes out what nobody ever used, and ends what nobody uses any more; called now and then.
  public void tick() {
    database.inTransaction(
        tx -> {
          var due = ClientDocumentStore.due(tx, world.now(), SWEEP_MAX);
          for (var kept : due) {
            var id = kept.id();
            if (consents.areEver(tx, id) || clientAgents.isOne(tx, id)) {
              ClientDocumentStore.postpone(tx, id, world.now().plus(IDLE));
            } else {
              credentials.revokeAll(tx, id, NOBODY);
              ClientDocumentStore.delete(tx, id);
              clients.forget(tx, id);
              tx.afterCommit(() -> known.remove(id));
            }
          }
          return due.size();
        });
  }
}
