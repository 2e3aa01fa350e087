package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.app.ApiCaller.Answer;
import io.prokura.app.ApiCaller.Call;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// What happens in the examples of the API's description, played against a server: Alice and her
/// group answer for the agent *triage*, which acts for her on the CRM and hands work to *lookup*.
final class ApiStory {
  static final String TRIAGE = "agt_1fn4a2bjr0h19stb37xpgkzzks";
  static final String DRAFT = "drf_2m1d0x5c8a7v9b3n6k4j0h1g2f";
  static final String APPROVAL = "apr_3v7k2m9x4c8q1n6h5t0wzbdeap";
  static final String DENIAL = "dec_06w1x3y8q4t7m2k9n5b0h6vcjz";
  static final String LOOKUP = "agt_149jqsrkdbpj0q4mzdrrc1gyck";
  private static final String OPERATOR = "usr_3knd47cxsmtz0wfzf80qp9j44d";
  static final String ALICE = "usr_6vbdftq3td7rkxv8a99hswy9bd";
  private static final String SUPPORT = "grp_1gknnqk5jyv8sdns25a2103rnx";
  static final String CLIENT = "cli_73xzww1kt4vmzrksyhbwbkcbs5";
  private static final String CRM = "wkl_3ssef8d0rce71cvk3954qmbskr";
  static final String TICKETS = "res_56dc6kh7cnghzbtacqaekpexwp";
  private static final String SUPPORTING = "pur_6mx9jx00yq2t29z1armrm53237";
  private static final String ROLE = "rol_1c9m2g8e5v0q7t3k6w4y8zabcd";
  private static final String TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";

  /// The time of the examples, finer than any that is kept.
  private static final Instant NOW = Instant.parse("2026-12-01T09:00:00.123456789Z");

  /// What stands for the archive in bodies that are written here.
  private static final String ARCHIVE = "res_00000000000000000000000000";

  private static final String ARCHIVE_IDENTIFIER = "https://archive.example";

  private static final List<String> SEARCHES =
      List.of("access.search.subject", "access.search.resource", "access.search.action");

  private final ApiCaller api;
  private final String issuer;
  private final String triageSecret;
  private final String lookupSecret;
  private final String crmSecret;

  /// The world of the examples, in which time stands still.
  static World world() {
    return new World(InstantSource.fixed(NOW), new SecureRandom());
  }

  private final Prover prover = new Prover(NOW);

  /// Fills the registers as the examples show.
  ApiStory(ApiCaller api, String issuer) {
    this.api = api;
    this.issuer = issuer;
    var people = api.call("user.list").query("limit=1").done();
    api.knows(OPERATOR, people.items().getFirst().text("id").orElseThrow());
    for (var thing : List.of("user", "group", "workload", "resource", "purpose", "agent")) {
      api.call(thing + ".create").done().asExample();
      api.call(thing + ".get").done().asExample();
    }
    api.call("agent.activate").done();
    for (var thing :
        List.of(
            "client",
            "registration-token",
            "issuer",
            "permission",
            "delegation",
            "role",
            "assignment")) {
      api.call(thing + ".create").done().asExample();
      api.call(thing + ".get").done().asExample();
    }
    triageSecret = api.call("agent.credential.create").done().asExample().text("secret");
    api.call("agent.credential.create").example("key").done();
    api.call("agent.credential.create").example("published").done();
    crmSecret = api.call("workload.credential.create").done().text("secret");
    api.call("client.credential.create").example("keys").done();
    api.call("agent.credential.create").example("published").done();
    for (var kind : List.of("certificate", "subject", "host", "uri", "address", "mailbox")) {
      api.call("workload.credential.create").example(kind).done();
    }
    api.knows(DRAFT, api.call("draft.create").body(Json.object().build()).done().text("id"));
    // Until somebody asks for an approval or signs in there is none of this id.
    for (var nothing : List.of(APPROVAL, DENIAL, PersonStory.SESSION)) {
      api.knows(nothing, nothing);
    }
    lookupSecret = lookup();
    archive();
  }

