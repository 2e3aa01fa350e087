package io.prokura.demo;

import static io.prokura.demo.Acting.body;
import static io.prokura.demo.Acting.isText;
import static io.prokura.demo.Cast.TICKETS_READ;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.cli.Failure;
import io.prokura.cli.LogCopy;
import io.prokura.json.Json;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogDirectory;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogProof;
import io.prokura.tlog.LogVerifier;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// Steps 10 to 12: the agent is killed, it stays dead, and the record holds.
final class Ending {
  private final Stage stage;
  private final Narrator narrator;
  private final Cast cast;
  private final Registering.Agents agents;
  private final Acting.Tokens tokens;

  Ending(
      Stage stage, Narrator narrator, Cast cast, Registering.Agents agents, Acting.Tokens tokens) {
    this.stage = stage;
    this.narrator = narrator;
    this.cast = cast;
    this.agents = agents;
    this.tokens = tokens;
  }

  /// Plays the steps; `receipt` is one that was handed out before.
  void play(Json.Obj receipt) {
    kill();
    dead();
    record(receipt);
  }

  private void kill() {
    narrator.step(
        13,
        "triage misbehaves, and Dana has it killed",
        "One write ends it: a numbered cut-off, and the agent's suspension, in one transaction. The"
            + " report names who held its tokens, and who could still be taken in.");
    narrator.check(
        live(tokens.own()) && live(tokens.forAlice()) && live(tokens.ofLookup()),
        "a moment ago introspection called all three tokens good");
    var answer =
        cast.administrator()
            .post(
                "agents/" + agents.triage().id() + "/kill",
                Json.object().put("reason", "it tried to export every contact").build());
    var report = body(answer);
    narrator.check(
        answer.status() == 200 && isText(report, "state", "suspended"),
        "triage is suspended, under cut-off " + report.number("cutoff").orElse(-1L),
        answer::refusal);
    var audience = audience(report);
    narrator.check(
        audience.flag("open").equals(Optional.of(false)),
        "the CRM held its tokens; it asks before it acts, so nothing is left open there");
    narrator.check(
        report.texts("below").filter(below -> below.contains(agents.lookup().id())).isPresent(),
        "and lookup, which acted under it, lost what it had from it");
  }

  private Json.Obj audience(Json.Obj report) {
    var all =
        report.get("audiences").orElse(new Json.Null()) instanceof Json.Arr(var items)
            ? items
            : List.<Json>of();
    return all.stream()
        .filter(Json.Obj.class::isInstance)
        .map(Json.Obj.class::cast)
        .filter(one -> isText(one, "audience", cast.crm().identifier()))
        .findFirst()
        .orElseThrow(() -> new StepFailed("the report doesn't name the CRM"));
  }

  private boolean live(String token) {
    return cast.crm().introspect(token).flag("active").equals(Optional.of(true));
  }

  private void dead() {
    narrator.step(
        14,
        "Its tokens are dead, and so is what was made from them",
        "lookup did nothing wrong and stays active, but its token rests on triage. Nobody waits for"
            + " a token to run out.");
    ended("its own", tokens.own());
    ended("the one for Alice", tokens.forAlice());
    ended("lookup's, made by the hand-over", tokens.ofLookup());
    var refused = agents.lookup().call(cast.crm(), Tool.CONTACTS_READ, "c-17", tokens.ofLookup());
    var asked = cast.crm().lastAsked();
    narrator.sent("CRM", "POST " + asked.path(), asked.question());
    narrator.received(asked.answer());
    narrator.check(
        refused instanceof ToolAnswer.Challenged challenged
            && challenged.status() == 401
            && body(asked.answer()).flag("decision").equals(Optional.of(false)),
        "what was allowed in step 6 is denied now");
    var again =
        agents
            .triage()
            .ask(
                SampleAgent.form(
                    "grant_type",
                    "client_credentials",
                    "resource",
                    cast.crm().identifier(),
                    "scope",
                    TICKETS_READ));
    narrator.check(
        again.status() >= 400 && body(again).get("access_token").isEmpty(),
        "and triage gets no new token, although its key is as good as before");
  }

  private void ended(String which, String token) {
    var answer = cast.crm().introspect(token);
    narrator.check(
        answer.flag("active").equals(Optional.of(false)),
        "CRM → POST /oauth2/introspect: " + which + ": " + answer.toText());
  }

  private void record(Json.Obj receipt) {
    narrator.step(
        15,
        "The whole record is checked",
        "Every entry, every hash and the signature are checked again from a copy, and that the log"
            + " still begins as it did when the receipt of step 10 was handed out.");
    cast.administrator().receipt(agents.triage().id());
    var verdict = verdict(receipt);
    narrator.check(
        verdict instanceof Verdict.Intact intact && intact.size() > 0,
        "intact: " + (verdict instanceof Verdict.Intact intact ? words(intact) : ""),
        () -> String.valueOf(verdict));
    narrator.end();
  }

  private static String words(Verdict.Intact intact) {
    return "all %d entries of %s, root %s"
        .formatted(intact.size(), intact.checkpoint().checkpoint().origin(), intact.root());
  }

  private Verdict verdict(Json.Obj receipt) {
    try {
      var key = NoteVerifier.parse(cast.vkey());
      var directory = stage.folder().resolve("log");
      var server = stage.at("/log");
      narrator.sent(
          "auditor", "GET " + server + "/checkpoint and every tile", Json.object().build());
      var copy = new LogCopy(stage.http(), server, cast.administrator().token(), directory);
      var checkpoint = copy.fetch(key);
      Files.write(directory.resolve("checkpoint"), checkpoint);
      var proof = LogProof.parse(receipt.text("proof").orElseThrow().getBytes(UTF_8));
      var older = proof.checkpoint().bytes();
      return LogVerifier.verify(new LogDirectory(directory), LogPolicy.of(key), older);
    } catch (InvalidException | IOException | Failure e) {
      throw new StepFailed("the log can't be checked: " + e.getMessage());
    }
  }
}
