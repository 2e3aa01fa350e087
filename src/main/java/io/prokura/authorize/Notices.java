package io.prokura.authorize;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.clients.Client;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import io.prokura.outbound.Outbound.Content;
import io.prokura.seal.Rewrap;
import io.prokura.seal.Seal;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Tells clients that there is an answer to what they asked (OpenID Connect CIBA Core §10.2), at
/// the address that is registered for them and nowhere else. Nobody waits for it: a client that
/// can't be told polls all the same.
public final class Notices {
  /// How long after each try the next one is made; there are as many tries as there are waits.
  static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10));

  private static final int AT_ONCE = 32;
  private static final int ANSWER_MAX = 4_096;

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Seal seal;
  private final JsonReader reader;
  private final AskingClients clients;
  private final Function<Client, Outbound> outbound;
  private final Executor together;

  /// `outbound` carries to the addresses of an application; `together` runs what may take long at
  /// the same time.
  public Notices(
      World world,
      Database database,
      AuditLog audit,
      Seal seal,
      JsonReader reader,
      AskingClients clients,
      Function<Client, Outbound> outbound,
      Executor together) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.seal = seal;
    this.reader = reader;
    this.clients = clients;
    this.outbound = outbound;
    this.together = together;
  }

  /// Keeps what the client of a request is to be told with, once there is an answer.
  void keep(Tx tx, Id.PolledRequest request, String secret, String token) {
    var text = Json.object().put("auth_req_id", secret).put("token", token).build().toText();
    var sealed = seal.wrap(text.getBytes(UTF_8), bound(request));
    NoticeStore.put(tx, request, new Notice.Sealed(sealed));
  }

  /// Has the client of a request told that there is an answer, where it wants to be told.
  void start(Tx tx, Id.PolledRequest request) {
    NoticeStore.start(tx, request, world.now());
  }

  static byte[] bound(Id.PolledRequest request) {
    return ("notice " + request.text()).getBytes(UTF_8);
  }

  /// Tells those who are to be told now, called every second. Each try is taken before it is made,
  /// so that several nodes make it once, and a client that answers slowly keeps nobody waiting but
  /// this work.
  public void tick() {
    var now = world.now();
    List<Notice> due = database.read(tx -> NoticeStore.due(tx, now, AT_ONCE));
    var told =
        due.stream()
            .map(notice -> CompletableFuture.runAsync(() -> tell(notice), together))
            .toList();
    told.forEach(CompletableFuture::join);
  }

  private void tell(Notice notice) {
    var wait = WAITS.get(Math.min(notice.tries(), WAITS.size() - 1));
    var next = world.now().plus(wait);
    boolean mine = database.<Boolean>inTransaction(tx -> NoticeStore.putOff(tx, notice, next));
    if (!mine) {
      return;
    }
    var sent = told(notice.clientId()).flatMap(one -> send(one, notice));
    boolean isLast = notice.tries() + 1 >= WAITS.size();
    if (sent.filter(one -> one instanceof Fetched.Failed).isEmpty()) {
      database.inTransaction(tx -> ended(tx, notice));
    } else if (isLast && sent.get() instanceof Fetched.Failed(var failure, _)) {
      database.inTransaction(tx -> givenUp(ended(tx, notice), notice, failure));
    }
  }

  private static Tx ended(Tx tx, Notice notice) {
    NoticeStore.end(tx, notice.request());
    return tx;
  }

  private Tx givenUp(Tx tx, Notice notice, Fetched.Failure failure) {
    audit.append(
        tx,
        Event.about("request.unnotified", notice.request())
            .word("client", notice.clientId())
            .word("failure", failure.name())
            .build());
    return tx;
  }

  /// The application as it is registered now, if it is still there.
  private Optional<Client> told(String clientId) {
    return clients
        .active(clientId)
        .flatMap(
            client ->
                client instanceof AskingClient.Application(var application)
                    ? Optional.of(application)
                    : Optional.empty());
  }

  /// What came of telling `client`; nothing where it has no address for that.
  private Optional<Fetched> send(Client client, Notice notice) {
    return client.registration().notificationUri().map(url -> send(client, url, notice));
  }

  private Fetched send(Client client, String url, Notice notice) {
    var plain = seal.unwrap(notice.sealed().bytes(), bound(notice.request()));
    if (!(reader.readObject(plain) instanceof Ok(var kept))) {
      throw new IllegalStateException("a notice is no object");
    }
    var body = Json.object().put("auth_req_id", kept.text("auth_req_id").orElseThrow()).build();
    return outbound
        .apply(client)
        .post(
            url,
            new Content("application/json", body.toText()),
            Map.of("Authorization", "Bearer " + kept.text("token").orElseThrow()),
            ANSWER_MAX);
  }

  /// What is kept sealed, to be wrapped again under a newer master key.
  public Rewrap rewrap() {
    return new Rewrap(List.of(""), (tx, after) -> NoticeStore.rewrap(tx, seal, after));
  }
}