  private String lookup() {
    var body =
        api.json(
            """
            {'name':'lookup','owner':'%s','backupOwner':'%s','purposes':['%s'],
             'environment':'test','risk':'low','bearerTokens':true}
            """
                .formatted(ALICE, SUPPORT, SUPPORTING));
    api.knows(LOOKUP, api.call("agent.create").body(body).done().text("id"));
    permit(LOOKUP, TICKETS, "tickets.read", "onBehalf");
    api.call("agent.activate").of(api.real(LOOKUP)).done();
    return api.call("agent.credential.create").of(api.real(LOOKUP)).done().text("secret");
  }

  /// Another API, which nobody enforces, within the same purpose.
  private void archive() {
    var body =
        api.json(
            """
            {'identifier':'%s','name':'Archive','personRights':'held',
             'actions':[{'name':'files.read','sensitivity':'low'}]}
            """
                .formatted(ARCHIVE_IDENTIFIER));
    api.knows(ARCHIVE, api.call("resource.create").body(body).done().text("id"));
    permit(TRIAGE, ARCHIVE, "files.read", "own");
    permit(CRM, ARCHIVE, "files.read", "onBehalf");
    var wider = with(writable("purpose"), "covers", bothCovers());
    api.call("purpose.replace").header("If-Match", "\"1\"").body(wider).done();
  }

  /// What a purpose covers of the archive.
  Json archived() {
    return api.json("{'covers':[{'resource':'%s','actions':['files.read']}]}".formatted(ARCHIVE))
        .get("covers")
        .orElseThrow();
  }

  private Json bothCovers() {
    return api.json(
            """
            {'covers':[{'resource':'%s','actions':['tickets.read']},
                       {'resource':'%s','actions':['files.read']}]}
            """
                .formatted(TICKETS, ARCHIVE))
        .get("covers")
        .orElseThrow();
  }

  String permit(String who, String resource, String action, String mode) {
    var body =
        "{'principal':'%s','resource':'%s','actions':['%s'],'mode':'%s'}"
            .formatted(who, resource, action, mode);
    return api.call("permission.create").body(api.json(body)).done().text("id");
  }

  /// The members of a thing that a body may have, as they are read.
  Json.Obj writable(String thing) {
    var name = thing.substring(0, 1).toUpperCase(Locale.ROOT) + thing.substring(1) + "Body";
    var schema = (Json.Obj) api.document().at(ApiDocument.schema(name));
    var members = new LinkedHashMap<>(api.call(thing + ".get").done().object().members());
    members.keySet().retainAll(schema.object("properties").orElseThrow().members().keySet());
    return new Json.Obj(members);
  }

  private static Json.Obj with(Json.Obj object, String name, Json value) {
    var members = new LinkedHashMap<>(object.members());
    members.put(name, value);
    return new Json.Obj(members);
  }

  Call asTriage(String operation) {
    var call = api.call(operation).basic(api.real(TRIAGE), triageSecret);
    return operation.equals("oauth.token") ? call.header("DPoP", prover.proof()) : call;
  }

  Call asLookup(String operation) {
    return api.call(operation).basic(api.real(LOOKUP), lookupSecret);
  }

  Call asCrm(String operation) {
    return api.call(operation).basic(api.real(CRM), crmSecret);
  }

  // Tokens and decisions

