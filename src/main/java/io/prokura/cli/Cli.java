package io.prokura.cli;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// All commands that work from outside on a server or a log, each named and ready to be a
/// subcommand of `prokura`.
public final class Cli {
  private static final int WAIT_MAX = 60;
  private static final Noun AGENT = Nouns.all().getFirst();

  private final RemoteOptions remotes;
  private final NounCommands nouns;
  private final CredentialCommands credentials;
  private final SelfTestCommand selfTest;

  private Cli(World world, Map<String, String> environment, Path home) {
    remotes = new RemoteOptions(environment, home);
    nouns = new NounCommands(world, remotes);
    credentials = new CredentialCommands(world, nouns);
    selfTest = new SelfTestCommand(world, remotes);
  }

  /// The commands for somebody with this environment and home folder.
  public static List<CommandLine> commands(
      World world, Map<String, String> environment, Path home) {
    var cli = new Cli(world, Map.copyOf(environment), home);
    return cli.specs().stream().map(CommandLine::new).toList();
  }

  private List<CommandSpec> specs() {
    var specs = new ArrayList<CommandSpec>();
    for (var noun : Nouns.all()) {
      var spec = nouns.of(noun);
      if (noun.name().equals("audit")) {
        NounCommands.add(spec, receipt());
      }
      specs.add(spec);
    }
    specs.add(credentials.command());
    specs.add(new SessionCommands(nouns).command());
    specs.add(new LinkCommands(nouns).command());
    specs.add(new PolicyCommands(nouns).command());
    specs.add(new AccessCommands(nouns).command());
    specs.add(new WhyCommand(nouns).command());
    specs.add(key());
    specs.add(kill());
    var admin = new AdminCommands(remotes);
    specs.add(admin.command());
    specs.add(admin.backup());
    specs.add(new LogCommands(remotes).command());
    specs.add(selfTest.command());
    return specs;
  }

  /// `agent kill` under a name that is found in a hurry.
  private CommandSpec kill() {
    var step =
        AGENT.steps().stream().filter(one -> one.name().equals("kill")).findFirst().orElseThrow();
    var spec = nouns.step(AGENT, step);
    spec.usageMessage().description("Suspend an agent, and end every token that rests on it.");
    return spec;
  }

  private CommandSpec key() {
    var parent = Arguments.parent("key", "The keys that sign tokens.");
    NounCommands.add(
        parent,
        nouns.change(
            "rotate",
            "Publish the next signing key; it signs after its lead time.",
            (arguments, remote) ->
                arguments.show(
                    NounCommands.object(
                        remote.change(
                            "POST",
                            NounCommands.API + "keys/rotate",
                            Json.object().build(),
                            nouns.key(arguments),
                            Map.of())))));
    return parent;
  }

  /// Receipts are kept and checked elsewhere, so they are printed as JSON only.
  private CommandSpec receipt() {
    var spec =
        nouns.remote(
            "receipt",
            "The receipt of an entry, as JSON for 'log verify --receipt'.",
            (arguments, remote) -> {
              var path = NounCommands.API + "audit/" + NounCommands.id(arguments) + "/receipt";
              long tries = 4 * arguments.number("--wait", 0, WAIT_MAX);
              var receipt = NounCommands.object(remote.get(path));
              for (; tries > 0 && isPending(receipt); tries--) {
                Remote.pause();
                receipt = NounCommands.object(remote.get(path));
              }
              arguments.say(Text.pretty(receipt));
            });
    spec.addOption(
        Arguments.option("--wait", "SECONDS", "wait so long for the entry to get into the tree"));
    return spec.addPositional(Arguments.operand("ID", "evt_…, tok_…, dec_… or what it is about"));
  }

  private static boolean isPending(Json.Obj receipt) {
    return receipt.text("status").equals(Optional.of("pending"));
  }
}
