package io.prokura.app;

import static io.prokura.http.Recorded.AFTER;
import static io.prokura.http.Recorded.IN_TRANSACTION;
import static io.prokura.http.Recorded.NOTHING;

import io.prokura.decision.ManagementGate;
import io.prokura.http.Access;
import io.prokura.http.ProtectedResource;
import io.prokura.http.Recorded;
import io.prokura.http.Route;
import io.prokura.http.Verb;
import io.prokura.management.ManagedVerb;
import io.prokura.registration.RegistrationEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The whole surface: one row for everything the server answers.
final class Routes {
  private static final Access ANYONE = new Access.Anyone();
  private static final Access CLIENT = new Access.Client();
  private static final Access ENFORCER = new Access.Enforcer();

  private final ManagementGate gate;
  private final List<Route> rows = new ArrayList<>();

  private Routes(ManagementGate gate) {
    this.gate = gate;
  }

  static List<Route> of(App app, HealthEndpoint health) {
    var routes = new Routes(app.gate());
    routes.oauth(app.endpoints());
    app.compatibility().ifPresent(routes::compatibility);
    routes.protectedResources(app.endpoints().apis());
    routes.open(app, health);
    routes.principals(app.endpoints());
    routes.agents(app.endpoints());
    routes.catalogue(app.endpoints());
    routes.policies(app.endpoints());
    routes.record(app.endpoints());
    return List.copyOf(routes.rows);
  }

  /// The pages for people, which are no API: a page itself sees who is signed in.
  static List<Route> ofPages(Pages to, Optional<Compatibility.Doors> compatibility) {
    Verb posted = to.authorize()::authorize;
    var authorize = compatibility.map(it -> it.direct().authorize(posted)).orElse(posted);
    var linked = "/me/linked-accounts";
    return List.of(
        new Route("GET", "/login", ANYONE, NOTHING, to.login()::login),
        new Route("POST", "/login", ANYONE, IN_TRANSACTION, to.login()::password),
        new Route("GET", "/login/second-factor", ANYONE, NOTHING, to.login()::secondFactor),
        new Route("POST", "/login/second-factor", ANYONE, IN_TRANSACTION, to.login()::code),
        new Route("GET", "/login/upstream", ANYONE, NOTHING, to.upstream()::choose),
        new Route("POST", "/login/upstream/{id}", ANYONE, NOTHING, to.upstream()::begin),
        new Route(
            "GET",
            "/login/upstream/{id}/callback",
            ANYONE,
            IN_TRANSACTION,
            to.upstream()::callback),
        new Route("POST", "/login/passkey", ANYONE, IN_TRANSACTION, to.login()::passkey),
        new Route("GET", "/logout", ANYONE, NOTHING, to.login()::logout),
        new Route("POST", "/logout", ANYONE, IN_TRANSACTION, to.login()::end),
        new Route("GET", "/setup", ANYONE, NOTHING, to.setup()::setup),
        new Route("POST", "/setup", ANYONE, IN_TRANSACTION, to.setup()::done),
        new Route("GET", "/me", ANYONE, NOTHING, to.me()::show),
        new Route("POST", "/me/sessions/{id}/end", ANYONE, IN_TRANSACTION, to.me()::end),
        new Route("POST", "/me/consents/{id}/withdraw", ANYONE, IN_TRANSACTION, to.me()::withdraw),
        new Route("GET", "/me/requests/{id}", ANYONE, NOTHING, to.requests()::ask),
        new Route("POST", "/me/requests/{id}", ANYONE, IN_TRANSACTION, to.requests()::decide),
        new Route("GET", "/device", ANYONE, NOTHING, to.device()::ask),
        new Route("POST", "/device", ANYONE, IN_TRANSACTION, to.device()::enter),
        new Route("GET", "/oauth2/authorize", ANYONE, IN_TRANSACTION, to.authorize()::authorize),
        new Route("POST", "/oauth2/authorize", ANYONE, IN_TRANSACTION, authorize),
        new Route("GET", "/consent", ANYONE, NOTHING, to.authorize()::ask),
        new Route("POST", "/consent", ANYONE, IN_TRANSACTION, to.authorize()::decide),
        new Route("POST", "/me/passkeys", ANYONE, IN_TRANSACTION, to.passkeys()::add),
        new Route(
            "POST", "/me/passkeys/{id}/remove", ANYONE, IN_TRANSACTION, to.passkeys()::remove),
        new Route("GET", "/assets/passkeys.js", ANYONE, NOTHING, to.passkeys()::script),
        new Route("GET", "/oauth2/logout", ANYONE, IN_TRANSACTION, to.logout()::logout),
        new Route("POST", "/oauth2/logout", ANYONE, IN_TRANSACTION, to.logout()::logout),
        new Route("POST", "/oauth2/logout/confirm", ANYONE, IN_TRANSACTION, to.logout()::confirm),
        new Route("GET", "/me/password", ANYONE, NOTHING, to.authenticators()::password),
        new Route(
            "POST", "/me/password", ANYONE, IN_TRANSACTION, to.authenticators()::changePassword),
        new Route("GET", "/me/recovery-codes", ANYONE, NOTHING, to.authenticators()::recoveryCodes),
        new Route(
            "POST",
            "/me/recovery-codes",
            ANYONE,
            IN_TRANSACTION,
            to.authenticators()::replaceRecoveryCodes),
        new Route("GET", "/me/authenticator", ANYONE, NOTHING, to.authenticators()::app),
        new Route(
            "POST", "/me/authenticator", ANYONE, IN_TRANSACTION, to.authenticators()::replaceApp),
        new Route("GET", linked, ANYONE, NOTHING, to.linked()::show),
        new Route("POST", linked, ANYONE, IN_TRANSACTION, to.linked()::accept),
        new Route("POST", linked + "/{id}/link", ANYONE, NOTHING, to.upstream()::link),
        new Route("POST", linked + "/{id}/unlink", ANYONE, IN_TRANSACTION, to.linked()::unlink));
  }