  /// Every kind of token is issued, introspected, used for a decision and ended.
  void tokensAreIssuedAndUsed() {
    var own = asTriage("oauth.token").example("itself").done().asExample().text("access_token");
    assertThat(introspected(own).text("aut")).isEqualTo("AGENT");
    var forAlice = asTriage("oauth.token").example("delegation").done().text("access_token");
    api.knows(TOKEN, forAlice);
    asCrm("oauth.introspect").form("token", forAlice).done().asExample();
    asCrm("oauth.introspect")
        .header("Accept", "application/token-introspection+jwt")
        .form("token", forAlice)
        .done();
    asCrm("access.evaluate").done().asExample();
    var sealed = (Json.Obj) asCrm("access.evaluate").bodyOfExample();
    var object = Json.object().put("type", "ticket").put("id", "t-99").build();
    var obliged = asCrm("access.evaluate").body(with(sealed, "resource", object)).done();
    assertThat(obliged.object().object("context").flatMap(one -> one.get("obligations")))
        .isPresent();
    asCrm("access.search.subject").done().asExample();
    assertThat(asCrm("access.search.resource").done().object().toText()).contains("results");
    assertThat(asCrm("access.search.action").done().object().toText()).contains("tickets.read");
    var handOver = asTriage("oauth.token").example("handingOver").done().text("access_token");
    api.knows(TOKEN, handOver);
    var taken = asLookup("oauth.token").example("takingOver").done().text("access_token");
    assertThat(introspected(taken).object().object("act").flatMap(act -> act.object("act")))
        .isPresent();
    api.knows(TOKEN, wider());
    asCrm("oauth.token").example("downstream").done();
    var transaction = asCrm("oauth.token").example("telling").done().text("access_token");
    asCrm("oauth.introspect")
        .form("token", transaction, "token_type_hint", Party.TRANSACTION)
        .done();
    asCrm("oauth.token")
        .form("grant_type", "refresh_token", "resource", "https://crm.example/mcp")
        .answers(400);
    asTriage("oauth.token")
        .form("grant_type", "client_credentials", "resource", ARCHIVE_IDENTIFIER)
        .answers(403);
    var helpdesk = api.call("client.credential.create").done().text("secret");
    api.call("oauth.push").basic(api.real(CLIENT), helpdesk).answers(201);
    api.call("oauth.push").basic(api.real(CLIENT), helpdesk).form("state", "x").answers(400);
    for (int i = 0; i < 3; i++) {
      asTriage("oauth.backchannel").answers(200);
    }
    asTriage("oauth.backchannel").answers(429);
    asTriage("oauth.backchannel").form("login_hint", "alice", "user_code", "x").answers(400);
    api.call("oauth.backchannel").answers(401);
    for (int i = 0; i < 20; i++) {
      asTriage("oauth.device").answers(200);
    }
    asTriage("oauth.device").answers(429);
    asTriage("oauth.device").form("scope", "tickets.read").answers(400);
    api.call("oauth.device").answers(401);
    asTriage("oauth.revoke").form("token", own).done();
    assertThat(introspected(own).object()).isEqualTo(api.json("{'active':false}"));
    asTriage("oauth.revoke").form("token_type_hint", "access_token").answers(400);
    asTriage("oauth.introspect").form("nothing", "said").answers(400);
  }

  Answer introspected(String token) {
    return asCrm("oauth.introspect").form("token", token).done();
  }

  /// A token for Alice under a delegation that reaches both APIs.
  private String wider() {
    var body = api.call("delegation.create").bodyOfExample();
    var delegation =
        api.call("delegation.create").body(with((Json.Obj) body, "covers", bothCovers())).done();
    assertThat(ApiDocument.items(delegation.object().get("covers").orElseThrow()))
        .isSortedAccordingTo(Comparator.comparing(Json::toText));
    return asTriage("oauth.token")
        .form(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token",
            delegation.text("id"),
            "subject_token_type",
            "urn:prokura:params:oauth:token-type:delegation",
            "resource",
            "https://crm.example/mcp")
        .done()
        .text("access_token");
  }

  /// The kill tells where tokens were; afterwards the agent lives again.
  void anAgentIsKilled() {
    var killed = api.call("agent.kill").done();
    assertThat(killed.object().texts("below")).hasValue(List.of(api.real(LOOKUP), api.real(CRM)));
    assertThat(killed.object().toText()).contains("openUntil");
    api.call("agent.resume").done();
  }

