package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// A whole server with a small organisation in it, registered over its own API: Alice, for whom the
/// agent triage reads the tickets of a CRM, the agent lookup that helps it, and the workloads that
/// enforce the CRM and its archive. Everything has a name by which tests know it.
public final class Company implements AutoCloseable {
  public static final String CRM = "https://crm.example/mcp";
  public static final String ARCHIVE = "https://archive.example";
  private static final JsonReader READER = new JsonReader(Limits.standard());

  public final Path folder;
  public final TestServer server;
  public final String token;
  private final SequencedMap<String, String> ids = new LinkedHashMap<>();
  private final SequencedMap<String, String> secrets = new LinkedHashMap<>();

  private Company(Path folder, TestServer server) {
    this.folder = folder;
    this.server = server;
    token = server.operatorToken();
  }

  public static Company found() {
    return found(TestDatabases.sqlite());
  }

  /// Founds it on `database`, which the server closes when it ends.
  public static Company found(Database database) {
    return found(database, TestServer.systemWorld());
  }

  static Company found(Database database, World world) {
    return found(database, world, TestDatabases.folder());
  }

  /// Founds it on a database that can be opened anew, so that its server can be restarted.
  static Company found(Supplier<Database> open, World world) {
    var folder = TestDatabases.folder();
    return found(folder, TestServer.start(open, folder, world, ""));
  }

  /// The same with its files in `folder`.
  static Company found(Database database, World world, Path folder) {
    return found(folder, TestServer.start(database, folder, world, ""));
  }

  /// Founds it where nobody publishes policies that they wrote in.
  static Company foundWithReview(Database database) {
    var folder = TestDatabases.folder();
    return found(folder, database, TestServer.systemWorld(), TestServer.withReview(folder));
  }

  /// Founds it where the server also speaks to clients of WSO2 Asgardeo.
  static Company foundCompatible(Database database, World world) {
    var folder = TestDatabases.folder();
    return found(folder, database, world, TestServer.withCompatibility(folder, ""));
  }

  /// Founds it with its files in `folder` and these settings.
  static Company found(Path folder, Database database, World world, Config settings) {
    return found(folder, TestServer.inProcess(() -> database, world, settings));
  }

  private static Company found(Path folder, TestServer server) {
    var company = new Company(folder, server);
    company.people();
    company.catalogue();
    company.agents();
    company.rights();
    return company;
  }

  private void people() {
    make("alice", "users", "{'userName': 'alice', 'email': 'alice@example.org'}");
    make("dana", "users", "{'userName': 'dana', 'roles': ['registrar']}");
    make("support", "groups", "{'name': 'support', 'members': ['<dana>']}");
    make("crm-server", "workloads", "{'name': 'crm-server', 'owner': '<support>'}");
    make("archive-server", "workloads", "{'name': 'archive-server', 'owner': '<support>'}");
  }

  private void catalogue() {
    make(
        "crm",
        "resources",
        """
        {'identifier': 'https://crm.example/mcp', 'name': 'CRM', 'types': ['ticket', 'tool'],
         'actions': [{'name': 'tickets.read', 'sensitivity': 'low'},
                     {'name': 'tickets.close', 'sensitivity': 'medium', 'reversible': true},
                     {'name': 'tickets.delete', 'sensitivity': 'high'}],
         'enforcers': ['<crm-server>'], 'asserts': ['resource.status']}
        """);
    make(
        "archive",
        "resources",
        """
        {'identifier': 'https://archive.example', 'name': 'Archive', 'types': ['file'],
         'actions': [{'name': 'files.read', 'sensitivity': 'low'}],
         'enforcers': ['<archive-server>']}
        """);
    make(
        "work",
        "purposes",
        """
        {'name': 'support', 'owner': '<dana>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read', 'tickets.close']},
                    {'resource': '<archive>', 'actions': ['files.read']}]}
        """);
    make(
        "triaging",
        "purposes",
        """
        {'name': 'support.triage', 'owner': '<dana>', 'broader': '<work>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}
        """);
  }

  private void agents() {
    agent("triage", "['<work>']");
    agent("lookup", "['<work>', '<triaging>']");
    make("registering", "registration-tokens", "{'name': 'Notebooks', 'uses': 1000}");
    make("idp", "trusted-issuers", "{'issuer': 'http://localhost:7', 'name': 'IdP'}");
    make(
        "console",
        "clients",
        "{'name': 'console', 'everything': true, 'resource': '<crm>',"
            + " 'redirectUris': ['https://console.example/cb'],"
            + " 'postLogoutRedirectUris': ['https://console.example/out']}");
    secret("crm-server", "workloads");
    secret("archive-server", "workloads");
    secret("console", "clients");
    own("management-api", "/api/v1");
    own("decision-api", "/access/v1");
  }

  /// Knows one of the server's own APIs by `name`.
  private void own(String name, String path) {
    var one = Pattern.compile("\"id\":\"(res_[0-9a-z]+)\",\"identifier\":\"[^\"]*" + path + "\"");
    var registered = server.get("/api/v1/resources", token).body();
    ids.put(name, one.matcher(registered).results().findFirst().orElseThrow().group(1));
  }

