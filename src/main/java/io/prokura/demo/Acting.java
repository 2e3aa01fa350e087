package io.prokura.demo;

import static io.prokura.demo.Cast.CONTACTS_DELETE;
import static io.prokura.demo.Cast.CONTACTS_READ;
import static io.prokura.demo.Cast.PURPOSE;
import static io.prokura.demo.Cast.TICKETS_READ;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;

import io.prokura.cli.Answer;
import io.prokura.cli.Call;
import io.prokura.demo.Registering.Agents;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.JwkSet;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Steps 3 to 5: the agent acts for itself, for Alice, and hands work on.
final class Acting {
  private static final ExpectedType ACCESS_TOKEN = ExpectedType.of("at+jwt");
  private static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
  private static final String DELEGATION_TYPE = "urn:prokura:params:oauth:token-type:delegation";
  private static final String HAND_OVER_TYPE = "urn:prokura:params:oauth:token-type:hand-over";
  private static final String[] ISSUED = {
    "access_token", "issued_token_type", "token_type", "expires_in", "scope", "entry"
  };
  private static final String[] WHO = {
    "sub", "sub_profile", "aut", "act", "purpose", "scope", "aud", "dlg", "cnf"
  };

  private final Stage stage;
  private final Narrator narrator;
  private final Cast cast;
  private final Agents agents;

  /// The tokens that are out when these steps are over.
  record Tokens(String own, String forAlice, String ofLookup) {}

  Acting(Stage stage, Narrator narrator, Cast cast, Agents agents) {
    this.stage = stage;
    this.narrator = narrator;
    this.cast = cast;
    this.agents = agents;
  }

  Tokens play() {
    var own = own();
    var forAlice = forAlice();
    return new Tokens(own, forAlice, handOn(forAlice));
  }

  private String own() {
    narrator.step(
        3,
        "triage proves itself with its key and gets a token of its own",
        "No shared secret crosses the line: the agent signs a statement that is good for this"
            + " server, once, for a minute. "
            + "The token says what the agent is and what it acts for.");
    discovered();
    var wanted =
        SampleAgent.form(
            "grant_type",
            "client_credentials",
            "resource",
            cast.crm().identifier(),
            "scope",
            TICKETS_READ);
    var token = issued(agents.triage().ask(wanted, ISSUED));
    var claims = claims(token);
    narrator.shows("the token says (signature verified with the server's JWKS)", claims, WHO);
    narrator.check(
        isText(claims, "sub", agents.triage().id()) && claims.get("act").isEmpty(),
        "the agent is the subject and acts for nobody else");
    narrator.check(isText(claims, "purpose", PURPOSE), "the token carries the one purpose");
    narrator.check(
        claims.object("cnf").flatMap(cnf -> cnf.text("jkt")).isPresent(),
        "and is bound to the agent's key: whoever gets hold of it can do nothing with it");
    var thief = agents.triage().impostor();
    narrator.check(
        thief.call(cast.crm(), Tool.TICKETS_READ, Tool.ALL, token)
                instanceof ToolAnswer.Challenged(int status, _)
            && status == 401,
        "somebody who stole it, and proves another key, is turned away");
    var impostor = agents.triage().impostor().ask(wanted);
    narrator.check(
        impostor.status() == 401 && isText(body(impostor), "error", "invalid_client"),
        "who doesn't have the key gets nothing, whatever name they give");
    var tickets = agents.triage().call(cast.crm(), Tool.TICKETS_READ, Tool.ALL, token);
    narrator.check(
        tickets instanceof ToolAnswer.Result result
            && !result.isError()
            && cast.crm().lastAsked().path().equals("/access/v1/evaluation")
            && body(cast.crm().lastAsked().answer()).flag("decision").equals(Optional.of(true)),
        "the CRM checked the token, asked the decision point, and served the tickets"
            + revision(tickets));
    return token;
  }

  /// Knowing no more than the address of the CRM, the agent finds out whom to ask for a token.
  private void discovered() {
    var turned = agents.triage().call(cast.crm(), Tool.TICKETS_READ, Tool.ALL, "");
    var address =
        turned instanceof ToolAnswer.Challenged challenged && challenged.status() == 401
            ? challenged.parameter("resource_metadata")
            : Optional.<String>empty();
    narrator.check(address.isPresent(), "without a token the CRM says where it describes itself");
    narrator.sent("triage", "GET " + address.orElseThrow(), Json.object().build());
    var described = stage.send(Call.of("GET", URI.create(address.orElseThrow())));
    narrator.received(described);
    narrator.check(
        isText(body(described), "resource", cast.crm().identifier())
            && body(described)
                .texts("authorization_servers")
                .equals(Optional.of(List.of(stage.issuer()))),
        "and there, whose tokens it takes: this server's");
  }

