package io.prokura.cli;

import io.prokura.kernel.World;
import io.prokura.selftest.SelfTest;
import picocli.CommandLine.Model.CommandSpec;

/// `selftest`: attacks on a running deployment. Status 0 only when every attack held.
final class SelfTestCommand {
  private final World world;
  private final RemoteOptions remotes;

  SelfTestCommand(World world, RemoteOptions remotes) {
    this.world = world;
    this.remotes = remotes;
  }

  CommandSpec command() {
    var spec =
        Arguments.command(
            "selftest", "Play attacks against a running server and see them fail.", this::run);
    spec.addPositional(Arguments.operand("URL", "the server"));
    spec.addOption(Arguments.flag("--json", "print one JSON object"));
    RemoteOptions.token(spec);
    RemoteOptions.trust(spec);
    RemoteOptions.data(spec);
    spec.usageMessage()
        .footer(
            "",
            "It registers agents, applications and people of its own for that, which need the role",
            "of an administrator, and ends them again, also when it is interrupted.");
    return spec;
  }

  private int run(Arguments arguments) {
    var test = test(arguments);
    var interrupted = new Thread(test::end);
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      return switch (test.play(arguments.out(), arguments.isSet("--json"))) {
        case HELD -> 0;
        case BROKEN -> Failure.REFUSED;
        case UNCLEAR -> Failure.UNREACHABLE;
      };
    } finally {
      ended(interrupted);
    }
  }

  private SelfTest test(Arguments arguments) {
    try (var remote = remotes.at(arguments, arguments.operand())) {
      return new SelfTest(
          world, remote.server(), () -> token(arguments), remotes.trusted(arguments));
    }
  }

  /// A token of now: the admin socket gives a fresh one each time.
  private String token(Arguments arguments) {
    try (var remote = remotes.at(arguments, arguments.operand())) {
      return remote.token();
    }
  }

  private static void ended(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is being ended, and the hook runs already.
      Thread.onSpinWait();
    }
  }
}
