package io.prokura.demo;

import static io.prokura.demo.Cast.CONTACTS_READ;
import static io.prokura.demo.Cast.PURPOSE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cli.Answer;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Steps 11 and 12: Alice signs in and lets triage act for her, in front of an application and away
/// from it.
final class Consenting {
  private static final String CALLBACK = "https://helpdesk.example/cb";
  private static final String CIBA = "urn:openid:params:grant-type:ciba";
  private static final String[] ISSUED = {"access_token", "token_type", "scope", "entry"};
  private static final String[] WHO = {"sub", "client_id", "act", "purpose", "scope", "cnf"};
  private static final int VERIFIER_BYTES = 32;

  private final Stage stage;
  private final Narrator narrator;
  private final Cast cast;
  private final Acting acting;
  private final SampleAgent triage;
  private final String own;

  /// `own` is the token with which triage acts for itself.
  Consenting(
      Stage stage, Narrator narrator, Cast cast, Acting acting, SampleAgent triage, String own) {
    this.stage = stage;
    this.narrator = narrator;
    this.cast = cast;
    this.acting = acting;
    this.triage = triage;
    this.own = own;
  }

  /// Plays the steps.
  void play() {
    try (var alice = new Person(stage.issuer())) {
      inFront(alice);
      elsewhere(alice);
    }
  }

  private void inFront(Person alice) {
    narrator.step(
        11,
        "Alice signs in, and lets triage act for her through the helpdesk",
        "The application names the agent that is to act. Alice sees who asks, which agent, who"
            + " answers for it, for what and on what; what comes of it is hers, and the agent's,"
            + " and bound to the agent's key.");
    var helpdesk = helpdesk();
    var invited =
        cast.administrator()
            .done(
                "users/" + cast.alice() + "/invite",
                Json.object().put("reason", "she needs to sign in").build());
    var link = invited.text("link").orElseThrow(() -> new StepFailed("there is no link"));
    alice.setUp(link.substring(stage.issuer().length()), stage.world().now());
    narrator.check(true, "Alice followed her one-time link and chose how to sign in");
    var verifier = Base64Url.encode(stage.world().bytes(VERIFIER_BYTES));
    var request = request(helpdesk, verifier);
    narrator.sent("Alice's browser", "GET /oauth2/authorize", shown(request));
    var page = alice.asked(request);
    narrator.check(
        List.of("triage", "Dana Registrar", PURPOSE, "Helpdesk").stream().allMatch(page::contains),
        "the page names the application, the agent, who answers for it, and the purpose");
    var code = alice.allow(CONTACTS_READ);
    var form =
        SampleAgent.form(
            "grant_type",
            "authorization_code",
            "code",
            code,
            "redirect_uri",
            CALLBACK,
            "code_verifier",
            verifier,
            "actor_token",
            own);
    var answer = triage.askThrough("helpdesk", helpdesk.basic(), form, ISSUED);
    var token = token(answer, helpdesk.id());
    var read = triage.call(cast.crm(), Tool.CONTACTS_READ, "c-17", token);
    narrator.check(read.isDone(), "triage reads a contact for Alice with it");
    var refresh =
        SampleAgent.form(
            "grant_type", "refresh_token", "refresh_token", refresh(answer), "actor_token", own);
    var again = triage.askThrough("helpdesk", helpdesk.basic(), refresh, ISSUED);
    token(again, helpdesk.id());
    alice.withdraw();
    narrator.check(
        cast.crm().introspect(token).flag("active").equals(Optional.of(false)),
        "Alice withdraws her consent at her own page, and the token is dead");
    narrator.check(
        triage.askThrough("helpdesk", helpdesk.basic(), refresh).status() == 400,
        "and no other comes of it");
  }

  /// An application, and how it proves itself.
  private record Helpdesk(String id, String basic) {}

  private Helpdesk helpdesk() {
    var described =
        Json.object()
            .put("name", "Helpdesk")
            .put("redirectUris", List.of(CALLBACK))
            .put("resource", cast.resource())
            .put("everything", true)
            .build();
    var id = cast.administrator().done("clients", described).text("id").orElseThrow();
    narrator.name(id, "helpdesk");
    var secret =
        cast.administrator()
            .done("clients/" + id + "/credentials", Json.object().put("kind", "secret").build())
            .text("secret")
            .orElseThrow();
    var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8));
    return new Helpdesk(id, "Basic " + basic);
  }

  private Map<String, String> request(Helpdesk helpdesk, String verifier) {
    var request = new LinkedHashMap<String, String>();
    request.put("client_id", helpdesk.id());
    request.put("response_type", "code");
    request.put("redirect_uri", CALLBACK);
    request.put("scope", CONTACTS_READ);
    request.put("resource", cast.crm().identifier());
    request.put("requested_actor", triage.id());
    request.put("code_challenge", Base64Url.encode(Crypto.sha256(verifier.getBytes(UTF_8))));
    request.put("code_challenge_method", "S256");
    return request;
  }

  private static Json.Obj shown(Map<String, String> request) {
    var shown = Json.object();
    request.forEach(shown::put);
    return shown.build();
  }

  private static String refresh(Answer answer) {
    return answer.object().flatMap(body -> body.text("refresh_token")).orElse("");
  }

  /// The token of an answer, which is Alice's, by triage, through `client`.
  private String token(Answer answer, String client) {
    var token = acting.issued(answer);
    var claims = acting.claims(token);
    narrator.shows("the token says", claims, WHO);
    narrator.check(
        claims.text("sub").equals(Optional.of(cast.alice()))
            && claims.text("client_id").equals(Optional.of(client))
            && claims.object("act").flatMap(act -> act.text("sub")).equals(Optional.of(triage.id()))
            && claims.get("cnf").isPresent(),
        "it is for Alice, triage acts, and it is bound to triage's key");
    return token;
  }

  private void elsewhere(Person alice) {
    narrator.step(
        12,
        "triage asks Alice while she is somewhere else",
        "The agent asks by itself, without a browser (CIBA). Alice finds the request at her own"
            + " page whenever she looks, and decides; the agent polls.");
    var request =
        SampleAgent.form(
            "login_hint",
            "alice",
            "scope",
            CONTACTS_READ,
            "resource",
            cast.crm().identifier(),
            "binding_message",
            "The customer of ticket 12 waits for an answer");
    var asked = triage.askAt("/oauth2/bc-authorize", request);
    var id = asked.object().flatMap(body -> body.text("auth_req_id"));
    narrator.check(id.isPresent(), "the request waits for Alice", asked::refusal);
    var page = alice.waiting().orElseThrow(() -> new StepFailed("nothing waits for Alice"));
    narrator.check(
        page.contains("The customer of ticket 12 waits for an answer") && page.contains("triage"),
        "Alice sees it at her own page, with the agent's words as the agent's words");
    alice.allowWaiting(CONTACTS_READ);
    var polled =
        triage.ask(SampleAgent.form("grant_type", CIBA, "auth_req_id", id.orElseThrow()), ISSUED);
    var token = token(polled, triage.id());
    var read = triage.call(cast.crm(), Tool.CONTACTS_READ, "c-17", token);
    narrator.check(read.isDone(), "she allowed it, and triage reads the contact for her");
  }
}
