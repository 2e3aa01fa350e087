package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.Golden;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwkSet;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every reason to say no, seen on the wire: what was sent to a whole server, and what it answered.
final class RefusalTranscriptsTest {
  private static final String FOLDER = "refusals/";
  private static final String BILLING = "{\"name\": \"billing\", \"members\": [\"<alice>\"]}";

  /// Found out before the caller has proved anything, so that it is only counted.
  private static final Set<Refusal> UNPROVEN =
      Set.of(
          Refusal.DUPLICATE_PARAMETER,
          Refusal.METHOD_NOT_ALLOWED,
          Refusal.CLIENT_NOT_AUTHENTICATED,
          Refusal.PRINCIPAL_NOT_ACTIVE,
          Refusal.CLIENT_METADATA_INVALID,
          Refusal.CLIENT_REDIRECT_URI_INVALID,
          Refusal.SOFTWARE_STATEMENT_UNAPPROVED,
          Refusal.REGISTRATIONS_TOO_MANY,
          Refusal.ASSERTIONS_TOO_MANY);

  /// Said to a person's browser, which takes it to the application.
  private static final Set<Refusal> BROWSED =
      Set.of(
          Refusal.REQUEST_URI_INVALID,
          Refusal.REQUEST_URI_UNSUPPORTED,
          Refusal.LOGIN_REQUIRED,
          Refusal.AUTHENTICATION_UNMET,
          Refusal.CONSENT_REQUIRED,
          Refusal.CONSENT_DENIED,
          Refusal.FORM_FORGED);

  private static final String CONSOLE =
      """
      response_type=code
      &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
      &code_challenge_method=S256
      &redirect_uri=https://console.example/cb
      &state=af0ifjsldkj
      &scope=tickets.read""";

  private static final String AUTHORIZE =
      "/oauth2/authorize?client_id=<console>&" + CONSOLE.replace("\n", "");

  private static final String PUBLISH =
      "POST /api/v1/policies/organisation/drafts/<%s>/publish\nIf-Match: \"1\"";

  private static final String ACTOR_TYPE =
      "\n&actor_token_type=urn:ietf:params:oauth:token-type:access_token";

  private static final String READING =
      "'subject': {'type': 'user', 'id': '<alice>'}, 'action': {'name': 'pages.read'},"
          + " 'resource': {'type': 'page', 'id': '1'}";

  /// What clients are told again and again while they wait, which is no entry each time.
  private static final Set<Refusal> POLLS =
      EnumSet.of(Refusal.AUTHORIZATION_PENDING, Refusal.SLOW_DOWN);

  private static final String POLL = "grant_type=urn:openid:params:grant-type:ciba\n&auth_req_id=";

  private static Breakable database;
  private static Company company;
  private static Transcript transcript;

  @BeforeAll
  static void found() {
    database = new Breakable(TestDatabases.sqlite());
    company = Company.foundWithReview(database);
    transcript = new Transcript(company);
    company.agent("idle", "['<triaging>']");
    company.step("agents", "idle", "suspend");
    company.agent("guarded", "['<triaging>']", false);
    company.permit("triage", "archive", "['files.read']", "onBehalf");
    company.make("short", "delegations", shortDelegation());
    company.make("ended", "delegations", shortDelegation());
    company.step("delegations", "ended", "revoke");
    transcript.named("short-token", company.granted("triage", use("short", "")));
    transcript.named("token", company.granted("triage", use("delegation", "")));
    transcript.named("hand-over", company.granted("triage", transcript.filled(handOver("token"))));
    company.granted("lookup", transcript.filled(take()));
    var proof = new Prover(Instant.now());
    transcript.named("proof", proof.proof(proof.claims().claim("nonce", "somebody-elses").build()));
    person();
    strangers();
    drafts();
    denial();
    word();
    programs();
  }

