package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// An organisation on a whole server, played over HTTP: Dana and Bruno answer for agents, Alice
/// delegates, `gateway` enforces the CRM and `archivist` the archive. Time stands still unless a
/// test moves it. No policy lets a token for the export out.
public final class Story implements AutoCloseable {
  public static final String CRM = "https://crm.example/mcp";
  public static final String ARCHIVE = "https://archive.example";

  private static final String NO_EXPORT =
      """
      @id("no_export")
      forbid (principal, action == Prokura::Action::"obtain_token", resource)
      when { context.scopes.contains("tickets.export") };
      """;
  private static final int POLLS_MAX = 500;

  public final TestServer server;
  public final World world;
  public final String dana;
  public final String bruno;
  public final String alice;
  public final Party gateway;
  public final Party archivist;
  public final String crm;
  public final String archive;

  /// The purpose `support`, which covers all but the wiping.
  public final String support;

  /// The purpose `support.triage`, registered as narrower: to read and search, and records.
  public final String triage;

  /// The purpose `billing`, which has nothing to do with them.
  public final String billing;

  private final AtomicInteger names = new AtomicInteger();
  private final AtomicReference<Instant> now;
  private String operator;
  private Instant operatorUntil;

  /// An agent with a delegation of Alice's for `support`, and one that it may hand work to.
  public record Crew(Party triage, Party lookup, String delegation) {}

  private Story(AtomicReference<Instant> now, World world, TestServer server) {
    this.now = now;
    this.world = world;
    this.server = server;
    operator = server.operatorToken();
    operatorUntil = now.get().plusSeconds(200);
    dana = user("dana");
    bruno = user("bruno");
    alice = user("alice");
    gateway = workload("gateway");
    archivist = workload("archivist");
    crm =
        resource(
            CRM,
            List.of(gateway.id()),
            "tickets.read",
            "tickets.update",
            "tickets.export",
            "tickets.wipe",
            "search");
    archive = resource(ARCHIVE, List.of(archivist.id()), "records.read", "search");
    var crmAll = covers(crm, "tickets.read", "tickets.update", "tickets.export", "search");
    support = purpose("support", "", crmAll, covers(archive, "records.read", "search"));
    triage =
        purpose(
            "support.triage",
            support,
            covers(crm, "tickets.read", "search"),
            covers(archive, "records.read"));
    billing = purpose("billing", "", covers(crm, "tickets.read"));
    permit(
        alice,
        crm,
        "own",
        "tickets.read",
        "tickets.update",
        "tickets.export",
        "tickets.wipe",
        "search");
    permit(alice, archive, "own", "records.read", "search");
    permit(gateway.id(), archive, "onBehalf", "records.read", "search");
  }

  /// Begins at the second it is now.
  public static Story begin() {
    var folder = TestDatabases.folder();
    return begin(
        (world, policies) ->
            TestServer.start(
                () -> TestDatabases.sqlite(folder), TestDatabases.folder(), world, policies));
  }

  /// The same on a database that is opened so.
  public static Story on(Supplier<Database> open) {
    return begin(
        (world, policies) -> TestServer.start(open, TestDatabases.folder(), world, policies));
  }

  /// The same on a server whose issuer is the address it listens on.
  public static Story beginAtIssuer() {
    return begin(TestServer::startAtIssuer);
  }

