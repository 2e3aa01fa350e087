package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.simulation.PublishedPolicies.Draft;
import io.prokura.simulation.Wish.Change;
import io.prokura.simulation.Wish.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The requests by which policies are written, published and taken back.
final class Governing {
  private static final String POLICIES = "/api/v1/policies/organisation";

  private final PublishedPolicies policies;
  private int names;

  Governing(Model model) {
    policies = model.policies;
  }

  private static Call post(
      String mark, boolean isFollowed, Outcome outcome, String path, Json.Obj body) {
    var change = new Change(mark, Set.of(List.of(mark)), isFollowed, outcome);
    return Call.json(change, "POST", POLICIES + path, body);
  }

  /// A draft that keeps these agents from everything.
  Call draft(Set<Party> banned) {
    var text =
        banned.stream()
            .map(
                agent ->
                    ("@id(\"ban-%d\")\n"
                            + "forbid (principal == Prokura::Agent::\"%s\", action, resource);")
                        .formatted(names++, agent.id()))
            .sorted()
            .collect(Collectors.joining("\n"));
    var file = Json.object().put("name", "bans.cedar").put("text", text).build();
    return post(
        "policies.draft.begun",
        false,
        (_, first) -> policies.drafts.add(new Draft(first.about(), banned)),
        "/drafts",
        Json.object().put("files", Json.array(List.of(file))).build());
  }

  Call publish(Draft draft) {
    return post(
            "policies.published",
            true,
            (_, first) -> {
              policies.drafts.remove(draft);
              published(first, draft.banned());
            },
            "/drafts/" + draft.id() + "/publish",
            Json.object().build())
        .with("If-Match", "\"1\"");
  }

  Call rollBack(long number) {
    var banned = policies.banned(number).orElseThrow();
    return post(
        "policies.rolled-back",
        true,
        (_, first) -> published(first, banned),
        "/rollback",
        Json.object().put("number", number).build());
  }

  private void published(Entry entry, Set<Party> banned) {
    long number = entry.facts().number("number").orElseThrow();
    assertThat(policies.publish(number, banned)).as("a new number in %s", entry).isTrue();
  }
}