  /// OAuth 2.1 and OpenID Connect.
  private void oauth(Endpoints to) {
    var server = "/.well-known/oauth-authorization-server";
    var provider = "/.well-known/openid-configuration";
    var device = "/oauth2/device_authorization";
    fromAnyOrigin(
        new Route("POST", "/oauth2/token", CLIENT, IN_TRANSACTION, to.client()::token),
        new Route("GET", "/oauth2/userinfo", ANYONE, NOTHING, to.userinfo()::userinfo),
        new Route("POST", "/oauth2/userinfo", ANYONE, NOTHING, to.userinfo()::userinfo),
        new Route("POST", "/oauth2/par", CLIENT, IN_TRANSACTION, to.client()::push));
    rows.addAll(
        List.of(
            new Route(
                "POST", "/oauth2/bc-authorize", CLIENT, IN_TRANSACTION, to.client()::backchannel),
            new Route("POST", device, CLIENT, IN_TRANSACTION, to.client()::device),
            new Route("POST", "/oauth2/introspect", CLIENT, NOTHING, to.client()::introspect)));
    fromAnyOrigin(
        new Route("POST", "/oauth2/revoke", CLIENT, IN_TRANSACTION, to.client()::revoke).always(),
        new Route("GET", "/oauth2/jwks", ANYONE, NOTHING, to.jwks()::jwks),
        new Route("GET", server, ANYONE, NOTHING, to.metadata()::metadata),
        new Route("GET", provider, ANYONE, NOTHING, to.metadata()::metadata));
    registration(to.registration());
  }

  /// Rows that scripts of any site may call, as they look at no cookie.
  private void fromAnyOrigin(Route... open) {
    for (var row : open) {
      rows.add(row.fromAnyOrigin());
    }
  }

  /// What WSO2 Asgardeo has in other places.
  private void compatibility(Compatibility.Doors to) {
    rows.add(new Route("POST", "/oauth2/authn", ANYONE, IN_TRANSACTION, to.direct()::authn));
    rows.add(new Route("POST", "/oauth2/ciba", CLIENT, IN_TRANSACTION, to.ciba()::ciba));
  }