  /// The word of another company about somebody who signed in there at the beginning of time.
  private static void word() {
    var world = TestServer.systemWorld();
    var key = SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256);
    var issuer =
        Json.object()
            .put("issuer", "https://idp.example")
            .put("name", "IdP")
            .put("jwks", new JwkSet(List.of(key.verificationKey())).toJson())
            .put("grants", List.of("jwt-bearer"));
    company.server.post("/api/v1/trusted-issuers", company.token, issuer.build());
    company.make(
        "teller", "clients", "{'name': 'teller', 'everything': true, 'defaultMaxAge': 300}");
    company.secret("teller", "clients");
    long now = Instant.now().getEpochSecond();
    var claims =
        Json.object()
            .put("iss", "https://idp.example")
            .put("sub", "erin")
            .put("aud", company.server.issuer())
            .put("jti", "once")
            .put("iat", now)
            .put("exp", now + 300)
            .put("auth_time", 0);
    transcript.named("old-word", JwtWriter.mint(key, "JWT", claims.build()));
  }

  /// Programs that register themselves, as many as may.
  private static void programs() {
    var made = "{'name': 'Notebooks'}";
    var told =
        company.server.post("/api/v1/registration-tokens", company.token, company.json(made));
    transcript.named(
        "initial-token", company.server.object(told.body()).text("token").orElseThrow());
    var program = "{\"redirect_uris\": [\"http://127.0.0.1/cb\"]}";
    int status = 201;
    while (status == 201) {
      var request =
          HttpRequest.newBuilder(company.server.uri("/oauth2/register"))
              .header("Content-Type", "application/json");
      status =
          company
              .server
              .send(request.POST(HttpRequest.BodyPublishers.ofString(program)))
              .statusCode();
    }
  }

  /// Somebody who is asked to allow the console something.
  private static void person() {
    var erin = Person.of(company);
    company.permit("erin", "crm", "['tickets.read']", "own");
    var path = company.filled(AUTHORIZE);
    var asked = erin.browser.open(path).headers().firstValue("Location").orElseThrow();
    erin.browser.open(asked);
    polled(erin);
    erin.browser.open(asked);
    transcript.named("handle", asked.substring(asked.indexOf('=') + 1));
    transcript.named("form", erin.browser.hidden().getOrDefault("form_token", ""));
    var cookies =
        erin.browser.cookies.entrySet().stream()
            .map(one -> one.getKey() + "=" + one.getValue())
            .collect(Collectors.joining("; "));
    transcript.named("session", cookies);
  }

  /// Requests that Erin is asked elsewhere: one that she denied, one that waits, one whose client
  /// polls too fast, one that is over; and as many for Alice as she may have.
  private static void polled(Person erin) {
    transcript.named("denied", asked("login_hint=erin"));
    erin.browser.open("/me");
    var page = erin.browser.page();
    int at = page.indexOf("/me/requests/");
    var path = page.substring(at, page.indexOf('"', at));
    erin.browser.open(path);
    erin.browser.submit(path, Map.of("decision", "deny"));
    transcript.named("acting", asked(company.filled("login_hint=erin&requested_actor=<triage>")));
    new Backchannel(company, erin.browser).allow("tickets.read");
    transcript.named("waiting", asked("login_hint=erin"));
    var hasty = asked("login_hint=erin");
    transcript.named("hasty", hasty);
    for (int i = 0; i < 40; i++) {
      company.ask("console", POLL + hasty);
    }
    var expired = asked("login_hint=erin&requested_expiry=1");
    transcript.named("expired", expired);
    Eventually.holds(
        "an answer that comes too late",
        () -> company.ask("console", POLL + expired).body().contains("expired_token"));
    for (int i = 0; i < 3; i++) {
      asked("login_hint=alice");
    }
  }

  private static String asked(String hint) {
    var response =
        company.server.form(
            "/oauth2/bc-authorize",
            company.id("console"),
            company.secret("console"),
            "scope=tickets.read&" + hint);
    return company.server.object(response.body()).text("auth_req_id").orElseThrow();
  }

  /// A no that the CRM got about a page of its wiki.
  private static void denial() {
    company.make(
        "wiki",
        "resources",
        """
        {'identifier': 'https://wiki.example', 'name': 'Wiki', 'types': ['page'],
         'agentFacing': false, 'enforcers': ['<crm-server>'],
         'actions': [{'name': 'pages.read', 'sensitivity': 'low'}]}
        """);
    var answer =
        company.server.ask(
            "/access/v1/evaluation",
            company.id("crm-server"),
            company.secret("crm-server"),
            company.json("{" + READING + "}"));
    var context = company.server.object(answer.body()).object("context").orElseThrow();
    company.known("denial", context.text("id").orElseThrow());
  }

  private static String shortDelegation() {
    return """
        {'delegator': '<alice>', 'delegate': '<triage>', 'purpose': '<work>',
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}
        """;
  }

  /// Policies that cannot be published, or not by who wrote them.
  private static void drafts() {
    draft(
        "broken-draft",
        "organisation",
        "{'name': 'crm.cedar', 'text': 'permit (principal, action, resource)'}");
    draft("empty-draft", "management", "{'name': 'management.cedar', 'text': ''}");
    draft(
        "sound-draft",
        "organisation",
        "{'name': 'crm.cedar', 'text': 'forbid (principal, action, resource);'}");
  }

  private static void draft(String name, String set, String file) {
    company.make(name, "policies/" + set + "/drafts", "{'files': [" + file + "]}");
  }

  /// Callers who prove themselves and may do something else.
  private static void strangers() {
    var wider =
        """
        {'identifier': 'http://localhost:8420/access/v1', 'name': 'Decisions', 'types': [],
         'actions': [{'name': 'decide', 'sensitivity': 'low'},
                     {'name': 'look', 'sensitivity': 'low'}]}
        """;
    var changed =
        company.server.send(
            "PUT",
            "/api/v1/resources/" + company.id("decision-api"),
            company.token,
            Map.of("If-Match", "\"1\""),
            company.json(wider).toText());
    assertThat(changed.statusCode()).isEqualTo(200);
    company.permit("crm-server", "decision-api", "['look']", "own");
    transcript.named(
        "looking",
        company.granted(
            "crm-server",
            "grant_type=client_credentials&resource=http://localhost:8420/access/v1"));
    company.make(
        "auditor", "workloads", "{'name': 'auditor', 'owner': '<dana>', 'roles': ['auditor']}");
    company.secret("auditor", "workloads");
    company.permit("auditor", "management-api", "['manage']", "own");
    transcript.named(
        "auditor-token",
        company.granted(
            "auditor", "grant_type=client_credentials&resource=http://localhost:8420/api/v1"));
    var kept =
        company.server.send(
            "POST",
            "/api/v1/groups",
            company.token,
            Map.of("Idempotency-Key", "monday-1"),
            company.json("{'name': 'sales', 'members': ['<alice>']}").toText());
    assertThat(kept.statusCode()).isEqualTo(201);
  }

  @AfterAll
  static void close() {
    company.close();
  }

  @ParameterizedTest
  @EnumSource
  void isSaidOnTheWire(Refusal reason) {
    var request = request(reason);
    var seen = transcript.of(request);
    if (BROWSED.contains(reason)) {
      assertThat(seen)
          .containsPattern("error=" + reason.error() + "|the request is over|HTTP/1.1 403");
      Golden.check(FOLDER + reason.slug() + ".http", seen);
      return;
    }
    assertThat(seen).contains("\n\nHTTP/1.1 " + reason.status() + "\n");
    if (seen.contains("application/problem+json")) {
      assertThat(seen).contains("\"code\":\"" + reason.slug() + "\"");
    } else {
      assertThat(seen).contains("\"error\":\"" + reason.error() + "\"");
      if (!UNPROVEN.contains(reason) && !POLLS.contains(reason)) {
        assertThat(recorded(request)).isEqualTo(reason.slug());
      }
    }
    Golden.check(FOLDER + reason.slug() + ".http", seen);
  }

  /// The reason that the record has for the last refusal of who sent `request`. OAuth codes are
  /// fewer than reasons.
  private static String recorded(String request) {
    int start = request.indexOf("Basic <") + "Basic <".length();
    var holder = company.id(request.substring(start, request.indexOf('>', start)));
    var entries = company.server.get("/api/v1/audit?limit=1&about=" + holder, company.token);
    var items = (Json.Arr) company.server.object(entries.body()).get("items").orElseThrow();
    return ((Json.Obj) items.items().getFirst())
        .object("leaf")
        .flatMap(leaf -> leaf.object("facts"))
        .flatMap(facts -> facts.text("reason"))
        .orElseThrow();
  }

  @Test
  void theFilesAreThoseOfTheCatalogue() {
    var expected =
        Stream.concat(
                Arrays.stream(Refusal.values()).map(Refusal::slug),
                Stream.of("outage", "internal-error"))
            .map(slug -> slug + ".http")
            .collect(Collectors.toSet());
    assertThat(Golden.names(FOLDER)).isEqualTo(expected);
  }

  @Test
  void anOutageIsSaidOnTheWireWithoutItsCause() {
    var request = token("lookup", own("&scope=tickets.read&purpose=support"));
    var seen = database.broken(() -> new Outage("the disk is full"), () -> transcript.of(request));
    assertThat(seen).contains("\nHTTP/1.1 503\n").doesNotContain("disk");
    Golden.check(FOLDER + "outage.http", seen);
  }

  @Test
  void aBugIsSaidOnTheWireWithoutItsCause() {
    var seen =
        database.broken(
            () -> new IllegalStateException("secret"),
            () -> transcript.of(managed("POST /api/v1/groups", BILLING)));
    assertThat(seen).contains("\nHTTP/1.1 500\n").doesNotContain("secret");
    Golden.check(FOLDER + "internal-error.http", seen);
  }

  private static String withProof(String header) {
    return token("lookup", own("")).replaceFirst("\n\n", "\n" + header + "\n\n");
  }

  /// A request that is refused for this reason.
  private static String request(Refusal reason) {
    return switch (reason) {
      case MALFORMED_REQUEST -> managed("POST /api/v1/groups", "{\"name\": \"billing\"");
      case DUPLICATE_PARAMETER -> token("lookup", own("&scope=tickets.read\n&scope=tickets.close"));
      case FIELD_INVALID -> managed("POST /api/v1/groups", BILLING.replace("members", "people"));
      case PAYLOAD_TOO_LARGE ->
          managed("POST /api/v1/groups", BILLING.replace("billing", "b".repeat(70_000)));
      case METHOD_NOT_ALLOWED -> "PUT /oauth2/token";
      case NOT_FOUND -> managed("GET /api/v1/agents/agt_00000000000000000000000000", "");
      case CLIENT_NOT_AUTHENTICATED ->
          token("lookup", own("")).replace("Basic <lookup>", "Basic YWdlbnQ6d3Jvbmc=");
      case CLIENT_NOT_ALLOWED -> token("console", own(""));
      case PRINCIPAL_NOT_ACTIVE -> token("idle", own(""));
      case DPOP_PROOF_INVALID -> withProof("DPoP: e30.e30.e30");
      case DPOP_NONCE_REQUIRED -> withProof("DPoP: <proof>");
      case KEY_PROOF_REQUIRED -> token("guarded", own(""));
      case GRANT_UNSUPPORTED -> token("lookup", "grant_type=password");
      case TOKEN_INVALID -> "GET /api/v1/agents\nAuthorization: Bearer eyJhbGciOiJub25lIn0.e30.";
      case SCOPE_INSUFFICIENT ->
          """
          POST /access/v1/evaluation
          Authorization: Bearer <looking>
          Content-Type: application/json

          {"subject": {"type": "user", "id": "<alice>"}, "action": {"name": "tickets.read"},
           "resource": {"type": "ticket", "id": "1"}}
          """;
      case POLICY_FORBIDS ->
          managed("POST /api/v1/groups", BILLING).replace("<operator>", "<auditor-token>");
      case RESOURCE_UNKNOWN ->
          token("lookup", own("&purpose=support").replace(Company.CRM, "https://nowhere.example"));
      case SCOPE_UNKNOWN -> token("lookup", own("&scope=tickets.burn\n&purpose=support"));
      case SCOPE_NOT_PERMITTED -> token("lookup", own("&scope=tickets.delete\n&purpose=support"));
      case PURPOSE_REQUIRED -> token("lookup", own("&scope=tickets.read"));
      case PURPOSE_NOT_DECLARED -> token("lookup", own("&purpose=marketing"));
      case PURPOSE_NOT_COVERING ->
          token("lookup", own("&scope=tickets.close\n&purpose=support.triage"));
      case SUBJECT_TOKEN_INVALID ->
          token("triage", use("delegation", "").replace("<delegation>", "dlg_" + "0".repeat(26)));
      case ACTOR_TOKEN_INVALID ->
          token("triage", use("delegation", "\n&actor_token=<token>" + ACTOR_TYPE));
      case ACTOR_UNAUTHORIZED -> token("lookup", use("delegation", ""));
      case DELEGATION_INACTIVE -> token("triage", use("ended", ""));
      case TARGET_NOT_DELEGATED ->
          token("triage", use("short", "").replace(Company.CRM, Company.ARCHIVE));
      case SCOPE_NOT_DELEGATED -> token("triage", use("short", "\n&scope=tickets.close"));
      case CHAIN_TOO_DEEP -> token("triage", handOver("short-token"));
      case HAND_OVER_USED -> token("lookup", take());
      case ASSERTION_INVALID ->
          token(
              "console",
              "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer\n&assertion=nobodys");
      case ASSERTIONS_TOO_MANY -> flood();
      case SIGN_IN_TOO_OLD ->
          token(
              "teller",
              "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer\n&assertion=<old-word>");
      case CLIENT_UNKNOWN -> push("lookup", CONSOLE);
      case REDIRECT_URI_INVALID ->
          push("console", CONSOLE.replace("console.example", "elsewhere.example"));
      case RESPONSE_TYPE_UNSUPPORTED -> push("console", CONSOLE.replace("=code", "=token"));
      case REQUEST_OBJECT_UNSUPPORTED -> push("console", CONSOLE + "\n&request=e30.e30.");
      case REQUEST_OBJECT_INVALID ->
          push("console", CONSOLE + "\n&request=eyJhbGciOiJFUzI1NiJ9.e30.c2ln");
      case AUTHORIZATION_DETAILS_INVALID -> token("lookup", own("&authorization_details=[]"));
      case REQUEST_URI_INVALID ->
          "GET /oauth2/authorize?client_id=<console>&request_uri="
              + "urn:ietf:params:oauth:request_uri:x";
      case REQUEST_URI_UNSUPPORTED ->
          "GET " + AUTHORIZE + "&request_uri=https://console.example/request.jwt";
      case LOGIN_REQUIRED -> "GET " + AUTHORIZE + "&prompt=none";
      case AUTHENTICATION_UNMET ->
          "GET "
              + AUTHORIZE
              + "%20openid&claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22"
              + "%3Atrue%2C%22value%22%3A%22gold%22%7D%7D%7D\nCookie: <session>";
      case CONSENT_REQUIRED -> "GET " + AUTHORIZE + "&prompt=none\nCookie: <session>";
      case CONSENT_DENIED ->
          """
          POST /consent
          Cookie: <session>
          Content-Type: application/x-www-form-urlencoded

          form_token=<form>&request=<handle>&decision=deny
          """;
      case FORM_FORGED ->
          """
          POST /consent
          Cookie: <session>
          Content-Type: application/x-www-form-urlencoded

          form_token=x&request=<handle>&decision=allow&scope=tickets.read
          """;
      case CODE_INVALID ->
          token("console", "grant_type=authorization_code\n&code=nobodys\n&code_verifier=none");
      case REFRESH_TOKEN_INVALID ->
          token("console", "grant_type=refresh_token\n&refresh_token=nobodys");
      case BINDING_MESSAGE_INVALID ->
          backchannel("login_hint=erin\n&binding_message=" + "look+here+".repeat(13) + "x");
      case TOO_MANY_WAITING -> backchannel("login_hint=alice");
      case AUTHORIZATION_PENDING -> token("console", POLL + "<waiting>");
      case SLOW_DOWN -> token("console", POLL + "<hasty>");
      case POLLED_REQUEST_EXPIRED -> token("console", POLL + "<expired>");
      case ACTOR_NOT_PROVEN -> token("console", POLL + "<acting>\n&actor_token=nobodys");
      case POLLED_REQUEST_DENIED -> token("console", POLL + "<denied>");
      case POLLED_REQUEST_INVALID -> token("console", POLL + "nobodys");
      case CLIENT_METADATA_INVALID -> registration("'response_types': ['token']");
      case CLIENT_REDIRECT_URI_INVALID ->
          registration("'client_name': 'N'").replace("example/cb", "example/*");
      case SOFTWARE_STATEMENT_UNAPPROVED -> registration("'software_statement': 'e30.e30.'");
      case REGISTRATIONS_TOO_MANY ->
          registration("'client_name': 'N'").replaceFirst("Authorization.*\n", "");
      case DENIAL_MISMATCH -> accessRequest("dec_" + "0".repeat(26), "2100-01-01T00:00:00Z");
      case DENIAL_EXPIRED -> accessRequest("<denial>", "2026-01-01T00:00:00Z");
      case DENIAL_NOT_REQUESTABLE -> accessRequest("<denial>", "2100-01-01T00:00:00Z");
      case DUPLICATE -> managed("POST /api/v1/users", "{\"userName\": \"Alice\"}");
      case POLICIES_INVALID -> managed(PUBLISH.formatted("broken-draft"), "{}");
      case POLICIES_LOCK_OUT ->
          managed(PUBLISH.replace("organisation", "management").formatted("empty-draft"), "{}");
      case SECOND_PERSON_REQUIRED -> managed(PUBLISH.formatted("sound-draft"), "{}");
      case STATE_CONFLICT ->
          managed("POST /api/v1/agents/<triage>/resume", "{\"reason\": \"it looks fine\"}");
      case ROLES_EXCLUSIVE ->
          managed(
              "POST /api/v1/role-assignments", "{\"role\": \"<writer>\", \"holder\": \"<alice>\"}");
      case REFERENCE_UNKNOWN ->
          managed("POST /api/v1/groups", BILLING.replace("<alice>", "usr_" + "0".repeat(26)));
      case PRECONDITION_MISSING -> managed("PUT /api/v1/groups/<support>", BILLING);
      case PRECONDITION_STALE -> managed("PUT /api/v1/groups/<support>\nIf-Match: \"7\"", BILLING);
      case IDEMPOTENCY_KEY_REUSED ->
          managed("POST /api/v1/groups\nIdempotency-Key: monday-1", BILLING);
    };
  }

  private static String registration(String member) {
    return """
        POST /oauth2/register
        Authorization: Bearer <initial-token>
        Content-Type: application/json

        {"redirect_uris": ["https://notebook.example/cb"], %s}
        """
        .formatted(member.replace('\'', '"'));
  }

  /// One more assertion about an agent, after as many as are looked at.
  private static String flood() {
    var form = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=nobodys";
    int status = 400;
    while (status == 400) {
      var request =
          HttpRequest.newBuilder(company.server.uri("/oauth2/token"))
              .header("Content-Type", "application/x-www-form-urlencoded");
      status =
          company.server.send(request.POST(HttpRequest.BodyPublishers.ofString(form))).statusCode();
    }
    return token("console", form.replace("&", "\n&")).replaceFirst("Authorization.*\n", "");
  }

  private static String accessRequest(String denial, String expires) {
    return """
        POST /access/v1/requests
        Authorization: Basic <crm-server>
        Content-Type: application/json

        {%s,
         "denial": {"evaluation_id": "%s", "expires_at": "%s"}}
        """
        .formatted(READING.replace('\'', '"'), denial, expires);
  }

  private static String own(String more) {
    return "grant_type=client_credentials\n&resource=" + Company.CRM + "\n" + more;
  }

  private static String use(String delegation, String more) {
    return """
        grant_type=urn:ietf:params:oauth:grant-type:token-exchange
        &subject_token=<%s>
        &subject_token_type=urn:prokura:params:oauth:token-type:delegation
        &resource=%s%s"""
        .formatted(delegation, Company.CRM, more);
  }

  private static String handOver(String token) {
    return """
        grant_type=urn:ietf:params:oauth:grant-type:token-exchange
        &subject_token=<%s>
        &subject_token_type=urn:ietf:params:oauth:token-type:access_token
        &requested_token_type=urn:prokura:params:oauth:token-type:hand-over
        &requested_actor=<lookup>"""
        .formatted(token);
  }

  private static String take() {
    return """
        grant_type=urn:ietf:params:oauth:grant-type:token-exchange
        &subject_token=<hand-over>
        &subject_token_type=urn:prokura:params:oauth:token-type:hand-over
        &resource=%s"""
        .formatted(Company.CRM);
  }

  private static String push(String holder, String form) {
    return oauth("par", holder, form);
  }

  private static String backchannel(String form) {
    return oauth("bc-authorize", "console", "scope=tickets.read\n&" + form);
  }

  private static String token(String holder, String form) {
    return oauth("token", holder, form);
  }

  private static String oauth(String endpoint, String holder, String form) {
    return """
        POST /oauth2/%s
        Authorization: Basic <%s>
        Content-Type: application/x-www-form-urlencoded

        %s
        """
        .formatted(endpoint, holder, form);
  }

  private static String managed(String line, String body) {
    return line
        + "\nAuthorization: Bearer <operator>"
        + (body.isEmpty() ? "" : "\nContent-Type: application/json\n\n" + body);
  }
}
