package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Access;
import io.prokura.http.Route;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A request to one row of the route table, as somebody with every right would send it; to be
/// spoiled. Immutable; every change makes a copy.
final class Draft {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";
  private static final String TYPE = "Content-Type";

  /// What each collection takes to make a thing.
  private static final Map<String, String> BODIES =
      Map.of(
          "users",
          """
          {'userName': 'erin', 'displayName': 'Erin', 'email': 'erin@example.org',
           'roles': ['auditor']}
          """,
          "groups",
          "{'name': 'billing', 'members': ['<alice>']}",
          "workloads",
          """
          {'name': 'mail', 'owner': '<support>', 'description': 'sends mail',
           'roles': ['auditor']}
          """,
          "agents",
          """
          {'name': 'sorter', 'description': 'sorts', 'owner': '<dana>', 'backupOwner': '<support>',
           'purposes': ['<work>'], 'capabilities': ['sort'], 'environment': 'test',
           'risk': 'low', 'validUntil': '2100-01-01T00:00:00Z',
           'bearerTokens': true}
          """,
          "clients",
          "{'name': 'app', 'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}",
          "resources",
          """
          {'identifier': 'https://new.example', 'name': 'New', 'types': ['thing'],
           'actions': [{'name': 'things.read', 'sensitivity': 'low', 'reversible': true,
                        'description': 'reads', 'identifiedBy': ['thing']}],
           'agentFacing': true, 'personRights': 'held', 'accessTokenSigningAlg': 'EdDSA',
           'enforcers': ['<crm-server>'],
           'asserts': ['resource.status']}
          """,
          "purposes",
          """
          {'name': 'billing.check', 'owner': '<dana>', 'description': 'checks',
           'legalBasis': 'contract', 'dataCategories': ['contact'],
           'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}],
           'broader': '<work>', 'expiresAt': '2100-01-01T00:00:00Z',
           'hours': {'zone': 'Europe/Berlin',
                     'windows': [{'days': ['monday'], 'from': '09:00', 'to': '17:30'}]}}
          """,
          "permissions",
          """
          {'principal': '<lookup>', 'resource': '<archive>', 'actions': ['files.read'],
           'mode': 'own', 'expiresAt': '2100-01-01T00:00:00Z'}
          """,
          "delegations",
          """
          {'delegator': '<alice>', 'delegate': '<lookup>', 'purpose': '<triaging>',
           'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}], 'depthMax': 2,
           'expiresAt': '2100-01-01T00:00:00Z',
           'budgets': [{'name': 'calls', 'limit': 1000}]}
          """,
          "trusted-issuers",
          """
          {'issuer': 'http://localhost:8', 'name': 'Other', 'grants': ['jwt-bearer'],
           'signIn': {'clientId': 'prokura', 'scopes': ['openid'], 'createUsers': true,
                      'emailDomains': ['example.org'], 'trustsEmail': true},
           'receives': {'clients': [{'client': '<console>', 'clientId': 'there'}],
                        'resources': ['<crm>']}}
          """);

  /// The same for roles.
  private static final Map<String, String> ROLE_BODIES =
      Map.of(
          "roles",
          """
          {'name': 'clerk', 'description': 'files',
           'permissions': [{'resource': '<crm>', 'actions': ['tickets.read'], 'mode': 'own'}],
           'excludes': ['<reader>']}
          """,
          "role-assignments",
          """
          {'role': '<reader>', 'holder': '<lookup>', 'expiresAt': '2100-01-01T00:00:00Z'}
          """,
          "registration-tokens",
          "{'name': 'Notebooks', 'uses': 3, 'pkceOptional': true}");

  private static final Map<String, String> ROLE_NAMES =
      Map.of(
          "roles", "writer",
          "role-assignments", "reading",
          "trusted-issuers", "idp",
          "registration-tokens", "registering");