  /// RFC 7591 and RFC 7592.
  private void registration(RegistrationEndpoint to) {
    var own = "/oauth2/register/{id}";
    fromAnyOrigin(
        new Route("POST", "/oauth2/register", ANYONE, IN_TRANSACTION, to::register),
        new Route("GET", own, ANYONE, NOTHING, to::read),
        new Route("PUT", own, ANYONE, IN_TRANSACTION, to::update),
        new Route("DELETE", own, ANYONE, IN_TRANSACTION, to::delete));
  }

  /// What the server's own APIs say of themselves (RFC 9728 §3.1); the management API also where
  /// some clients look only.
  private void protectedResources(OwnApis apis) {
    var root = ProtectedResource.WELL_KNOWN;
    var management = apis.management();
    var decisions = apis.decisions();
    var userinfo = apis.userinfo();
    fromAnyOrigin(
        new Route("GET", root, ANYONE, NOTHING, management::metadata),
        new Route("GET", root + "/api/v1", ANYONE, NOTHING, management::metadata),
        new Route("GET", root + "/access/v1", ANYONE, NOTHING, decisions::metadata),
        new Route("GET", root + "/oauth2/userinfo", ANYONE, NOTHING, userinfo::metadata));
  }

  private void open(App app, HealthEndpoint health) {
    var to = app.endpoints();
    rows.addAll(
        List.of(
            // AuthZEN Authorization API 1.0
            new Route("POST", "/access/v1/evaluation", ENFORCER, AFTER, to.evaluation()::evaluate),
            new Route(
                "POST", "/access/v1/evaluations", ENFORCER, AFTER, to.evaluations()::evaluate),
            new Route("POST", "/access/v1/mcp", ENFORCER, AFTER, to.mcp()::evaluate),
            new Route("POST", "/access/v1/search/subject", ENFORCER, AFTER, to.search()::subjects),
            new Route(
                "POST", "/access/v1/search/resource", ENFORCER, AFTER, to.search()::resources),
            new Route("POST", "/access/v1/search/action", ENFORCER, AFTER, to.search()::actions),
            new Route(
                "POST",
                "/access/v1/requests",
                ENFORCER,
                IN_TRANSACTION,
                to.accessRequests()::submit),
            new Route(
                "GET", "/access/v1/requests/{id}", ENFORCER, NOTHING, to.accessRequests()::status),
            new Route(
                "POST",
                "/access/v1/requests/{id}/cancel",
                ENFORCER,
                IN_TRANSACTION,
                to.accessRequests()::cancel),
            new Route(
                "GET",
                "/.well-known/authzen-configuration",
                ANYONE,
                NOTHING,
                to.authzenConfiguration()::metadata),
            // The log
            new Route("GET", "/log/checkpoint", ANYONE, NOTHING, to.log()::checkpoint),
            new Route("GET", "/log/tile/{path...}", ANYONE, NOTHING, to.log()::tile),
            // Operations
            new Route("GET", "/health/live", ANYONE, NOTHING, health::live).always(),
            new Route("GET", "/health/ready", ANYONE, NOTHING, health::ready).always(),
            new Route("GET", "/metrics", ANYONE, NOTHING, _ -> app.metrics().exposition()).always(),
            new Route("GET", "/openapi.json", ANYONE, NOTHING, to.openApi()::document)));
  }

  private void principals(Endpoints to) {
    things("users", "user", to.users()::register, to.users()::list, to.users()::get);
    replace("users", "user", to.users()::replace);
    act("users", "user", "deactivate", to.users()::deactivate);
    act("users", "user", "activate", to.users()::activate);
    act("users", "user", "invite", to.invitations()::invite);
    act("users", "user", "logout", to.sessions()::logout);
    read("/api/v1/users/{id}/sessions", "session.list", to.sessions()::list);
    act("sessions", "session", "end", to.sessions()::end);

    things("groups", "group", to.groups()::create, to.groups()::list, to.groups()::get);
    replace("groups", "group", to.groups()::replace);
    add("DELETE", "/api/v1/groups/{id}", "group.delete", IN_TRANSACTION, to.groups()::delete);

    things(
        "workloads",
        "workload",
        to.workloads()::register,
        to.workloads()::list,
        to.workloads()::get);
    replace("workloads", "workload", to.workloads()::replace);
    act("workloads", "workload", "deactivate", to.workloads()::deactivate);
    act("workloads", "workload", "activate", to.workloads()::activate);
  }