  /// Who enforces nothing, or has the wrong token, gets no decision.
  void decisionsAreRefused() {
    asCrm("access.evaluate").body(api.json("{}")).answers(400);
    api.call("access.evaluate").basic(api.real(CRM), "wrong").answers(401);
    for (var open : SEARCHES) {
      asCrm(open).body(api.json("{}")).answers(400);
      api.call(open).basic(api.real(CRM), "wrong").answers(401);
    }
    api.knows(TOKEN, "none");
    assertThat(asCrm("access.evaluate").done().object().flag("decision")).hasValue(false);
    assertThat(asCrm("access.search.subject").done().object().object("context")).isPresent();
    var identifier = issuer + "/access/v1";
    var point = withLook(identifier, "Prokura decision point", "decide");
    api.call("access.evaluate").bearer(crmToken(point, identifier, "decide")).done();
    var looking = crmToken(point, identifier, "look");
    api.call("access.evaluate").bearer(looking).answers(403);
    SEARCHES.forEach(open -> api.call(open).bearer(looking).answers(403));
    for (var operation : List.of("access.request", "access.task", "access.task.cancel")) {
      api.call(operation).basic(api.real(CRM), "wrong").answers(401);
      api.call(operation).bearer(looking).answers(403);
    }
    asCrm("access.task").header("Authorization", "Bearer two").answers(400);
    for (var operation : List.of("access.evaluateSeveral", "access.evaluateMcp")) {
      asCrm(operation).done();
      asCrm(operation).body(api.json("{}")).answers(400);
      api.call(operation).basic(api.real(CRM), "wrong").answers(401);
      api.call(operation).bearer(crmToken(point, identifier, "look")).answers(403);
    }
  }

  /// One of the server's own APIs with `action` and another one, `look`.
  private String withLook(String identifier, String name, String action) {
    var resource = registered(identifier);
    var body =
        api.json(
            """
            {'identifier':'%s','name':'%s','agentFacing':false,
             'actions':[{'name':'%s','sensitivity':'high'},{'name':'look','sensitivity':'low'}]}
            """
                .formatted(identifier, name, action));
    api.call("resource.replace").of(resource).header("If-Match", "\"1\"").body(body).done();
    return resource;
  }

  private String registered(String identifier) {
    return api.call("resource.list").done().items().stream()
        .filter(one -> one.text("identifier").orElse("").equals(identifier))
        .findFirst()
        .flatMap(one -> one.text("id"))
        .orElseThrow();
  }

  /// The id of one of the server's own APIs.
  String ownApi(String path) {
    var id = registered(issuer + path);
    api.knows(id, id);
    return id;
  }

  private String crmToken(String resource, String identifier, String action) {
    api.knows(resource, resource);
    permit(CRM, resource, action, "own");
    return asCrm("oauth.token")
        .form("grant_type", "client_credentials", "resource", identifier, "scope", action)
        .done()
        .text("access_token");
  }

  /// A good token for the management API that lacks the scope to manage.
  String powerless() {
    var identifier = issuer + "/api/v1";
    var resource = withLook(identifier, "Prokura management API", "manage");
    return crmToken(resource, identifier, "look");
  }

  // Policies

  /// A draft is written, looked at and published, and what it did is taken back.
  void policiesArePublished() {
    var first = api.call("draft.create").done();
    api.knows(DRAFT, first.text("id"));
    api.call("draft.get").done();
    var edited = api.call("draft.edit").header("If-Match", first.etag()).done();
    assertThat(api.call("draft.diff").done().object().toText()).contains("no-workloads");
    api.call("draft.publish").header("If-Match", edited.etag()).done();
    api.call("policy.get").done();
    api.call("snapshot.get").done();
    var back = api.call("policy.rollback").body(api.json("{'number':0}")).done();
    api.knows("1", String.valueOf(back.object().number("number").orElseThrow()));
    api.call("snapshot.get").done();
    api.knows("1", "1");
    api.call("policy.rollback").body(api.json("{'number':0}")).answers(409);
    api.call("policy.rollback").body(api.json("{'number':1}")).done();
    broken();
    var same = api.call("draft.create").body(Json.object().build()).done();
    api.knows(DRAFT, same.text("id"));
    api.call("draft.publish").header("If-Match", same.etag()).answers(409);
    api.call("draft.discard").header("If-Match", same.etag()).done();
    var left = api.call("draft.create").body(Json.object().build()).done();
    api.knows(DRAFT, left.text("id"));
  }