  private void rights() {
    permit("alice", "crm", "['tickets.read', 'tickets.close']", "own");
    permit("alice", "archive", "['files.read']", "own");
    permit("triage", "crm", "['tickets.read', 'tickets.close']", "onBehalf");
    permit("lookup", "crm", "['tickets.read', 'tickets.close']", "own");
    permit("crm-server", "archive", "['files.read']", "onBehalf");
    make(
        "reader",
        "roles",
        """
        {'name': 'reader',
         'permissions': [{'resource': '<archive>', 'actions': ['files.read'], 'mode': 'own'}]}
        """);
    make("writer", "roles", "{'name': 'writer', 'excludes': ['<reader>']}");
    make("reading", "role-assignments", "{'role': '<reader>', 'holder': '<alice>'}");
    make(
        "delegation",
        "delegations",
        """
        {'delegator': '<alice>', 'delegate': '<triage>', 'purpose': '<work>', 'depthMax': 3,
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read', 'tickets.close']},
                    {'resource': '<archive>', 'actions': ['files.read']}]}
        """);
    make("draft", "policies/organisation/drafts", "{'note': 'not finished'}");
  }

  /// Registers an active agent that has a secret, and whose tokens need no key.
  void agent(String name, String purposes) {
    agent(name, purposes, true);
  }

  /// Registers an active agent that has a secret.
  void agent(String name, String purposes, boolean bearerTokens) {
    make(
        name,
        "agents",
        """
        {'name': '%s', 'owner': '<dana>', 'backupOwner': '<support>', 'purposes': %s,
         'environment': 'production', 'risk': 'low', 'bearerTokens': %s}
        """
            .formatted(name, purposes, bearerTokens));
    step("agents", name, "activate");
    secret(name, "agents");
  }

  /// Gives a secret to an agent, a workload or an application.
  void secret(String holder, String path) {
    var name = holder + "-secret";
    var made = make(name, path + "/<" + holder + ">/credentials", "{'kind': 'secret'}");
    secrets.put(holder, made.text("secret").orElseThrow());
  }

  void permit(String principal, String resource, String actions, String mode) {
    make(
        principal + "-" + resource,
        "permissions",
        "{'principal': '<%s>', 'resource': '<%s>', 'actions': %s, 'mode': '%s'}"
            .formatted(principal, resource, actions, mode));
  }

  /// Registers a thing under the name by which the test knows it.
  Json.Obj make(String name, String path, String body) {
    var made = server.done("/api/v1/" + filled(path), token, json(body));
    ids.put(name, made.text("id").orElseThrow());
    return made;
  }

  /// Writes a thing anew; what it is then.
  Json.Obj replace(String name, String path, String body) {
    var at = "/api/v1/" + path + "/" + id(name);
    var operator = server.operatorToken();
    var etag = server.get(at, operator).headers().firstValue("ETag").orElseThrow();
    var answer =
        server.send(
            HttpRequest.newBuilder(server.uri(at))
                .header("Authorization", "Bearer " + operator)
                .header("Content-Type", "application/json")
                .header("If-Match", etag)
                .PUT(HttpRequest.BodyPublishers.ofString(json(body).toText())));
    if (answer.statusCode() != 200) {
      throw new AssertionError(body + ": " + answer.body());
    }
    return server.object(answer.body());
  }

  /// Has `name` stand for an id from elsewhere.
  public void known(String name, String id) {
    ids.put(name, id);
  }

  public void step(String path, String name, String verb) {
    server.done(
        "/api/v1/" + path + "/" + id(name) + "/" + verb, token, json("{'reason': 'a test'}"));
  }

  /// The id of the thing with this name.
  public String id(String name) {
    var id = ids.get(name);
    if (id == null) {
      throw new AssertionError("nothing has the name " + name);
    }
    return id;
  }

  boolean hasSecret(String holder) {
    return secrets.containsKey(holder);
  }

  public String secret(String holder) {
    var secret = secrets.get(holder);
    if (secret == null) {
      throw new AssertionError(holder + " has no secret");
    }
    return secret;
  }

  /// Every name with its id.
  Map<String, String> ids() {
    return Map.copyOf(ids);
  }

  /// `text` with the id of a thing for its name in angle brackets.
  public String filled(String text) {
    var filled = text;
    for (var one : ids.entrySet()) {
      filled = filled.replace("<" + one.getKey() + ">", one.getValue());
    }
    return filled;
  }

  /// JSON from a text with single quotes and names in angle brackets.
  public Json.Obj json(String text) {
    var filled = filled(text.replace('\'', '"'));
    if (READER.readObject(filled.getBytes(UTF_8)) instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("not an object: " + filled);
  }

  /// Asks for a token as the holder of a secret.
  HttpResponse<String> ask(String holder, String form) {
    return server.form("/oauth2/token", id(holder), secret(holder), filled(form.replace("\n", "")));
  }

  /// The token that a request for one gets.
  public String granted(String holder, String form) {
    var response = ask(holder, form);
    if (response.statusCode() != 200) {
      throw new AssertionError(form + ": " + response.body());
    }
    return server.object(response.body()).text("access_token").orElseThrow();
  }

  @Override
  public void close() {
    server.close();
  }
}