  private void agents(Endpoints to) {
    things("agents", "agent", to.agents()::register, to.agents()::list, to.agents()::get);
    replace("agents", "agent", to.agents()::replace);
    act("agents", "agent", "activate", to.agents()::activate);
    act("agents", "agent", "suspend", to.agents()::suspend);
    act("agents", "agent", "resume", to.agents()::resume);
    act("agents", "agent", "quarantine", to.agents()::quarantine);
    act("agents", "agent", "release", to.agents()::release);
    act("agents", "agent", "retire", to.agents()::retire);
    act("agents", "agent", "adopt", to.agents()::adopt);
    act("agents", "agent", "dismiss", to.agents()::dismiss);
    act("agents", "agent", "kill", to.kill()::kill);

    things("clients", "client", to.clients()::register, to.clients()::list, to.clients()::get);
    replace("clients", "client", to.clients()::replace);
    act("clients", "client", "deactivate", to.clients()::deactivate);
    act("clients", "client", "activate", to.clients()::activate);

    credentials("agents", to.credentials()::addToAgent, to.credentials()::listOfAgent);
    credentials("workloads", to.credentials()::addToWorkload, to.credentials()::listOfWorkload);
    credentials("clients", to.credentials()::addToClient, to.credentials()::listOfClient);
    act("credentials", "credential", "revoke", to.credentials()::revoke);

    var issuers = to.issuers();
    things("trusted-issuers", "issuer", issuers::register, issuers::list, issuers::get);
    replace("trusted-issuers", "issuer", issuers::replace);
    act("trusted-issuers", "issuer", "deactivate", issuers::deactivate);
    act("trusted-issuers", "issuer", "activate", issuers::activate);
    read("/api/v1/trusted-issuers/{id}/links", "link.list", to.links()::list);
    act("trusted-issuers", "issuer", "link", to.links()::link);
    act("trusted-issuers", "issuer", "unlink", to.links()::unlink);

    var tokens = to.registrationTokens();
    things("registration-tokens", "registration-token", tokens::create, tokens::list, tokens::get);
    act("registration-tokens", "registration-token", "revoke", tokens::revoke);
  }

  private void catalogue(Endpoints to) {
    things(
        "resources",
        "resource",
        to.resources()::register,
        to.resources()::list,
        to.resources()::get);
    replace("resources", "resource", to.resources()::replace);

    things("purposes", "purpose", to.purposes()::register, to.purposes()::list, to.purposes()::get);
    replace("purposes", "purpose", to.purposes()::replace);

    things(
        "permissions",
        "permission",
        to.permissions()::give,
        to.permissions()::list,
        to.permissions()::get);
    act("permissions", "permission", "revoke", to.permissions()::revoke);

    things("roles", "role", to.roles()::create, to.roles()::list, to.roles()::get);
    replace("roles", "role", to.roles()::replace);
    add("DELETE", "/api/v1/roles/{id}", "role.delete", IN_TRANSACTION, to.roles()::delete);
    things(
        "role-assignments",
        "assignment",
        to.assignments()::give,
        to.assignments()::list,
        to.assignments()::get);
    act("role-assignments", "assignment", "revoke", to.assignments()::revoke);

    things(
        "delegations",
        "delegation",
        to.delegations()::give,
        to.delegations()::list,
        to.delegations()::get);
    act("delegations", "delegation", "revoke", to.delegations()::revoke);
    act("delegations", "delegation", "limit", to.delegations()::limit);

    read("/api/v1/approvals", "approval.list", to.approvals()::list);
    read("/api/v1/approvals/mine", "approval.mine", to.approvals()::mine);
    read("/api/v1/approvals/{id}", "approval.get", to.approvals()::get);
    act("approvals", "approval", "approve", to.approvals()::approve);
    act("approvals", "approval", "deny", to.approvals()::deny);
  }