  private void broken() {
    var never =
        "{'files':[{'name':'a.cedar','text':'permit (principal, action, resource)"
            + " when {false};'}]}";
    var broken = api.call("draft.create").body(api.json(never)).done();
    api.knows(DRAFT, broken.text("id"));
    assertThat(api.call("draft.get").done().object().texts("findings").orElseThrow()).isNotEmpty();
    api.call("draft.publish").header("If-Match", broken.etag()).answers(400);
  }

  // Lives

  /// An agent goes through its life, and no step can be taken twice.
  void anAgentLives() {
    var agent = another("agent", "{'name':'passing'}").text("id");
    step(agent, "activate");
    step(agent, "suspend");
    step(agent, "resume");
    step(agent, "quarantine");
    step(agent, "release");
    api.call("agent.quarantine").of(agent).done();
    api.call("agent.release").of(agent).body(api.json("{'reason':'enough'}")).done();
    for (var never : List.of("adopt", "dismiss")) {
      api.call("agent." + never).of(agent).answers(409);
    }
    step(agent, "retire");
    api.call("agent.replace").of(agent).header("If-Match", "\"9\"").answers(409);
    api.call("agent.list").query("state=retired&owner=" + api.real(ALICE)).done();
  }

  private void step(String agent, String name) {
    api.call("agent." + name).of(agent).done();
    api.call("agent." + name).of(agent).answers(409);
  }

  /// Nothing discovers agents yet; `found` says how one comes to be in that state.
  void anAgentIsDiscovered(Consumer<String> found) {
    for (var verdict : List.of("adopt", "dismiss")) {
      var agent = another("agent", "{'name':'stranger'}").text("id");
      found.accept(agent);
      api.call("agent." + verdict).of(agent).done();
    }
  }

  /// What is active is stopped and started again, never twice.
  void othersAreStoppedAndStarted() {
    api.call("issuer.link").done();
    api.call("issuer.link").answers(409);
    var nobody = "agt_00000000000000000000000000";
    api.knows(nobody, nobody);
    api.call("issuer.link")
        .body(Json.object().put("sub", "b").put("principal", nobody).build())
        .answers(400);
    api.call("issuer.unlink").done();
    api.call("issuer.unlink").answers(404);
    var agent = Json.object().put("sub", "triage").put("principal", api.real(TRIAGE)).build();
    api.call("issuer.link").body(agent).done();
    assertThat(api.call("link.list").done().items().getFirst().text("sub")).hasValue("triage");
    api.call("issuer.link").done();
    var next = api.call("link.list").query("limit=1").done().object().text("next").orElseThrow();
    assertThat(api.call("link.list").query("limit=1&cursor=" + next).done().items()).hasSize(1);
    var none = "iss_00000000000000000000000000";
    api.call("link.list").of(none).answers(404);
    assertThat(api.call("user.invite").done().text("link")).contains("/setup?code=");
    for (var thing : List.of("user", "workload", "client", "issuer")) {
      for (var step : List.of("deactivate", "activate")) {
        api.call(thing + "." + step).done();
        api.call(thing + "." + step).answers(409);
      }
    }
  }

  /// What may be spent is raised, and added to, under a delegation that stays.
  void limitsAreSet() {
    var limited = api.call("delegation.limit").done();
    assertThat(limited.object().get("budgets").map(ApiDocument::items).orElseThrow())
        .extracting(budget -> ((Json.Obj) budget).text("name").orElseThrow())
        .containsExactly("calls", "spend");
    api.call("delegation.limit").body(api.json("{'budgets':[],'reason':'none'}")).answers(400);
  }

  /// What was given is taken back, never twice.
  void whatWasGivenIsTakenBack() {
    limitsAreSet();
    for (var thing : List.of("permission", "delegation", "assignment")) {
      takenBack(thing, api.call(thing + ".create").done().text("id"));
    }
    takenBack("credential", api.call("workload.credential.create").done().text("id"));
  }

  private void takenBack(String thing, String id) {
    api.call(thing + ".revoke").of(id).done();
    api.call(thing + ".revoke").of(id).answers(409);
    if (thing.equals("delegation")) {
      api.call("delegation.limit").of(id).answers(409);
    }
    if (!thing.equals("credential")) {
      api.call(thing + ".get").of(id).done();
    }
  }

