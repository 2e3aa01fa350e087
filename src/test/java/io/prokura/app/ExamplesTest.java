package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cli.Terminal;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the pages show is what happens: their requests are sent, their answers compared with what
/// comes back, their commands run. `…` in an example stands for anything.
final class ExamplesTest {
  private static final Path README = Path.of("README.md");
  private static final Path API = Path.of("docs/api.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
  private static final int TRIES = 20;

  private static Company company;
  private static List<String> examples;

  @BeforeAll
  static void found() throws IOException {
    company = Company.found();
    company.agent("documented", "['<triaging>']");
    company.permit("documented", "crm", "['tickets.read', 'tickets.delete']", "own");
    company.make(
        "standing",
        "delegations",
        """
        {'delegator': '<alice>', 'delegate': '<triage>', 'purpose': '<triaging>', 'depthMax': 2,
         'covers': [{'resource': '<crm>', 'actions': ['tickets.read']}]}
        """);
    examples =
        blocks(API)
            .map(block -> block.group(2).strip())
            .collect(Collectors.toCollection(ArrayList::new));
  }

  @AfterAll
  static void close() {
    company.close();
  }

  private static Stream<MatchResult> blocks(Path page) throws IOException {
    return BLOCK.matcher(Files.readString(page)).results();
  }

  /// Takes the next example of the page, which has to have this in it.
  private static String next(String part) {
    assertThat(examples).as("another example with %s", part).isNotEmpty();
    var example = examples.removeFirst();
    assertThat(example).contains(part);
    return example;
  }

  /// That `real` has the members of the example, of the same kinds and with the same text.
  private static void assertLike(String example, String real) {
    like("", company.server.object(example), company.server.object(real));
  }

  private static void like(String path, Json example, Json real) {
    assertThat(real).as("%s is %s", path, example).isInstanceOf(example.getClass());
    switch (example) {
      case Json.Obj(var members) -> {
        var found = (Json.Obj) real;
        assertThat(found.members().keySet()).as(path).isEqualTo(members.keySet());
        members.forEach(
            (name, value) -> like(path + "." + name, value, found.get(name).orElseThrow()));
      }
      case Json.Arr(var items) -> {
        assertThat(((Json.Arr) real).items()).as(path).hasSameSizeAs(items);
        for (int i = 0; i < items.size(); i++) {
          like(path + "[" + i + "]", items.get(i), ((Json.Arr) real).items().get(i));
        }
      }
      case Json.Str(var text) ->
          assertThat(((Json.Str) real).value())
              .as(path)
              .matches(
                  Stream.of(text.split("…", -1))
                      .map(Pattern::quote)
                      .collect(Collectors.joining("(?s:.*)")));
      case Json.Whole(var number) ->
          assertThat(number == 0 || example.equals(real) || path.endsWith("index"))
              .as("%s: %s, not %s", path, number, real)
              .isTrue();
      case Json.Bool _, Json.Null _, Json.Fraction _ ->
          assertThat(real).as(path).isEqualTo(example);
    }
  }

  /// Sends a form of the page; what it leaves open is filled in, in this order.
  private static HttpResponse<String> send(String holder, String form, String... open) {
    var filled = form;
    for (var value : open) {
      filled = filled.replaceFirst("(dlg_|eyJ|agt_)…", value);
    }
    assertThat(filled).doesNotContain("…");
    return company.ask(holder, filled);
  }

  private static String token(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return company.server.object(answer.body()).text("access_token").orElseThrow();
  }

  @Test
  void theApiPageShowsWhatHappens() throws IOException {
    assertThat(examples).hasSize(23);
    errors();
    assertThat(token(send("documented", next("client_credentials")))).isNotEmpty();
    var token = delegating();
    introspecting(token);
    deciding(token);
    approving();
    decidingSeveral(token);
    mapping(token);
    searching(token);
    reaching();
    receipts();
    assertThat(examples).isEmpty();
  }

  private static void errors() {
    var oauth =
        company.ask(
            "documented",
            "grant_type=client_credentials&resource=https://crm.example/mcp&scope=tickets.delete");
    assertLike(next("error_description"), oauth.body());
    var stale =
        company.server.send(
            "PUT",
            "/api/v1/agents/" + company.id("documented"),
            company.token,
            Map.of("If-Match", "\"1\""),
            company
                .json(
                    """
                    {'name': 'documented', 'owner': '<dana>', 'backupOwner': '<support>',
                     'purposes': ['<work>'], 'environment': 'test', 'risk': 'low',
                     'bearerTokens': true}
                    """)
                .toText());
    assertLike(next("precondition-stale"), stale.body());
  }

  /// The four forms of exchange; returns the token of the first.
  private static String delegating() {
    var used = send("triage", next("token-type:delegation"), company.id("standing"));
    assertLike(next("\"Bearer\""), used.body());
    var token = token(used);
    var offered = send("triage", next("requested_actor"), token, company.id("lookup"));
    assertLike(next("\"N_A\""), offered.body());
    assertThat(token(send("lookup", next("token-type:hand-over"), token(offered)))).isNotEmpty();
    var broad =
        company.granted(
            "triage",
            """
            grant_type=urn:ietf:params:oauth:grant-type:token-exchange
            &subject_token=<delegation>
            &subject_token_type=urn:prokura:params:oauth:token-type:delegation
            &resource=https://crm.example/mcp
            """);
    company.permit("triage", "archive", "['files.read']", "onBehalf");
    assertThat(token(send("crm-server", next(Company.ARCHIVE), broad))).isNotEmpty();
    return token;
  }

  private static void introspecting(String token) {
    var crm = company.id("crm-server");
    var answer =
        company.server.form(
            "/oauth2/introspect", crm, company.secret("crm-server"), "token=" + token);
    assertLike(next("\"authority\""), answer.body());
  }

  private static void deciding(String token) {
    var question = next("\"subject\"").replace("usr_…", company.id("alice")).replace("eyJ…", token);
    var allowed = company.server.object(ask(question).body());
    assertThat(allowed.flag("decision")).as(allowed.toText()).contains(true);
    var denied = ask(question.replace("tickets.read", "tickets.delete"));
    assertThat(denied.statusCode()).isEqualTo(200);
    assertLike(next("scope_lacking"), denied.body());
  }

  /// The three messages of an approval, each with the members of the question that it repeats.
  private static void approving() throws IOException {
    try (var at = new Ordering(TestDatabases.sqlite())) {
      var question = at.company.json(at.question("o-1", ""));
      var denied = at.ask("/access/v1/evaluation", question.toText()).body();
      assertLike(next("access_request"), denied);
      var context = at.server.object(denied).object("context").orElseThrow();
      var asked =
          next("\"denial\"")
              .replace("dec_…", context.text("evaluation_id").orElseThrow())
              .replace(
                  "…", context.object("access_request").flatMap(it -> it.text("expires_at")).get());
      var submitted = at.ask("/access/v1/requests", with(question, asked)).body();
      var id = at.id(at.server.object(submitted).object("task").orElseThrow());
      assertThat(at.decide(id, "approve", at.alice).statusCode()).isEqualTo(200);
      var again = next("\"approval\"").replace("eyJ…", at.access).replace("apr_…", id);
      var allowed = at.ask("/access/v1/evaluation", with(question, again)).body();
      assertThat(at.server.object(allowed).flag("decision")).as(allowed).contains(true);
    }
  }

  private static String with(Json.Obj question, String example) {
    var whole = new LinkedHashMap<>(question.members());
    whole.putAll(company.server.object(example).members());
    return new Json.Obj(whole).toText();
  }

  private static void decidingSeveral(String token) {
    var questions = next("evaluations_semantic");
    var answer =
        company.server.object(
            ask(
                    "evaluations",
                    questions.replace("usr_…", company.id("alice")).replace("eyJ…", token))
                .body());
    var decisions = ((Json.Arr) answer.get("evaluations").orElseThrow()).items();
    assertThat(decisions)
        .extracting(one -> ((Json.Obj) one).flag("decision").orElseThrow())
        .containsExactly(true, false);
  }

  private static void mapping(String token) {
    var message = next("\"tools/call\"").replace("eyJ…", token);
    var allowed = company.server.object(ask("mcp", message).body());
    assertThat(allowed.flag("decision")).as(allowed.toText()).contains(true);
    var denied = ask("mcp", message.replace("tickets.read", "tickets.delete"));
    assertThat(denied.statusCode()).isEqualTo(200);
    assertLike(next("\"jsonrpc\""), denied.body());
  }

  private static void searching(String token) {
    var found = ask("search/subject", next("\"page\"").replace("eyJ…", token));
    assertLike(next("next_token"), found.body());
  }

  private static void reaching() {
    var row = next("\"onBehalf\"");
    var example = company.server.object(row);
    var path = "/api/v1/access?principal=" + company.id("triage");
    var page = company.server.object(company.server.get(path, company.token).body());
    var real =
        page.get("items").map(Json.Arr.class::cast).orElseThrow().items().stream()
            .map(Json.Obj.class::cast)
            .filter(
                one ->
                    Stream.of("identifier", "type", "action", "mode")
                        .allMatch(name -> one.text(name).equals(example.text(name))))
            .findFirst();
    assertLike(row, real.orElseThrow().toText());
  }

  private static HttpResponse<String> ask(String question) {
    return ask("evaluation", question);
  }

  private static HttpResponse<String> ask(String what, String question) {
    var pair = company.id("crm-server") + ":" + company.secret("crm-server");
    var basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    return company.server.send(
        HttpRequest.newBuilder(company.server.uri("/access/v1/" + what))
            .header("Authorization", basic)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question)));
  }

  /// A receipt is pending for a moment only, so a few entries may be needed to see one.
  private static void receipts() {
    var pending = next("\"pending\"");
    var integrated = next("\"integrated\"");
    var seen =
        Stream.generate(ExamplesTest::freshReceipt)
            .limit(TRIES)
            .filter(receipt -> receipt.text("status").equals(Optional.of("pending")))
            .findFirst();
    like("", company.server.object(pending), seen.orElseThrow());
    var terminal = terminal(TestDatabases.folder());
    var said = terminal.run("audit", "receipt", company.id("triage"), "--wait", "5");
    assertLike(integrated, said.out());
  }

  private static Json.Obj freshReceipt() {
    var answer =
        company.server.object(
            company
                .ask("documented", "grant_type=client_credentials&resource=" + Company.CRM)
                .body());
    var path = "/api/v1/audit/" + answer.text("entry").orElseThrow() + "/receipt";
    return company.server.object(company.server.get(path, company.token).body());
  }

  private static Terminal terminal(Path home) {
    return new Terminal(
        Map.of("PROKURA_SERVER", company.server.uri("").toString(), "PROKURA_TOKEN", company.token),
        home);
  }

  @Test
  void theReadmesRequestGetsAToken() throws IOException {
    var curl =
        blocks(README)
            .map(block -> block.group(2))
            .filter(text -> text.startsWith("curl "))
            .map(text -> text.replace("\\\n", " ").strip())
            .toList();
    assertThat(curl).hasSize(1);
    var words = List.of(curl.getFirst().split(" +", -1));
    assertThat(words.subList(0, 3))
        .containsExactly("curl", "-s", "http://localhost:8420/oauth2/token");
    assertThat(words.subList(3, 5)).containsExactly("-u", "\"$AGENT_ID:$AGENT_SECRET\"");
    var form = new ArrayList<String>();
    for (int i = 5; i < words.size(); i += 2) {
      assertThat(words.get(i)).isEqualTo("-d");
      form.add(words.get(i + 1));
    }
    var answer = company.ask("documented", String.join("&", form));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"scope\":\"tickets.read\"");
  }

  @Test
  void theReadmesCommandsVerifyTheLog() throws IOException {
    var home = TestDatabases.folder();
    var terminal = terminal(home);
    var lines =
        blocks(README)
            .flatMap(block -> block.group(2).lines())
            .filter(line -> line.startsWith("./prokura audit") || line.startsWith("./prokura log"))
            .toList();
    assertThat(lines).hasSize(3);
    var token =
        company.granted("documented", "grant_type=client_credentials&resource=" + Company.CRM);
    var claims = new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8);
    var id = company.server.object(claims).text("jti").orElseThrow();
    var receipt = home.resolve("receipt.json");
    assertThat(lines.getFirst()).endsWith(" > receipt.json");
    var said = run(terminal, lines.getFirst().replace(" > receipt.json", "").replace("tok_…", id));
    Files.writeString(receipt, said);
    var key = company.server.object(said).text("vkey").orElseThrow();
    for (var line : lines.subList(1, 3)) {
      var filled =
          line.replace("\"$LOG_KEY\"", key)
              .replace("receipt.json", receipt.toString())
              .replace("http://localhost:8420", company.server.uri("").toString())
              .replace("--log copy", "--log " + home.resolve("copy"));
      assertThat(run(terminal, filled)).contains("INTACT: ");
    }
  }

  /// What is indented is shown like an example and would be sent by nobody.
  @Test
  void noPageHasAnExampleThatIsNoBlock() throws IOException {
    try (var docs = Files.walk(Path.of("docs"))) {
      for (var page :
          Stream.concat(Stream.of(README), docs)
              .filter(file -> file.toString().endsWith(".md"))
              .toList()) {
        var rest = BLOCK.matcher(Files.readString(page)).replaceAll("");
        assertThat(rest.lines().filter(line -> line.matches("(?: {4}|\t)\\s*[^\\s*0-9-].*")))
            .as("%s has indented lines that are no item of a list", page)
            .isEmpty();
        assertThat(rest).as("%s has a block whose end is not found", page).doesNotContain("```");
      }
    }
  }

  private static String run(Terminal terminal, String line) {
    var words = List.of(line.split(" ", -1));
    var said = terminal.run(words.subList(1, words.size()));
    assertThat(said.status()).as("%s: %s", line, said.err()).isZero();
    return said.out();
  }

  @Test
  void everyCommandOnThePagesIsOne() throws IOException {
    var program = Main.commandLine(Map.of(), TestDatabases.folder());
    var commands = new ArrayList<String>();
    try (var docs = Files.walk(Path.of("docs"))) {
      var pages = Stream.concat(Stream.of(README, Path.of("CONTRIBUTING.md")), docs);
      for (var page : pages.filter(file -> file.toString().endsWith(".md")).toList()) {
        var text = Files.readString(page);
        Pattern.compile("(?m)^(\\./prokura [^#>\n]+)|`(\\./prokura [^`]+)`")
            .matcher(text)
            .results()
            .map(found -> Optional.ofNullable(found.group(1)).orElse(found.group(2)))
            .forEach(commands::add);
      }
    }
    assertThat(commands).hasSizeGreaterThanOrEqualTo(6);
    for (var command : commands) {
      var words = command.strip().split(" +", -1);
      program.parseArgs(Arrays.copyOfRange(words, 1, words.length));
    }
    assertThat(Path.of("prokura")).isExecutable();
    assertThat(Files.readString(Path.of("check"))).contains("--golden");
  }
}
