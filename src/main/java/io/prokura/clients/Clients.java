package io.prokura.clients;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.feed.Cached;
import io.prokura.feed.Feed;
import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Registers the applications that people use. One that is gone is deactivated; only what nobody
/// ever used is struck out.
public final class Clients {
  private static final String KIND = "client";
  private static final int CACHED_MAX = 20_000;

  private final Feed feed;
  private final AuditLog audit;
  private final Catalogue catalogue;
  private final BiConsumer<Tx, Algorithm> signing;
  private final Cached<Client> cached;

  /// `signing` sees to it that there is a key of an algorithm.
  public Clients(
      Database database,
      Feed feed,
      AuditLog audit,
      Catalogue catalogue,
      BiConsumer<Tx, Algorithm> signing) {
    this.feed = feed;
    this.audit = audit;
    this.catalogue = catalogue;
    this.signing = signing;
    cached =
        new Cached<>(
            feed,
            KIND,
            CACHED_MAX,
            id -> database.read(tx -> ClientStore.find(tx, new Id.Client(id))));
  }

  /// The client with this id, from memory.
  public Optional<Client> find(Id.Client id) {
    return cached.get(id.text());
  }

  public Optional<Client> find(Tx tx, Id.Client id) {
    return ClientStore.find(tx, id);
  }

  /// Registers `client`. Refuses `REFERENCE_UNKNOWN` and `FIELD_INVALID` when its ceiling names a
  /// resource that is not registered, or an action that resource has not.
  public Result<Client> register(Tx tx, Id by, Client client) {
    var wrong = wrong(client);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    ClientStore.insert(tx, client);
    return ok(changed(tx, client, described("client.registered", by, client)));
  }

  /// Writes `client` over the version it names, but for whether it is active; refuses `NOT_FOUND`,
  /// `PRECONDITION_STALE`, and what `register` refuses.
  public Result<Client> replace(Tx tx, Id by, Client client) {
    var found = existing(tx, client.id());
    if (!(found instanceof Ok(var current))) {
      return found;
    }
    var wrong = wrong(client);
    if (wrong.isPresent()) {
      return wrong.get().refusal();
    }
    if (!client.registration().hasOriginOf(current.registration())) {
      return refused(FIELD_INVALID, "origin says who registered the client, and stays as it is");
    }
    var next = client.withActive(current.active());
    return written(tx, next, described("client.changed", by, next));
  }

  /// Strikes a client out that has registered itself and has never been used: nothing rests on it.
  public void forget(Tx tx, Id.Client id) {
    ClientStore.delete(tx, id);
    feed.publish(tx, KIND, id.text());
    audit.append(tx, Event.about("client.forgotten", id).build());
  }

  /// Makes the client one that nobody can use; refuses `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<Client> deactivate(Tx tx, Id by, Id.Client id, String reason) {
    return setActive(tx, by, id, false, reason);
  }

  /// Makes a deactivated client usable again; refuses `NOT_FOUND` and `STATE_CONFLICT`.
  public Result<Client> activate(Tx tx, Id by, Id.Client id, String reason) {
    return setActive(tx, by, id, true, reason);
  }

  /// The identifier of a resource that a registration names.
  public Optional<String> identifierOf(Id.Resource resource) {
    return catalogue.resource(resource).map(Resource::identifier);
  }

  List<Client> page(Tx tx, String after, int count) {
    return ClientStore.page(tx, after, count);
  }

  private Result<Client> setActive(Tx tx, Id by, Id.Client id, boolean active, String reason) {
    var found = existing(tx, id);
    if (!(found instanceof Ok(var current))) {
      return found;
    }
    if (current.active() == active) {
      return refused(STATE_CONFLICT, "the client is " + (active ? "" : "not ") + "active already");
    }
    var type = active ? "client.activated" : "client.deactivated";
    return written(
        tx, current.withActive(active), Event.about(type, id).by(by).free("reason", reason));
  }

  private Result<Client> written(Tx tx, Client next, Event.Builder event) {
    return ClientStore.update(tx, next)
        ? ok(changed(tx, next.withVersion(next.version() + 1), event))
        : refused(PRECONDITION_STALE, "the client has changed since that version");
  }

  private Client changed(Tx tx, Client client, Event.Builder event) {
    client.registration().identity().algorithms().forEach(one -> signing.accept(tx, one));
    feed.publish(tx, KIND, client.id().text());
    audit.append(tx, event.number("version", client.version()).build());
    return client;
  }

  private Optional<Refused<Client>> wrong(Client client) {
    var resource = client.registration().resource();
    return resource.isPresent() && catalogue.resource(resource.get()).isEmpty()
        ? Optional.of(new Refused<>(REFERENCE_UNKNOWN, "the resource is not registered"))
        : wrongCeiling(client);
  }

  private Optional<Refused<Client>> wrongCeiling(Client client) {
    return switch (client.ceiling()) {
      case Ceiling.Everything _ -> Optional.empty();
      case Ceiling.Only(var covers) -> {
        for (var cover : covers.entrySet()) {
          var resource = catalogue.resource(cover.getKey());
          if (resource.isEmpty()) {
            yield Optional.of(
                new Refused<>(REFERENCE_UNKNOWN, "a resource in covers is not registered"));
          }
          if (!cover.getValue().within(resource.get().scopes())) {
            yield Optional.of(
                new Refused<>(FIELD_INVALID, "the resource has only: " + resource.get().scopes()));
          }
        }
        yield Optional.empty();
      }
    };
  }

  private static Event.Builder described(String type, Id by, Client client) {
    return Event.about(type, client.id())
        .by(by)
        .value("ceiling", ClientStore.json(client.ceiling()))
        .value("registration", RegistrationForm.json(client.registration()))
        .free("name", client.name());
  }

  private static Result<Client> existing(Tx tx, Id.Client id) {
    return ClientStore.find(tx, id)
        .map(Result::ok)
        .orElseGet(() -> refused(NOT_FOUND, "there is no such client"));
  }

  /// Whether `holder` is an application that is held to the FAPI 2.0 security profile.
  public boolean isFapi2(Holder holder) {
    return holder instanceof Holder.Application(var id)
        && find(id).filter(one -> one.registration().isFapi2()).isPresent();
  }
}
