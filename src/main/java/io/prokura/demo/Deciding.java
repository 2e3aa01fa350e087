package io.prokura.demo;

import static io.prokura.demo.Acting.body;
import static io.prokura.demo.Acting.isText;
import static io.prokura.demo.Cast.CONTACTS_EXPORT;
import static io.prokura.demo.Cast.CONTACTS_READ;
import static io.prokura.demo.Cast.PURPOSE;

import io.prokura.cli.ReceiptCheck;
import io.prokura.cli.ReceiptCheck.Finding;
import io.prokura.cli.Text;
import io.prokura.json.Json;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.NoteVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Steps 6 to 10: the CRM asks before it acts, and an auditor asks why and checks what it was told.
final class Deciding {
  private final Stage stage;
  private final Narrator narrator;
  private final Cast cast;
  private final Registering.Agents agents;
  private final Acting.Tokens tokens;

  Deciding(
      Stage stage, Narrator narrator, Cast cast, Registering.Agents agents, Acting.Tokens tokens) {
    this.stage = stage;
    this.narrator = narrator;
    this.cast = cast;
    this.agents = agents;
    this.tokens = tokens;
  }

  /// Plays the steps and returns the receipt of the denial.
  Json.Obj play() {
    read();
    var denied = export();
    new Approving(narrator, cast, agents.triage(), tokens.forAlice()).play();
    why(denied);
    return receipt(denied);
  }

  private void read() {
    narrator.step(
        6,
        "lookup reads a contact, and the CRM asks first",
        "The resource server sends the token it was given to the decision point. Everybody in the"
            + " chain has to be allowed: lookup, triage before it, and Alice.");
    var answer = agents.lookup().call(cast.crm(), Tool.CONTACTS_READ, "c-17", tokens.ofLookup());
    var decision = asked();
    narrator.check(
        decision.flag("decision").equals(Optional.of(true)) && answer.isDone(),
        "reading is allowed, and the CRM answers " + CONTACTS_READ);
  }

  /// What the CRM asked the decision point last, told and answered.
  private Json.Obj asked() {
    var asked = cast.crm().lastAsked();
    narrator.sent("CRM", "POST " + asked.path(), asked.question());
    narrator.received(asked.answer());
    return body(asked.answer());
  }

  private String export() {
    narrator.step(
        7,
        "triage tries to export all contacts",
        "Alice may export contacts herself, but the power she gave triage doesn't reach that far."
            + " A no says which check failed, so that somebody can act on it.");
    var answer =
        agents.triage().call(cast.crm(), Tool.CONTACTS_EXPORT, Tool.ALL, tokens.forAlice());
    var decision = asked();
    var context = decision.object("context").orElseGet(() -> Json.object().build());
    var reason = context.object("why").orElseGet(() -> Json.object().build());
    narrator.check(
        decision.flag("decision").equals(Optional.of(false))
            && answer instanceof ToolAnswer.Challenged challenged
            && challenged.status() == 403
            && challenged.parameter("error").equals(Optional.of("insufficient_scope"))
            && challenged
                .parameter("scope")
                .filter(all -> all.contains(CONTACTS_EXPORT))
                .isPresent(),
        "exporting is denied, nothing left the CRM, and it names the scopes this needs");
    narrator.check(
        reason.text("detail").filter(text -> text.contains(CONTACTS_EXPORT)).isPresent(),
        "the answer says what is missing: " + reason.text("detail").orElse(""));
    var wider =
        agents
            .triage()
            .ask(
                SampleAgent.exchange(
                    "subject_token_type",
                    "urn:prokura:params:oauth:token-type:delegation",
                    "subject_token",
                    delegation(),
                    "resource",
                    cast.crm().identifier(),
                    "scope",
                    CONTACTS_EXPORT));
    narrator.check(
        wider.status() == 400 && isText(body(wider), "error", "invalid_scope"),
        "and asking for a wider token is refused too, for the reason above");
    return context.text("id").orElseThrow(() -> new StepFailed("the decision has no id"));
  }

  private String delegation() {
    var list = cast.administrator().get("delegations?principal=" + cast.alice());
    if (list.get("items").orElse(new Json.Null()) instanceof Json.Arr(var items)
        && items.getFirst() instanceof Json.Obj first) {
      return first.text("id").orElse("");
    }
    throw new StepFailed("Alice's delegation is not listed");
  }

  private void why(String id) {
    narrator.step(
        9,
        "An auditor asks why",
        "Every decision can be explained on exactly what it saw: who took part, by which policies,"
            + " and what would have made it another.");
    narrator.sent("auditor", "GET /api/v1/why?decision=" + id, Json.object().build());
    var why = cast.administrator().get("why?decision=" + id);
    var sentences = why.texts("sentences").orElse(List.of());
    sentences.forEach(narrator::plain);
    narrator.check(
        why.get("remedies").orElse(new Json.Null()) instanceof Json.Arr(var remedies)
            && remedies.stream().anyMatch(one -> isText((Json.Obj) one, "scope", CONTACTS_EXPORT)),
        "it says what would allow it: a token with the scope " + CONTACTS_EXPORT);
    var supposed =
        cast.administrator()
            .get(
                "why?subject=%s&actors=%s&resource=%s&action=%s&object=Contact:c-17&purpose=%s"
                    .formatted(
                        cast.alice(),
                        agents.triage().id(),
                        cast.crm().identifier(),
                        CONTACTS_READ,
                        PURPOSE));
    narrator.check(
        supposed.flag("allowed").equals(Optional.of(true)),
        "and what would be: triage may read contacts for Alice");
  }

  private Json.Obj receipt(String decision) {
    narrator.step(
        10,
        "An auditor takes the decision's receipt and checks it offline",
        "The receipt proves that this very entry is in the log, by hashes and one signature. It is"
            + " checked without the server, with a key noted before the story began.");
    narrator.sent("auditor", "GET /api/v1/audit/" + decision + "/receipt", Json.object().build());
    var receipt = cast.administrator().receipt(decision);
    narrator.shows("← 200", receipt);
    var file = keep("receipt.json", receipt);
    var finding = check(file);
    narrator.check(
        finding instanceof Finding.Proven proven && isText(proven.leaf(), "about", decision),
        "intact: the log has this decision" + place(finding),
        () -> String.valueOf(finding));
    var leaf = receipt.text("leaf").orElseThrow();
    var turned = leaf.replace("\"allowed\":false", "\"allowed\":true");
    narrator.check(!turned.equals(leaf), "somebody rewrites the denial to say that it was allowed");
    var members = new LinkedHashMap<>(receipt.members());
    members.put("leaf", Json.text(turned));
    var forged = check(keep("forged.json", new Json.Obj(members)));
    narrator.check(
        forged instanceof Finding.Broken,
        "broken: " + (forged instanceof Finding.Broken(var what) ? what : "?"));
    narrator.plain("The same by hand:");
    narrator.plain("  ./prokura log verify --receipt " + file);
    narrator.plain("    --vkey " + cast.vkey());
    return receipt;
  }

  private static String place(Finding finding) {
    return finding instanceof Finding.Proven proven
        ? ", as entry %d of %d".formatted(proven.index(), proven.size())
        : "";
  }

  private Path keep(String name, Json.Obj receipt) {
    try {
      return Files.writeString(stage.folder().resolve(name), Text.pretty(receipt));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Finding check(Path file) {
    try {
      return ReceiptCheck.check(Files.readAllBytes(file), NoteVerifier.parse(cast.vkey()));
    } catch (IOException | InvalidException e) {
      throw new StepFailed("the receipt can't be checked: " + e.getMessage());
    }
  }
}