  /// What the rows that are like no other take.
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry(
              "/oauth2/token",
              "grant_type=client_credentials&resource=https://archive.example&scope=files.read"),
          Map.entry(
              "/oauth2/introspect", "token=eyJhbGciOiJub25lIn0.e30.&token_type_hint=access_token"),
          Map.entry(
              "/oauth2/revoke", "token=eyJhbGciOiJub25lIn0.e30.&token_type_hint=access_token"),
          Map.entry(
              "/oauth2/authn",
              """
              {'flowId': 'a', 'selectedAuthenticator':
                {'authenticatorId': 'QmFzaWNBdXRoZW50aWNhdG9yOkxPQ0FM',
                 'params': {'username': '<triage>', 'password': 'a'}}}
              """),
          Map.entry("/oauth2/ciba", "login_hint=alice&scope=tickets.read"),
          Map.entry("/oauth2/register", "{'redirect_uris': ['http://127.0.0.1/cb']}"),
          Map.entry("/oauth2/register/{id}", "{'redirect_uris': ['http://127.0.0.1/cb']}"),
          Map.entry(
              "/access/v1/evaluation",
              """
          {'subject': {'type': 'user', 'id': '<alice>', 'properties': {'a': 1}},
           'action': {'name': 'tickets.read', 'properties': {}},
           'resource': {'type': 'ticket', 'id': '1', 'properties': {'status': 'open'}},
           'context': {'access_token': 'eyJhbGciOiJub25lIn0.e30.'}}
          """),
          Map.entry(
              "/access/v1/evaluations",
              """
              {'subject': {'type': 'user', 'id': '<alice>'}, 'action': {'name': 'tickets.read'},
               'evaluations': [{'resource': {'type': 'ticket', 'id': '1'}}, {}],
               'options': {'evaluations_semantic': 'execute_all'}}
              """),
          Map.entry(
              "/access/v1/mcp",
              """
              {'message': {'jsonrpc': '2.0', 'id': 1, 'method': 'tools/list', 'params': {}},
               'tool': {'name': 't', 'inputSchema': {}}, 'access_token': 'eyJhbGciOiJub25lIn0.e30.'}
              """),
          Map.entry(
              "/access/v1/search/subject",
              """
              {'subject': {'type': 'user', 'properties': {'a': 1}},
               'action': {'name': 'tickets.read'},
               'resource': {'type': 'ticket', 'id': '1'}, 'page': {'limit': 2}}
              """),
          Map.entry(
              "/access/v1/search/resource",
              """
              {'subject': {'type': 'user', 'id': '<alice>'}, 'action': {'name': 'tickets.read'},
               'resource': {'type': 'ticket'}, 'context': {'access_token': 'a.b.c'}}
              """),
          Map.entry(
              "/access/v1/search/action",
              """
              {'subject': {'type': 'user', 'id': '<alice>'},
               'resource': {'type': 'ticket', 'id': '1', 'properties': {'status': 'open'}}}
              """),
          Map.entry(
              "/access/v1/requests",
              """
              {'subject': {'type': 'user', 'id': '<alice>'},
               'action': {'name': 'tickets.delete', 'properties': {'ticket': '1'}},
               'resource': {'type': 'ticket', 'id': '1'},
               'context': {'access_token': 'eyJhbGciOiJub25lIn0.e30.',
                           'business_justification': 'a test'},
               'requested_access': {'requested_until': '2100-01-01T00:00:00Z'},
               'denial': {'evaluation_id': 'dec_00000000000000000000000000',
                          'expires_at': '2100-01-01T00:00:00Z'}}
              """),
          Map.entry("/access/v1/requests/{id}/cancel", "{'comment': 'a test'}"),
          Map.entry("/api/v1/agents/{id}/release", "{'reason': 'a test', 'to': 'active'}"),
          Map.entry(
              "/api/v1/delegations/{id}/limit",
              "{'reason': 'a test', 'budgets': [{'name': 'calls', 'limit': 100}]}"),
          Map.entry(
              "/api/v1/trusted-issuers/{id}/link", "{'sub': 'someone', 'principal': '<alice>'}"),
          Map.entry(
              "/api/v1/trusted-issuers/{id}/unlink", "{'sub': 'someone', 'reason': 'a test'}"),
          Map.entry("/api/v1/keys/rotate", "{}"),
          Map.entry("/api/v1/policies/{id}/rollback", "{'number': 0, 'note': 'a test'}"),
          Map.entry(
              "/api/v1/policies/{id}/drafts",
              "{'base': 0, 'note': 'a test', 'files': [{'name': 'a.cedar', 'text': ''}]}"),
          Map.entry(
              "/api/v1/policies/{id}/drafts/{draft}/files",
              """
              {'remove': ['b.cedar'], 'put': [{'name': 'a.cedar', 'text': ''}],
               'append': [{'name': 'a.cedar', 'text': ' '}]}
              """),
          Map.entry("/api/v1/policies/{id}/drafts/{draft}/publish", "{'note': 'a test'}"));

  /// The thing that stands for `{id}` in each collection.
  private static final Map<String, String> NAMES =
      Map.of(
          "users", "alice",
          "groups", "support",
          "workloads", "crm-server",
          "agents", "triage",
          "clients", "console",
          "credentials", "console-secret",
          "resources", "crm",
          "purposes", "work",
          "permissions", "alice-crm",
          "delegations", "delegation");

  private final Route row;
  private final String method;
  private final String path;
  private final String query;
  private final SequencedMap<String, List<String>> headers;
  private final byte[] body;

  private Draft(
      Route row,
      String method,
      String path,
      String query,
      SequencedMap<String, List<String>> headers,
      byte[] body) {
    this.row = row;
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.body = body;
  }

  /// A request to `row` that is in order. A row that nobody told this class of gets a reason.
  static Draft of(Route row, Company company) {
    var collection = collection(row);
    var thing =
        collection.equals("policies")
            ? "organisation"
            : company.id(
                NAMES.getOrDefault(collection, ROLE_NAMES.getOrDefault(collection, "triage")));
    var path =
        row.path()
            .replace("{id}", thing)
            .replace("{path...}", "0/000")
            .replace("{draft}", company.id("draft"))
            .replace("{number}", "0");
    var draft = new Draft(row, row.method(), path, "", new LinkedHashMap<>(), new byte[0]);
    var proven =
        switch (row.access()) {
          case Access.Anyone _ -> draft;
          case Access.Client _, Access.Enforcer _ -> draft.with("Authorization", basic(company));
          case Access.Managed _ -> draft.with("Authorization", "Bearer " + company.token);
        };
    return switch (row.method()) {
      case "GET" -> proven;
      case "DELETE" -> isRegistration(row) ? proven : proven.with("If-Match", "\"1\"");
      case "PUT" ->
          (isRegistration(row) ? proven : proven.with("If-Match", "\"1\""))
              .with(TYPE, JSON)
              .body(text(row, company));
      default ->
          (row.path().contains("{draft}") ? proven.with("If-Match", "\"1\"") : proven)
              .with(TYPE, row.access() instanceof Access.Client ? FORM : JSON)
              .body(text(row, company));
    };
  }

  /// Whether somebody registers itself there, which is in the words of RFC 7591.
  private static boolean isRegistration(Route row) {
    return row.path().startsWith("/oauth2/register");
  }

  /// Whether it is refused as OAuth has it (RFC 6749 §5.2).
  boolean isOauth() {
    return row.access() instanceof Access.Client || isRegistration(row);
  }

  /// Whether it is refused as Asgardeo's clients know it.
  boolean isAgents() {
    return row.path().equals("/oauth2/authn");
  }

  /// Whether anybody may call it.
  boolean isOpen() {
    return row.access() instanceof Access.Anyone;
  }

  private static String text(Route row, Company company) {
    if (row.access() instanceof Access.Client) {
      return OTHERS.getOrDefault(row.path(), "token=a");
    }
    if (row.path().endsWith("/credentials")) {
      return "{\"kind\":\"secret\",\"expiresAt\":\"2100-01-01T00:00:00Z\"}";
    }
    boolean whole =
        (row.method().equals("PUT") && !isRegistration(row))
            || row.path().matches("/api/v1/[a-z-]+");
    var body = whole ? whole(collection(row)) : OTHERS.get(row.path());
    return company.json(body == null ? "{'reason': 'a test'}" : body).toText();
  }

  private static @Nullable String whole(String collection) {
    var body = BODIES.get(collection);
    return body == null ? ROLE_BODIES.get(collection) : body;
  }

  private static String collection(Route row) {
    var segments = row.path().split("/", -1);
    return segments.length > 3 ? segments[3] : "";
  }

  private static String basic(Company company) {
    var pair = company.id("crm-server") + ":" + company.secret("crm-server");
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  Route row() {
    return row;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  boolean hasHeader(String name) {
    return headers.containsKey(name);
  }

  boolean hasBody() {
    return body.length > 0;
  }

  String text() {
    return new String(body, UTF_8);
  }

  boolean isForm() {
    return row.access() instanceof Access.Client;
  }

  /// Whether the row reads its body strictly: nothing that is not known, of one type only.
  boolean isStrict() {
    return row.access() instanceof Access.Managed && !method.equals("GET");
  }

  boolean isList() {
    return row.access() instanceof Access.Managed(var action) && action.endsWith(".list");
  }

  Draft body(byte[] bytes) {
    return new Draft(row, method, path, query, headers, bytes);
  }

  Draft body(String text) {
    return body(text.getBytes(UTF_8));
  }

  Draft path(String other) {
    return new Draft(row, method, other, query, headers, body);
  }

  Draft query(String text) {
    return new Draft(row, method, path, text, headers, body);
  }

  Draft method(String other) {
    return new Draft(row, other, path, query, headers, body);
  }

  /// The same with these values of a header and no others.
  Draft with(String name, String... values) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, List.of(values));
    return new Draft(row, method, path, query, more, body);
  }

  HttpResponse<String> send(TestServer server) {
    var target = path + (query.isEmpty() ? "" : "?" + query);
    var request = HttpRequest.newBuilder(URI.create(server.uri("") + target));
    headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    return server.send(
        request.method(
            method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body)));
  }

  @Override
  public String toString() {
    var shown = text();
    return "%s %s%s %s %s"
        .formatted(
            method,
            path,
            query.isEmpty() ? "" : "?" + query,
            headers.keySet(),
            shown.length() > 300 ? shown.substring(0, 300) + "…" : shown);
  }
}
