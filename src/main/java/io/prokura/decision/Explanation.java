package io.prokura.decision;

import io.prokura.cedar.Policy;
import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Why a question was answered as it was: what each participant of the chain may do and by which
/// policies, what was seen, what is not known any more, and what would have made it a yes.
///
/// `policies` are those that the operands name, as they stood in the snapshot that decided. The
/// sentences tell the same to a person.
record Explanation(
    Outline outline,
    List<Voice> operands,
    Optional<Boolean> purposeCovers,
    Optional<Policy> covering,
    List<Policy> policies,
    List<Remedy> remedies,
    List<String> unknown) {

  /// What was asked and answered. Ids are texts, as the record has them.
  record Outline(
      Optional<String> decision,
      int item,
      String at,
      boolean allowed,
      String reason,
      Optional<String> detail,
      Optional<String> enforcer,
      List<String> principals,
      Optional<String> resource,
      Optional<String> action,
      Optional<String> object,
      Optional<String> purpose,
      Optional<String> approval,
      long published,
      String snapshot) {}

  Explanation {
    operands = List.copyOf(operands);
    policies = List.copyOf(policies);
    remedies = List.copyOf(remedies);
    unknown = List.copyOf(unknown);
  }

  Json.Obj toJson() {
    var json = Json.object();
    outline.decision.ifPresent(
        id -> json.put("decision", id).put("item", outline.item).put("at", outline.at));
    json.put("allowed", outline.allowed)
        .put("reason", outline.reason)
        .put("detail", outline.detail)
        .put("enforcer", outline.enforcer)
        .put("principals", outline.principals)
        .put("resource", outline.resource)
        .put("action", outline.action)
        .put("object", outline.object)
        .put("purpose", outline.purpose)
        .put("approval", outline.approval)
        .put(
            "snapshot",
            Json.object().put("number", outline.published).put("digest", outline.snapshot).build())
        .put("operands", new Json.Arr(operandViews()))
        .put("policies", new Json.Arr(policies.stream().<Json>map(Explanation::view).toList()))
        .put("remedies", new Json.Arr(remedies.stream().<Json>map(Remedy::toJson).toList()))
        .put("unknown", unknown)
        .put("sentences", sentences());
    return json.build();
  }

  private List<Json> operandViews() {
    var all = new ArrayList<Json>();
    for (var voice : operands) {
      all.add(
          Json.object()
              .put("of", voice.principal().text())
              .put("verdict", voice.verdict().word())
              .put("policies", voice.policies())
              .build());
    }
    purposeCovers.ifPresent(
        covers ->
            all.add(
                Json.object()
                    .put("of", "purpose")
                    .put("verdict", covers ? "allows" : "silent")
                    .put("policies", covering.map(Policy::id).stream().toList())
                    .build()));
    return all;
  }

  private static Json.Obj view(Policy policy) {
    var annotations = Json.object();
    policy.annotations().forEach(annotations::put);
    return Json.object()
        .put("id", policy.id())
        .put("effect", policy.effect().name().toLowerCase(Locale.ROOT))
        .put("annotations", annotations.build())
        .put("text", policy.source().text())
        .build();
  }

  /// The explanation as sentences, in the order in which a person asks.
  List<String> sentences() {
    var sentences = new ArrayList<String>();
    sentences.add(asked());
    sentences.add(
        outline.allowed
            ? "It was allowed."
            : "It was denied (%s)%s."
                .formatted(outline.reason, outline.detail.map(it -> ": " + it).orElse("")));
    outline.approval.ifPresent(
        id -> sentences.add("A person approved exactly this action: %s.".formatted(id)));
    operands.forEach(voice -> sentences.add(sentence(voice)));
    purposeCovers.ifPresent(
        covers ->
            sentences.add(
                "The purpose %s %s the action%s."
                    .formatted(
                        outline.purpose.orElse(""),
                        covers ? "covers" : "does not cover",
                        covering.map(policy -> " by " + policy.id()).orElse(""))));
    described().forEach((id, text) -> sentences.add("%s says: %s".formatted(id, text)));
    if (!unknown.isEmpty()) {
      sentences.add("Not known any more: " + String.join(", ", unknown) + ".");
    }
    if (!remedies.isEmpty()) {
      sentences.add(
          "It would be allowed if: "
              + String.join("; and ", remedies.stream().map(Remedy::sentence).toList())
              + ".");
    }
    return sentences;
  }

  private String asked() {
    var who =
        outline.principals.isEmpty()
            ? "somebody unknown"
            : String.join(", acting for ", outline.principals)
                + (outline.principals.size() > 1 ? "," : "");
    return "%s%s asked to %s%s%s%s under policies %d."
        .formatted(
            outline.decision.map(_ -> "At " + outline.at + " ").orElse("Suppose that "),
            who,
            outline.action.orElse("do something"),
            outline.object.map(it -> " " + it).orElse(""),
            outline.resource.map(it -> " of " + it).orElse(""),
            outline.purpose.map(it -> " for the purpose " + it).orElse(""),
            outline.published);
  }

  private static String sentence(Voice voice) {
    var by = voice.policies().isEmpty() ? "" : " by " + String.join(", ", voice.policies());
    var who = voice.principal().text();
    return switch (voice.verdict()) {
      case ALLOWS -> "%s may%s.".formatted(who, by);
      case FORBIDS -> "%s may not: it is forbidden%s.".formatted(who, by);
      case SILENT -> "%s may not: nothing permits it.".formatted(who);
      case FAILS -> "%s may not: a policy could not be evaluated%s.".formatted(who, by);
      case HELD -> "%s: the resource itself holds what this person may do.".formatted(who);
    };
  }

  private Map<String, String> described() {
    var described = new LinkedHashMap<String, String>();
    for (var policy : policies) {
      var description = policy.annotations().getOrDefault("description", "");
      if (!description.isEmpty()) {
        described.put(policy.id(), description);
      }
    }
    return described;
  }
}