  private static Story begin(BiFunction<World, String, TestServer> start) {
    var now = new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    var world = new World(now::get, new SecureRandom());
    var policies = TestDatabases.folder();
    try {
      Files.writeString(policies.resolve("export.cedar"), NO_EXPORT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Story(now, world, start.apply(world, policies.toString()));
  }

  @Override
  public void close() {
    server.close();
  }

  public Instant now() {
    return now.get();
  }

  /// Lets time pass, and waits until the server has noticed that it has missed nothing.
  public void pass(Duration time) {
    now.set(now.get().plus(time));
    for (int i = 0; i < POLLS_MAX; i++) {
      var health = server.send(HttpRequest.newBuilder(server.uri("/health/ready")));
      if (health.statusCode() == 200) {
        return;
      }
      pause();
    }
    throw new AssertionError("the server does not become ready");
  }

  private static void pause() {
    try {
      Thread.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  // What is registered

  public String user(String name) {
    return make("users", Json.object().put("userName", fresh(name)).build());
  }

  public Party workload(String name) {
    var body = Json.object().put("name", fresh(name)).put("owner", dana).build();
    return equipped("workloads", make("workloads", body));
  }

  /// Says whether a workload gets transaction tokens.
  public void transacts(Party workload, boolean does) {
    var path = "/api/v1/workloads/" + workload.id();
    var now = server.get(path, operator());
    var body =
        Json.object()
            .put("name", server.object(now.body()).text("name").orElseThrow())
            .put("owner", dana)
            .put("transactionTokens", does)
            .build();
    var etag = now.headers().firstValue("ETag").orElseThrow();
    var answer = server.send("PUT", path, operator(), Map.of("If-Match", etag), body.toText());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /// An application: it may authenticate and is nobody.
  public Party application(String name) {
    var body = Json.object().put("name", fresh(name)).put("everything", true).build();
    return equipped("clients", make("clients", body));
  }

  /// The same whose people have to have signed in within so many seconds.
  public Party application(String name, long maxAge) {
    var body = Json.object().put("name", fresh(name)).put("everything", true);
    return equipped("clients", make("clients", body.put("defaultMaxAge", maxAge).build()));
  }

  /// The same with this ceiling.
  public Party application(String name, Json.Obj... covers) {
    var body = Json.object().put("name", fresh(name)).put("covers", Json.array(List.of(covers)));
    return equipped("clients", make("clients", body.build()));
  }

  /// An active agent that declared these purposes and is permitted nothing. Its tokens need no key.
  public Party agent(String... purposes) {
    var agent = registered(bearer(), purposes);
    step(agent, "activate");
    return agent;
  }

  /// The same, as agents are unless it is said otherwise: its tokens are bound to a key.
  public Party boundAgent(String... purposes) {
    var agent = registered(Json.object(), purposes);
    step(agent, "activate");
    return agent;
  }

  /// What is said of an agent whose tokens need no key.
  public static Json.Builder bearer() {
    return Json.object().put("bearerTokens", true);
  }

  /// An active agent as above that may act no longer than `until`.
  public Party agentUntil(Instant until, String... purposes) {
    var agent = registered(bearer().put("validUntil", until.toString()), purposes);
    step(agent, "activate");
    return agent;
  }

  /// An agent that was registered and not activated.
  public Party registered(Json.Builder more, String... purposes) {
    var body =
        more.put("name", fresh("agent"))
            .put("owner", dana)
            .put("backupOwner", bruno)
            .put("purposes", List.of(purposes))
            .put("environment", "production")
            .put("risk", "low")
            .build();
    return equipped("agents", make("agents", body));
  }

  /// Gives an agent what those of a crew may do: on behalf of somebody to read, update and search
  /// in the CRM, and to use the archive; by itself to read in the CRM.
  public Party permitted(Party agent) {
    permit(agent.id(), crm, "onBehalf", "tickets.read", "tickets.update", "search");
    permit(agent.id(), archive, "onBehalf", "records.read", "search");
    permit(agent.id(), crm, "own", "tickets.read");
    return agent;
  }

  /// Two agents for the purpose `support`; the delegation reaches what the purpose covers, and
  /// three actors deep.
  public Crew crew() {
    var first = permitted(agent(support));
    var second = permitted(agent(support));
    return new Crew(first, second, delegate(alice, first, Json.object().put("depthMax", 3)));
  }

  /// A delegation for the purpose `support` that reaches what this covers, unless `more` says what
  /// it covers.
  public String delegate(String delegator, Party delegate, Json.Builder more) {
    var named = more.build();
    var body =
        Json.object()
            .put("delegator", delegator)
            .put("delegate", delegate.id())
            .putAll(named.members());
    if (named.get("purpose").isEmpty()) {
      body.put("purpose", support);
    }
    if (named.get("covers").isEmpty()) {
      body.put(
          "covers",
          Json.array(
              List.of(
                  covers(crm, "tickets.read", "tickets.update", "tickets.export", "search"),
                  covers(archive, "records.read", "search"))));
    }
    return make("delegations", body.build());
  }

  /// A resource that is agent-facing and has things of a type named after it.
  public String resource(String identifier, List<String> enforcers, String... actions) {
    return make("resources", resource(identifier, actions).put("enforcers", enforcers).build());
  }

  /// A resource as it is sent, without its enforcers.
  public static Json.Builder resource(String identifier, String... actions) {
    var described =
        Arrays.stream(actions)
            .map(name -> Json.object().put("name", name).put("sensitivity", "low").build())
            .toList();
    return Json.object()
        .put("identifier", identifier)
        .put("name", identifier)
        .put("types", List.of(typeAt(identifier)))
        .put("actions", Json.array(described));
  }

  /// The type of the things of a resource: `Crm` at `https://crm.example/mcp`.
  public static String typeAt(String identifier) {
    var host = identifier.substring("https://".length());
    return Character.toUpperCase(host.charAt(0)) + host.substring(1, host.indexOf('.'));
  }

  public static Json.Obj covers(String resource, String... actions) {
    return Json.object().put("resource", resource).put("actions", List.of(actions)).build();
  }

  /// A purpose; `broader` may be empty.
  public String purpose(String name, String broader, Json.Obj... covers) {
    var body = Json.object().put("name", name).put("owner", dana);
    body.put("covers", Json.array(List.of(covers)));
    if (!broader.isEmpty()) {
      body.put("broader", broader);
    }
    return make("purposes", body.build());
  }

  public String permit(String principal, String resource, String mode, String... actions) {
    return make(
        "permissions",
        Json.object()
            .put("principal", principal)
            .put("resource", resource)
            .put("actions", List.of(actions))
            .put("mode", mode)
            .build());
  }

  /// A name that nobody else has.
  public String fresh(String name) {
    return name + names.incrementAndGet();
  }

  private Party equipped(String kind, String id) {
    var key = SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256);
    var path = "/api/v1/" + kind + "/" + id + "/credentials";
    var published = Json.object().put("kind", "key").put("jwk", key.verificationKey().toJwk());
    server.done(path, operator(), published.build());
    var secret = server.done(path, operator(), Json.object().put("kind", "secret").build());
    return new Party(server, id, secret.text("secret").orElseThrow(), key);
  }

  /// Registers a thing of any kind and returns its id.
  public String register(String things, Json.Builder body) {
    return make(things, body.build());
  }

  /// The id of an agent's credential of this kind.
  public String credential(Party agent, String kind) {
    var list = read("/api/v1/agents/" + agent.id() + "/credentials").get("items").orElseThrow();
    return ((Json.Arr) list)
        .items().stream()
            .map(Json.Obj.class::cast)
            .filter(one -> one.text("kind").filter(kind::equals).isPresent())
            .findFirst()
            .flatMap(one -> one.text("id"))
            .orElseThrow();
  }

  private String make(String things, Json.Obj body) {
    return server.done("/api/v1/" + things, operator(), body).text("id").orElseThrow();
  }

  /// Does what needs nothing but a reason: `story.act("agents", id, "kill")`.
  public Json.Obj act(String things, String id, String act) {
    var body = Json.object().put("reason", "the story goes on").build();
    return server.done("/api/v1/" + things + "/" + id + "/" + act, operator(), body);
  }

  public Json.Obj step(Party agent, String transition) {
    return act("agents", agent.id(), transition);
  }

  public Json.Obj read(String path) {
    var response = server.get(path, operator());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return server.object(response.body());
  }

  /// A token of the operator that is good now.
  public String operator() {
    if (!now().isBefore(operatorUntil)) {
      operator = server.operatorToken();
      operatorUntil = now().plusSeconds(200);
    }
    return operator;
  }

  // What is on record

  /// The leaf of the newest entry about a thing.
  public Json.Obj newest(String about) {
    return read("/api/v1/audit/" + about).object("leaf").orElseThrow();
  }

  /// Expects `answer` to be a refusal for `reason`, and the newest entry about `caller` to tell of
  /// it.
  public Answer refuses(Party caller, Refusal reason, Answer answer) {
    return refuses(caller, "token", reason, answer);
  }

  public Answer refuses(Party caller, String route, Refusal reason, Answer answer) {
    answer.isRefused(reason);
    var leaf = newest(caller.id());
    assertThat(leaf.text("type")).as(leaf.toText()).hasValue("request.refused");
    var facts = leaf.object("facts").orElseThrow();
    assertThat(facts.text("by")).hasValue(caller.id());
    assertThat(facts.text("route")).hasValue(route);
    assertThat(facts.text("reason")).hasValue(reason.slug());
    return answer;
  }

  // Tokens taken apart

  public static Json.Obj header(String token) {
    return part(token, 0);
  }

  public static Json.Obj claims(String token) {
    return part(token, 1);
  }

  private static Json.Obj part(String token, int number) {
    var bytes = Base64Url.decode(token.split("\\.", -1)[number]).orElseThrow();
    var reader = new JsonReader(Limits.standard());
    if (reader.readObject(bytes) instanceof io.prokura.kernel.Result.Ok(var object)) {
      return object;
    }
    throw new AssertionError("not an object: " + new String(bytes, UTF_8));
  }

  public static String claim(String token, String name) {
    return claims(token).text(name).orElseThrow(() -> new AssertionError("no claim " + name));
  }
}
