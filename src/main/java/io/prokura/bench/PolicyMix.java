package io.prokura.bench;

import io.prokura.kernel.Id;
import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Policies as an organisation may have them, as many as wanted, and questions about whose answers
/// they decide. Of every ten policies, four name an agent, three an object, two are conditions on
/// another action than is asked for, and one is a condition on that very action, which has to be
/// evaluated for every question.
final class PolicyMix {
  private static final int FILE_POLICIES = 1_000;
  private static final int KINDS = 10;
  private static final int QUESTIONS = 1_024;

  /// The first policy of each kind that denies decides about a known share of the questions.
  private static final int NAMED_AGENT = 1;

  private static final int NAMED_OBJECT = 4;
  private static final int CONDITION = 9;

  private final List<Agent> agents;
  private final int count;
  private final World world;

  /// `count` policies, at least ten.
  PolicyMix(List<Agent> agents, int count, World world) {
    if (count < KINDS) {
      throw new BenchmarkFailure("--sizes of policies are at least " + KINDS);
    }
    this.agents = agents;
    this.count = count;
    this.world = world;
  }

  /// Writes the policies into an organisation's folder, over those of an earlier mix.
  void write(Path folder) {
    try {
      for (int first = 0; first < count; first += FILE_POLICIES) {
        var text = new StringBuilder();
        for (int i = first; i < Math.min(count, first + FILE_POLICIES); i++) {
          text.append("@id(\"mix.").append(i).append("\")\n").append(policy(i)).append('\n');
        }
        Files.writeString(folder.resolve("mix" + first + ".cedar"), text);
      }
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot write policies", e);
    }
  }

  private String policy(int number) {
    return switch (number % KINDS) {
      case 0, 2 ->
          """
          permit (principal == %s, action == Action::"tickets.update", resource is Ticket);
          """
              .formatted(someAgent());
      case NAMED_AGENT, 3 ->
          """
          forbid (principal == %s, action == Action::"tickets.read", resource is Ticket);
          """
              .formatted(number == NAMED_AGENT ? uid(agents.getFirst().id()) : someAgent());
      case NAMED_OBJECT, 5, 6 ->
          """
          forbid (principal, action, resource == Ticket::"held %d");
          """
              .formatted(number);
      case CONDITION ->
          """
          forbid (principal, action == Action::"tickets.read", resource is Ticket)
          when { resource.status == "state %d" && context.depth <= 3 };
          """
              .formatted(number);
      default ->
          """
          forbid (principal, action == Action::"tickets.update", resource is Ticket)
          when { resource.status == "state %d" };
          """
              .formatted(number);
    };
  }

  private String someAgent() {
    return uid(Id.Agent.random(world).text());
  }

  private static String uid(String agent) {
    return "Prokura::Agent::\"" + agent + "\"";
  }

  /// Questions of the agents with their `tokens`: an eighth are about the object that a policy
  /// names, a quarter about objects in a state in which a policy forbids it, and those of one agent
  /// are all to be denied.
  List<DecideBench.Question> questions(List<String> tokens) {
    return IntStream.range(0, QUESTIONS)
        .mapToObj(
            i -> {
              int agent = i % agents.size();
              int round = i / agents.size();
              boolean held = round % 8 == 0;
              boolean state = round % 4 == 1;
              var asked =
                  DecideBench.asked(
                      agents.get(agent),
                      tokens.get(agent),
                      held ? "held " + NAMED_OBJECT : "T-" + i,
                      state ? "state " + CONDITION : "open");
              return new DecideBench.Question(asked, agent != 0 && !held && !state);
            })
        .toList();
  }
}