  /// Names and keys are taken once, and what something rests on stays.
  void thingsStandInEachOthersWay() {
    for (var thing : List.of("user", "group", "issuer", "resource", "purpose", "role")) {
      api.call(thing + ".create").answers(409);
    }
    for (var holder : List.of("agent", "workload", "client")) {
      api.call(holder + ".credential.create").example("key").answers(409);
    }
    inTheWay("user", another("user", "{'userName':'bob'}"));
    var group = another("group", "{'name':'Nobody'}");
    inTheWay("group", group);
    api.call("group.delete").header("If-Match", "\"1\"").answers(409);
    var gone = group.text("id");
    api.call("group.delete").of(gone).header("If-Match", "\"999\"").answers(412);
    api.call("group.delete").of(gone).header("If-Match", group.etag()).done();
    api.call("role.delete").header("If-Match", "\"1\"").answers(409);
    var role = another("role", "{'name':'passing'}");
    api.call("role.delete").of(role.text("id")).header("If-Match", "\"999\"").answers(412);
    api.call("role.replace").of(role.text("id")).header("If-Match", "\"999\"").answers(412);
    api.call("role.delete").of(role.text("id")).header("If-Match", role.etag()).done();
    exclusive();
    api.call("resource.replace")
        .header("If-Match", api.call("resource.get").done().etag())
        .body(with(writable("resource"), "actions", Json.array(List.of())))
        .answers(409);
    another("purpose", "{'name':'support.triage.night','broader':'%s'}".formatted(SUPPORTING));
    api.call("purpose.replace")
        .header("If-Match", api.call("purpose.get").done().etag())
        .body(with(writable("purpose"), "covers", Json.array(List.of())))
        .answers(409);
  }

  /// A role can't exclude another that somebody has at the same time.
  private void exclusive() {
    var other = another("role", "{'name':'other'}").text("id");
    var held = Json.object().put("role", other).put("holder", api.real(SUPPORT)).build();
    api.call("assignment.create").body(held).done();
    api.call("role.replace")
        .header("If-Match", api.call("role.get").done().etag())
        .body(with(writable("role"), "excludes", Json.texts(List.of(other))))
        .answers(409);
    api.call("role.replace")
        .header("If-Match", api.call("role.get").done().etag())
        .body(writable("role"))
        .done();
    var third = another("role", "{'name':'third'}");
    var apart = with(writable("role"), "name", Json.text("third"));
    api.call("role.replace")
        .of(third.text("id"))
        .header("If-Match", third.etag())
        .body(with(apart, "excludes", Json.texts(List.of(other))))
        .done();
    api.call("assignment.create")
        .body(with(held, "role", Json.text(third.text("id"))))
        .answers(409);
    api.call("assignment.list").query("holder=" + api.real(SUPPORT)).done();
    api.call("assignment.list").query("holder=nobody").answers(400);
  }

  /// The example's thing would have to share its name with this one.
  private void inTheWay(String thing, Answer other) {
    api.call(thing + ".replace").of(other.text("id")).header("If-Match", other.etag()).answers(409);
  }

  /// An issuer that speaks of agents, for one of its customers.
  private void platform() {
    var agents =
        """
        {'mapping':[{'claim':'groups','value':'support','roles':['%s'],'purposes':['%s']}],
         'purposes':['%s'],'owner':'%s','backupOwner':'%s','active':true,'bearerTokens':false,
         'shared':true,'tenantClaim':'org','tenant':'acme','agentsMax':50}
        """
            .formatted(ROLE, SUPPORTING, SUPPORTING, ALICE, SUPPORT);
    var body =
        """
        {'issuer':'https://d.example','name':'D','grants':['id-jag'],'reuse':true,'agents':%s}
        """
            .formatted(agents);
    api.call("issuer.create").body(api.json(body)).done();
  }

  /// Makes another thing like that of the example.
  private Answer another(String thing, String members) {
    var body =
        new LinkedHashMap<>(((Json.Obj) api.call(thing + ".create").bodyOfExample()).members());
    body.putAll(api.json(members).members());
    return api.call(thing + ".create").body(new Json.Obj(body)).done();
  }

