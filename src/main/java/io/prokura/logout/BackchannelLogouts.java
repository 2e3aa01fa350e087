package io.prokura.logout;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.authorize.Grants;
import io.prokura.clients.Client;
import io.prokura.clients.Clients;
import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import io.prokura.sessions.Session;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tokens.LogoutTokens;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Tells applications that a session has ended in which they learnt who somebody is (OpenID Connect
/// Back-Channel Logout 1.0 §2.5).
///
/// Whom to tell is written down in the transaction that ends the session, and told afterwards, at
/// least once, by whichever node comes to it. An application that does not take it is told again
/// with growing pauses, for about eight hours; after that, it is on record that it was not told.
public final class BackchannelLogouts {
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4));

  private static final int AT_ONCE = 32;

  /// So that one application that hangs leaves room for the others.
  private static final int AT_ONCE_PER_CLIENT = 8;

  private static final int LOOKED_AT = 256;
  private static final int ANSWER_MAX = 16 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final World world;
  private final Database database;
  private final AuditLog audit;
  private final Clients clients;
  private final Grants grants;
  private final LogoutTokens tokens;
  private final Function<Client, Outbound> outbound;
  private final Executor threads;

  /// `outbound` carries to the addresses of an application; `threads` runs what waits for others,
  /// one thread each.
  public BackchannelLogouts(
      World world,
      Database database,
      AuditLog audit,
      Clients clients,
      Grants grants,
      LogoutTokens tokens,
      Function<Client, Outbound> outbound,
      Executor threads) {
    this.world = world;
    this.database = database;
    this.audit = audit;
    this.clients = clients;
    this.grants = grants;
    this.tokens = tokens;
    this.outbound = outbound;
    this.threads = threads;
  }

  /// Writes down who is to be told that `session` ends in this transaction.
  public void ended(Tx tx, Session session) {
    for (var text : grants.clientsOf(tx, session.id())) {
      var client = Id.Client.parse(text).flatMap(id -> clients.find(tx, id));
      if (client.flatMap(BackchannelLogouts::address).isPresent()) {
        LogoutStore.insert(
            tx, new LogoutNotice(session.id(), client.get().id(), session.user(), 0, world.now()));
      }
    }
  }

  private static Optional<String> address(Client client) {
    return client.active() ? client.registration().logout().backchannelUri() : Optional.empty();
  }

  /// Tells those who are due; called again and again.
  public void tick() {
    List<LogoutNotice> due = database.read(tx -> LogoutStore.due(tx, world.now(), LOOKED_AT));
    if (due.isEmpty()) {
      return;
    }
    var claimed = database.<List<LogoutNotice>>inTransaction(tx -> claim(tx, chosen(due)));
    CompletableFuture.allOf(
            claimed.stream()
                .map(notice -> CompletableFuture.runAsync(() -> tell(notice), threads))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private static List<LogoutNotice> chosen(List<LogoutNotice> due) {
    var counts = new HashMap<Id.Client, Integer>();
    return due.stream()
        .filter(one -> counts.merge(one.client(), 1, Integer::sum) <= AT_ONCE_PER_CLIENT)
        .limit(AT_ONCE)
        .toList();
  }

  /// Sets when each is tried next before it is tried now: a crash in between costs one attempt.
  private List<LogoutNotice> claim(Tx tx, List<LogoutNotice> chosen) {
    var claimed = new ArrayList<LogoutNotice>();
    for (var notice : chosen) {
      if (notice.attempts() > PAUSES.size()) {
        over(tx, notice, "logout.undelivered");
        continue;
      }
      int pause = (int) Math.min(notice.attempts(), PAUSES.size() - 1);
      var next = notice.tried(world.now().plus(PAUSES.get(pause)));
      if (LogoutStore.claim(tx, notice, next)) {
        claimed.add(next);
      }
    }
    return claimed;
  }

  private void tell(LogoutNotice notice) {
    var client = clients.find(notice.client());
    var address = client.flatMap(BackchannelLogouts::address);
    var outcome =
        address.isEmpty()
            ? Optional.of("logout.undelivered")
            : isTold(outbound.apply(client.get()), address.get(), notice)
                ? Optional.of("logout.delivered")
                : Optional.<String>empty();
    if (outcome.isPresent()) {
      database.inTransaction(tx -> over(tx, notice, outcome.get()));
    }
  }

  private boolean isTold(Outbound carrying, String address, LogoutNotice notice) {
    var token = tokens.mint(notice.client().text(), notice.user(), notice.session());
    var content = new Outbound.Content(FORM, "logout_token=" + URLEncoder.encode(token, UTF_8));
    return carrying.post(address, content, Map.of(), ANSWER_MAX) instanceof Fetched.Answered;
  }

  private Tx over(Tx tx, LogoutNotice notice, String type) {
    if (LogoutStore.delete(tx, notice)) {
      audit.append(
          tx,
          Event.about(type, notice.session())
              .word("client", notice.client().text())
              .number("attempts", notice.attempts())
              .build());
    }
    return tx;
  }
}
