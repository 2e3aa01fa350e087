package io.prokura.app;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.catalogue.Entitlement;
import io.prokura.catalogue.PermissionMode;
import io.prokura.catalogue.Permissions;
import io.prokura.catalogue.Resource;
import io.prokura.cutoff.CutOffs;
import io.prokura.decision.ManagementGate;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.User;
import io.prokura.directory.Users;
import io.prokura.jose.Confirmation;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tokens.Issuance;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whoever owns the machine, as a user of the organisation: made at the first start, administrator,
/// and given tokens only over the admin socket. Beyond that door it is a user like any other.
final class Operator {
  static final String NAME = "operator";
  private static final String MANAGE = ManagementGate.SCOPE;

  private final World world;
  private final Database database;
  private final Config config;
  private final Users users;
  private final OwnResources own;
  private final Permissions permissions;
  private final CutOffs cutOffs;
  private final Authorities authorities;
  private final Issuance issuance;
  private final AuditLog audit;

  Operator(
      World world,
      Database database,
      Config config,
      Users users,
      OwnResources own,
      Permissions permissions,
      CutOffs cutOffs,
      Authorities authorities,
      Issuance issuance,
      AuditLog audit) {
    this.world = world;
    this.database = database;
    this.config = config;
    this.users = users;
    this.own = own;
    this.permissions = permissions;
    this.cutOffs = cutOffs;
    this.authorities = authorities;
    this.issuance = issuance;
    this.audit = audit;
  }

  /// Makes the operator, the server's own APIs and the operator's permission, as far as they are
  /// missing, so that who may revoke permissions cannot leave nobody able to manage the server.
  Id.User ensure() {
    return switch (database.inTransaction(this::ensured)) {
      case Ok<Id.User>(var id) -> id;
      case Refused<Id.User>(_, var detail) ->
          throw new Outage("the operator cannot be made: " + detail);
    };
  }

  /// The same in a transaction of somebody else's. Refuses as the registers do.
  Result<Id.User> ensured(Tx tx) {
    tx.makeUrgent();
    var known = users.findNamed(tx, NAME);
    var operator = known.isPresent() ? Result.ok(known.get()) : register(tx);
    if (!(operator instanceof Ok(var user))) {
      return operator.refusal();
    }
    var decisions = own.decisionApi(tx, user.id());
    if (!(decisions instanceof Ok)) {
      return decisions.refusal();
    }
    var aboutPeople = own.userinfo(tx, user.id());
    if (!(aboutPeople instanceof Ok)) {
      return aboutPeople.refusal();
    }
    var management = own.managementApi(tx, user.id());
    return management instanceof Ok(var api)
        ? permit(tx, user.id(), user.id(), api).map(_ -> user.id())
        : management.refusal();
  }

  private Result<User> register(Tx tx) {
    var id = Id.User.random(world);
    var roles = Set.of(ManagementRole.ADMINISTRATOR);
    return users.register(tx, id, new User(id, NAME, "Operator", "", true, roles, 1));
  }

  /// Gives an administrator the permission to call the management API. Refuses as the registers do.
  Result<?> admit(Tx tx, Id.User user) {
    var operator = ensured(tx);
    if (!(operator instanceof Ok(var id))) {
      return operator.refusal();
    }
    var management = own.managementApi(tx, id);
    return management instanceof Ok(var api) ? permit(tx, id, user, api) : management.refusal();
  }

  private Result<?> permit(Tx tx, Id.User operator, Id.User user, Resource api) {
    var held = permissions.pageOf(tx, user, "", Permissions.HELD_MAX);
    if (Entitlement.actions(held, api.id(), world.now(), false).contains(MANAGE)) {
      return Result.ok(user);
    }
    var scopes = Scopes.of(List.of(MANAGE));
    return permissions.give(
        tx,
        operator,
        new Permissions.Wanted(user, api.id(), scopes, PermissionMode.OWN, Optional.empty()));
  }

  /// A token for the management API, as one line of JSON. Leaves an entry of its own.
  String token() {
    long checked = cutOffs.applied();
    var who =
        new Presenter(
            ensure(), Id.Credential.random(world), Instant.MAX, checked, Confirmation.none());
    return switch (token(who, Optional.empty())) {
      case Ok<Json.Obj>(var token) -> token.toText();
      case Refused<Json.Obj>(_, var detail) ->
          throw new Outage("no token for the operator: " + detail);
    };
  }

  /// The same for another person, named by id or user name, with that person's own authority and
  /// no more. The entry names the person besides the operator. Refuses `NOT_FOUND`,
  /// `PRINCIPAL_NOT_ACTIVE`, and `SCOPE_NOT_PERMITTED` when the person may not call the management
  /// API: nothing is given for the sake of the token.
  Result<Json.Obj> tokenFor(String whom) {
    long checked = cutOffs.applied();
    var operator = ensure();
    var found =
        database.<Optional<User>>read(
            tx ->
                Id.User.parse(whom)
                    .map(id -> users.find(tx, id))
                    .orElseGet(() -> users.findNamed(tx, whom)));
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no user " + whom);
    }
    var user = found.get().id();
    var who =
        new Presenter(user, Id.Credential.random(world), Instant.MAX, checked, Confirmation.none());
    return token(who, Optional.of(operator));
  }

  /// A token of the presenter's own; `by` is who had it given where that is another.
  private Result<Json.Obj> token(Presenter who, Optional<Id.User> by) {
    var wanted = new Wanted(config.managementApi(), Scopes.of(List.of(MANAGE)), "");
    var own = authorities.own(who, wanted);
    if (!(own instanceof Ok(var conferred))) {
      return own.refusal();
    }
    var event =
        Event.about("admin.token-given", who.credential().orElseThrow())
            .by(by.orElseGet(() -> (Id.User) who.principal()))
            .reference("for", who.principal())
            .build();
    return issuance
        .accessToken(
            conferred,
            who,
            "admin_socket",
            "admin socket",
            tx -> {
              tx.makeUrgent();
              audit.append(tx, event);
              return Result.ok(tx);
            })
        .map(
            token ->
                Json.object()
                    .put("access_token", token.token().compact())
                    .put("issuer", config.issuer())
                    .put("expires_in", token.token().expiresIn())
                    .build());
  }
}