  // Lists, the record, operations

  /// Every list is read page by page and by what selects.
  void listsAreRead() {
    another("client", "{'name':'All','everything':true,'covers':[]}");
    var key =
        """
        {'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo','kid':'1'}
        """;
    another("issuer", "{'issuer':'https://a.example','jwksUri':'https://a.example/keys'}");
    another("issuer", "{'issuer':'https://b.example','jwks':{'keys':[%s]}}".formatted(key));
    var receives =
        "{'clients':[{'client':'%s','clientId':'there'}],'resources':['%s']}"
            .formatted(CLIENT, TICKETS);
    another("issuer", "{'issuer':'https://c.example','receives':%s}".formatted(receives));
    platform();
    another("group", "{'name':'Sales'}");
    another("workload", "{'name':'Mail'}");
    another("registration-token", "{'name':'Desks'}");
    for (var operation : api.document().operations()) {
      if (operation.has("cursor") && !operation.id().equals("access.list")) {
        var next = api.call(operation.id()).query("limit=1").done().object().text("next");
        next.ifPresent(cursor -> api.call(operation.id()).query("cursor=" + cursor).done());
        api.call(operation.id()).query("limit=0").answers(400);
      }
    }
    for (var thing : List.of("permission", "delegation")) {
      var held = api.call(thing + ".list").query("principal=" + api.real(TRIAGE)).done();
      assertThat(held.items()).as(thing).isNotEmpty();
      api.call(thing + ".list").query("principal=nobody").answers(400);
    }
    var about = api.call("audit.list").query("about=" + api.real(TRIAGE)).done();
    assertThat(about.items()).isNotEmpty();
  }

  /// How far somebody gets is read page by page, and what of it was used.
  void accessIsRead() {
    var offered =
        api.call("resource.get")
            .done()
            .object()
            .get("actions")
            .map(ApiDocument::items)
            .orElseThrow();
    var all =
        offered.stream().map(action -> ((Json.Obj) action).text("name").orElseThrow()).toList();
    var body =
        Json.object()
            .put("principal", api.real(TRIAGE))
            .put("resource", api.real(TICKETS))
            .put("actions", all)
            .build();
    api.call("permission.create").body(body).done();
    api.call("delegation.create").done();
    var ofTriage = "principal=" + api.real(TRIAGE) + "&limit=1";
    api.call("access.list").query(ofTriage).done();
    // Agents come before people and workloads, so the page of the first is not the last.
    var onOne = "resource=" + api.real(TICKETS) + "&limit=1";
    var next = api.call("access.list").query(onOne).done().object().text("next").orElseThrow();
    api.call("access.list").query(onOne + "&cursor=" + next).done();
    var onTickets = api.call("access.list").query("resource=" + api.real(TICKETS)).done();
    assertThat(onTickets.items()).isNotEmpty();
    for (var wrong :
        List.of("limit=1", "principal=nobody", "resource=nothing", ofTriage + "&cursor=b25l")) {
      api.call("access.list").query(wrong).answers(400);
    }
    var role = another("role", "{'name':'fourth'}").text("id");
    var held = Json.object().put("role", role).put("holder", api.real(TRIAGE)).build();
    api.call("assignment.create").body(held).done();
    api.call("access.unused").query("days=9&agent=" + api.real(TRIAGE)).done();
    var idle = another("agent", "{'name':'idle'}").text("id");
    api.call("access.unused").query("agent=" + idle).done();
    api.call("access.unused").query("agent=nobody").answers(400);
    api.call("access.unused").query("days=0&agent=" + api.real(TRIAGE)).answers(400);
  }

  /// What happened is on record, provably.
  void whatHappenedIsProven() {
    var activated = activation();
    integrated(activated);
    api.call("audit.get").of(activated).done().asExample();
    decisionsAreExplained();
    aDraftIsReplayed();
    api.call("log.checkpoint").done();
    api.call("log.tile").done();
    api.call("log.tile").of("0/999").answers(404);
    api.call("log.entries").done();
    api.call("cutoff.list").done();
    api.call("key.rotate").done();
  }