  private static String revision(ToolAnswer answer) {
    return answer instanceof ToolAnswer.Result result ? " (MCP " + result.revision() + ")" : "";
  }

  private String forAlice() {
    narrator.step(
        4,
        "Alice's delegation is set up, and triage acts for her",
        "The delegation says who may act for whom, on what, why, how far and until when. A token"
            + " made from it names both: Alice, and the agent that acts.");
    var covers =
        Json.object()
            .put("resource", cast.resource())
            .put("actions", List.of(CONTACTS_READ, CONTACTS_DELETE))
            .build();
    var given =
        cast.administrator()
            .post(
                "delegations",
                Json.object()
                    .put("delegator", cast.alice())
                    .put("delegate", agents.triage().id())
                    .put("purpose", cast.purpose())
                    .put("covers", Json.array(List.of(covers)))
                    .put("depthMax", 2)
                    .build(),
                "id",
                "state",
                "depthMax",
                "expiresAt");
    narrator.check(given.status() == 201, "the delegation is active", given::refusal);
    var delegation = body(given).text("id").orElseThrow();
    narrator.name(delegation, "Alice's");
    var token =
        issued(
            agents
                .triage()
                .ask(
                    SampleAgent.exchange(
                        "subject_token_type",
                        DELEGATION_TYPE,
                        "subject_token",
                        delegation,
                        "resource",
                        cast.crm().identifier(),
                        "scope",
                        CONTACTS_READ + " " + CONTACTS_DELETE),
                    ISSUED));
    var claims = claims(token);
    narrator.shows("the token says", claims, WHO);
    narrator.check(
        isText(claims, "sub", cast.alice()) && actors(claims).equals(List.of(agents.triage().id())),
        "the subject is Alice and the actor is triage: nobody is impersonated");
    narrator.check(isText(claims, "purpose", PURPOSE), "the purpose came along");
    return token;
  }

  private String handOn(String held) {
    narrator.step(
        5,
        "triage hands one step to lookup, with less",
        "Work goes on in two steps: triage offers it to lookup by name, lookup takes it with its"
            + " own key. Authority only narrows, and everybody in the chain stays visible.");
    var offered =
        agents
            .triage()
            .ask(
                SampleAgent.exchange(
                    "subject_token_type", ACCESS_TOKEN_TYPE,
                    "subject_token", held,
                    "requested_token_type", HAND_OVER_TYPE,
                    "requested_actor", agents.lookup().id(),
                    "scope", CONTACTS_READ),
                ISSUED);
    var handOver = issued(offered);
    var taking =
        SampleAgent.exchange(
            "subject_token_type", HAND_OVER_TYPE,
            "subject_token", handOver,
            "resource", cast.crm().identifier());
    var token = issued(agents.lookup().ask(taking, ISSUED));
    var claims = claims(token);
    narrator.shows("the token says", claims, WHO);
    narrator.check(
        actors(claims).equals(List.of(agents.lookup().id(), agents.triage().id()))
            && isText(claims, "sub", cast.alice()),
        "lookup acts now, triage stands behind it, Alice is still the subject");
    narrator.check(
        isText(claims, "scope", CONTACTS_READ), "lookup can read; deleting was left behind");
    var again = agents.lookup().ask(taking);
    narrator.check(again.status() == 400, "a hand-over is good once: the second try is refused");
    return token;
  }

  private String issued(Answer answer) {
    narrator.check(answer.status() == 200, "a token was issued", answer::refusal);
    return body(answer)
        .text("access_token")
        .orElseThrow(() -> new StepFailed("the answer has no token"));
  }

  /// The claims of a token whose signature verifies with the server's published keys.
  private Json.Obj claims(String token) {
    var jwks = body(stage.send(Call.of("GET", stage.at("/oauth2/jwks"))));
    if (stage.jwt().read(token, TOKEN_INVALID) instanceof Ok(var read)
        && JwkSet.parse(stage.crypto(), jwks, TOKEN_INVALID) instanceof Ok(var keys)
        && read.verify(keys::find, ACCESS_TOKEN, TOKEN_INVALID) instanceof Ok(var verified)) {
      return verified.claims();
    }
    throw new StepFailed("the token does not verify with the server's published keys");
  }

  /// The nested actors, the current one first.
  private static List<String> actors(Json.Obj claims) {
    var act = claims.object("act");
    var actors = new ArrayList<String>();
    for (int i = 0; i < 8 && act.isPresent(); i++) {
      actors.add(act.get().text("sub").orElse(""));
      act = act.get().object("act");
    }
    return actors;
  }

  static Json.Obj body(Answer answer) {
    return answer.object().orElseGet(() -> Json.object().build());
  }

  static boolean isText(Json.Obj object, String name, String value) {
    return object.text(name).equals(Optional.of(value));
  }
}