  private void policies(Endpoints to) {
    var base = "/api/v1/policies";
    var snapshots = base + "/{id}/snapshots";
    var drafts = base + "/{id}/drafts";
    read(base, "policy.list", to.policies()::list);
    read(base + "/{id}", "policy.get", to.policies()::get);
    read(snapshots, "snapshot.list", to.policies()::snapshots);
    read(snapshots + "/{number}", "snapshot.get", to.policies()::snapshot);
    read(snapshots + "/{number}/policies", "snapshot.policies", to.policies()::policies);
    change("POST", base + "/{id}/rollback", "policy.rollback", to.policies()::rollback);
    change("POST", drafts, "draft.create", to.policyDrafts()::begin);
    read(drafts, "draft.list", to.policyDrafts()::list);
    read(drafts + "/{draft}", "draft.get", to.policyDrafts()::get);
    change("DELETE", drafts + "/{draft}", "draft.discard", to.policyDrafts()::discard);
    read(drafts + "/{draft}/diff", "draft.diff", to.policyDrafts()::diff);
    read(drafts + "/{draft}/replay", "draft.replay", to.replay()::replay);
    change("POST", drafts + "/{draft}/files", "draft.edit", to.policyDrafts()::edit);
    change("POST", drafts + "/{draft}/publish", "draft.publish", to.policyDrafts()::publish);
  }

  private void record(Endpoints to) {
    read("/api/v1/access", "access.list", to.access()::list);
    read("/api/v1/access/unused", "access.unused", to.unused()::report);

    read("/log/tile/entries/{path...}", "log.entries", to.log()::entries);
    read("/api/v1/cutoffs", "cutoff.list", to.cutOffs()::list);
    add("POST", "/api/v1/keys/rotate", "key.rotate", IN_TRANSACTION, to.keys()::rotate);

    read("/api/v1/decisions/{id}", "decision.get", to.decisions()::get);
    read("/api/v1/why", "why.ask", to.decisions()::why);

    read("/api/v1/audit", "audit.list", to.audit()::list);
    read("/api/v1/audit/{id}", "audit.get", to.audit()::get);
    read("/api/v1/audit/{id}/receipt", "audit.receipt", to.audit()::receipt);
  }

  /// The rows that every kind of thing has: one is made, all are listed, one is shown.
  private void things(
      String path, String thing, ManagedVerb create, ManagedVerb list, ManagedVerb get) {
    add("POST", "/api/v1/" + path, thing + ".create", IN_TRANSACTION, create);
    read("/api/v1/" + path, thing + ".list", list);
    read("/api/v1/" + path + "/{id}", thing + ".get", get);
  }

  private void replace(String path, String thing, ManagedVerb verb) {
    add("PUT", "/api/v1/" + path + "/{id}", thing + ".replace", IN_TRANSACTION, verb);
  }

  private void act(String path, String thing, String act, ManagedVerb verb) {
    var action = thing + "." + act;
    add("POST", "/api/v1/" + path + "/{id}/" + act, action, IN_TRANSACTION, verb);
  }

  private void credentials(String path, ManagedVerb create, ManagedVerb list) {
    var base = "/api/v1/" + path + "/{id}/credentials";
    add("POST", base, "credential.create", IN_TRANSACTION, create);
    read(base, "credential.list", list);
  }

  private void change(String method, String path, String action, ManagedVerb verb) {
    add(method, path, action, IN_TRANSACTION, verb);
  }

  private void read(String path, String action, ManagedVerb verb) {
    add("GET", path, action, NOTHING, verb);
  }

  private void add(String method, String path, String action, Recorded recorded, ManagedVerb verb) {
    rows.add(
        new Route(method, path, new Access.Managed(action), recorded, gate.guard(action, verb)));
  }
}
