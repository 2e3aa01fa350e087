package io.prokura.authorize;

import static io.prokura.kernel.Refusal.REQUEST_URI_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps authorization requests until their person has decided: those that were pushed (RFC 9126)
/// and those that a browser brought before it was signed in.
final class WaitingRequests {
  /// What every request URI of ours begins with (RFC 9126 §2.2).
  static final String URN = "urn:ietf:params:oauth:request_uri:";

  /// How long a pushed request waits for its browser.
  static final Duration PUSHED = Duration.ofSeconds(90);

  /// How long a request waits for its person.
  private static final Duration DECIDING = Duration.ofMinutes(30);

  /// What stands for how the client proved itself, and no part of the request.
  private static final Set<String> NOT_KEPT =
      Set.of("client_secret", "client_assertion", "client_assertion_type");

  private final World world;
  private final Database database;

  WaitingRequests(World world, Database database) {
    this.world = world;
    this.database = database;
  }

  /// Keeps what a client pushed, with the key it proved.
  WaitingRequest push(Form parameters, String clientId, Optional<String> keyThumbprint) {
    var kept =
        new WaitingRequest(
            Secrets.random(world),
            clientId,
            kept(parameters),
            true,
            keyThumbprint,
            Optional.empty(),
            world.now().plus(PUSHED),
            false);
    return database.inTransaction(tx -> insert(tx, kept));
  }

  /// Keeps what a browser brought.
  WaitingRequest keep(Form parameters, String clientId) {
    var kept =
        new WaitingRequest(
            Secrets.random(world),
            clientId,
            kept(parameters),
            false,
            Optional.empty(),
            Optional.of(world.now()),
            world.now().plus(DECIDING),
            false);
    return database.inTransaction(tx -> insert(tx, kept));
  }

  private static WaitingRequest insert(Tx tx, WaitingRequest request) {
    RequestStore.insert(tx, request);
    return request;
  }

  private static Map<String, String> kept(Form parameters) {
    var kept = new HashMap<String, String>();
    for (var name : parameters.names()) {
      if (!NOT_KEPT.contains(name)) {
        kept.put(name, parameters.get(name).orElse(""));
      }
    }
    return kept;
  }

  /// The request behind a handle that has not been answered; refuses `REQUEST_URI_INVALID`. From
  /// the first time on it waits for its person.
  Result<WaitingRequest> find(String handle) {
    Optional<WaitingRequest> found = database.read(tx -> RequestStore.find(tx, handle));
    if (found.isEmpty() || found.get().spent() || !world.now().isBefore(found.get().expiresAt())) {
      return refused(REQUEST_URI_INVALID, "the request is over or was never made; begin again");
    }
    if (found.get().begunAt().isPresent()) {
      return ok(found.get());
    }
    var now = world.now();
    return database.inTransaction(
        tx -> {
          RequestStore.begin(tx, handle, now, now.plus(DECIDING));
          return ok(RequestStore.find(tx, handle).orElseThrow());
        });
  }

  /// Uses a request up; false when it has been answered.
  boolean spend(Tx tx, WaitingRequest request) {
    return RequestStore.spend(tx, request.handle(), world.now());
  }
}