  /// What was decided, what a token rests on, and what would happen.
  private void decisionsAreExplained() {
    var made = newest("\"reason\":\"allowed\"").text("about").orElseThrow();
    assertThat(api.call("decision.get").of(made).done().object().texts("sentences")).isPresent();
    var denied = newest("\"allowed\":false").text("about").orElseThrow();
    api.call("decision.get").of(denied).done();
    api.call("decision.get").of(made).query("item=x").answers(400);
    api.call("decision.get").of("dec_nothing").answers(404);
    api.call("why.ask").query("decision=" + made).done();
    var issued = newest("\"token.issued\"").text("about").orElseThrow();
    assertThat(api.call("why.ask").query("token=" + issued).done().object().get("operands"))
        .isPresent();
    api.call("why.ask").query("token=tok_nothing").answers(404);
    api.call("why.ask").query("delegation=dlg_nothing").answers(404);
    for (var one : api.call("delegation.list").query("limit=200").done().items()) {
      api.call("why.ask").query("delegation=" + one.text("id").orElseThrow()).done();
    }
    api.call("why.ask").answers(400);
    var resource =
        api.call("resource.list").done().items().stream()
            .filter(one -> !one.texts("types").orElseThrow().isEmpty())
            .findFirst()
            .flatMap(one -> one.text("id"))
            .orElseThrow();
    api.call("why.ask")
        .query("subject=" + api.real(TRIAGE) + "&resource=" + resource + "&action=read")
        .done();
  }

  /// A draft that forbids everything would have changed what was allowed.
  private void aDraftIsReplayed() {
    var kept = api.real(DRAFT);
    var stop =
        api.call("draft.create")
            .body(
                api.json(
                    "{'files':[{'name':'a.cedar','text':'forbid(principal,action,resource);'}]}"))
            .done();
    api.knows(DRAFT, stop.text("id"));
    var replayed = api.call("draft.replay").query("from=2020-01-01T00:00:00Z").done().object();
    assertThat(replayed.number("flipped").orElseThrow()).isPositive();
    api.call("draft.replay").query("entries=1").done();
    api.call("draft.replay").query("entries=0").answers(400);
    api.call("draft.replay").query("after=x").answers(400);
    api.call("draft.replay").query("until=soon").answers(400);
    api.knows(DRAFT, kept);
  }

  private Json.Obj newest(String mark) {
    var query = "limit=200";
    for (int page = 0; page < 20; page++) {
      var list = api.call("audit.list").query(query).done();
      var found = list.items().stream().filter(entry -> entry.toText().contains(mark)).findFirst();
      if (found.isPresent()) {
        return found.get().object("leaf").orElseThrow();
      }
      query = "limit=200&cursor=" + list.object().text("next").orElseThrow();
    }
    throw new AssertionError("nowhere on record: " + mark);
  }

  /// The entry of the activation of triage, which the example shows.
  private String activation() {
    return api
        .call("audit.list")
        .query("about=" + api.real(TRIAGE) + "&limit=200")
        .done()
        .items()
        .stream()
        .filter(entry -> entry.toText().contains("\"agent.activated\""))
        .findFirst()
        .flatMap(entry -> entry.text("id"))
        .orElseThrow();
  }

  private void integrated(String entry) {
    var patience = Duration.ofSeconds(20).toNanos();
    var start = System.nanoTime();
    while (!api.call("audit.receipt").of(entry).done().text("status").equals("integrated")) {
      assertThat(System.nanoTime() - start).as("the entry gets its place").isLessThan(patience);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  void theServerTellsAboutItself() {
    for (var operation :
        List.of(
            "oauth.jwks",
            "oauth.metadata",
            "oauth.openid",
            "oauth.resource.management",
            "oauth.resource.decisions",
            "oauth.resource.userinfo",
            "health.live",
            "health.ready",
            "metrics",
            "openapi")) {
      api.call(operation).done();
    }
    api.call("access.metadata").done().asExample();
    api.call("oauth.resource").done().asExample();
  }
}
