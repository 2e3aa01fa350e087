package io.prokura.cli;

import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogDirectory;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogVerifier;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/// The offline verifier: receipts and whole logs, against a key that one trusts.
final class LogCommands {
  private final RemoteOptions remotes;

  LogCommands(RemoteOptions remotes) {
    this.remotes = remotes;
  }

  CommandSpec command() {
    var parent = Arguments.parent("log", "The log that proves the record.");
    NounCommands.add(parent, verify());
    return parent;
  }

  private CommandSpec verify() {
    var spec = Arguments.command("verify", "Verify a receipt or a whole log.", this::verify);
    spec.usageMessage()
        .footer(
            "",
            "A receipt and a directory are verified without any server. Status 0: intact,",
            "1: broken, 2: not understood, 3: the server to fetch from can't be reached.");
    spec.addOption(
        Arguments.option("--receipt", "FILE", "receipt of the API, or a .tlog-proof with --leaf"));
    spec.addOption(Arguments.option("--leaf", "FILE", "the leaf that a .tlog-proof is about"));
    spec.addOption(Arguments.option("--log", "DIR", "directory with a checkpoint and tiles"));
    spec.addOption(
        Arguments.option(
            "--fetch", "URL", "copy the log of this server first, into --log or away"));
    spec.addOption(Arguments.option("--older", "FILE", "checkpoint that the log has to extend"));
    spec.addOption(Arguments.option("--vkey", "KEY", "the log's public key, from one you trust"));
    spec.addOption(Arguments.option("--token", "TOKEN", "access token to fetch with"));
    RemoteOptions.trust(spec);
    RemoteOptions.data(spec);
    return spec;
  }

  private int verify(Arguments arguments) {
    boolean whole = arguments.text("--log").or(() -> arguments.text("--fetch")).isPresent();
    if (arguments.text("--receipt").isPresent() == whole) {
      throw Failure.usage("give --receipt FILE, or --log DIR or --fetch URL; see --help");
    }
    return whole ? log(arguments) : receipt(arguments);
  }

  private static int receipt(Arguments arguments) {
    var receipt = Arguments.read(arguments.text("--receipt").orElseThrow());
    var leaf = arguments.text("--leaf").map(Arguments::read);
    var key = key(arguments).orElseGet(() -> ownKey(arguments, receipt));
    var finding =
        leaf.isPresent()
            ? ReceiptCheck.check(leaf.get(), receipt, key)
            : ReceiptCheck.check(receipt, key);
    return switch (finding) {
      case ReceiptCheck.Finding.Proven proven -> {
        arguments.say(words(proven));
        yield 0;
      }
      case ReceiptCheck.Finding.Broken(var what) -> {
        arguments.say("BROKEN: " + Text.printable(what));
        yield 1;
      }
    };
  }

  private static String words(ReceiptCheck.Finding.Proven proven) {
    var leaf = proven.leaf();
    var at = leaf.number("at").map(millis -> " at " + Instant.ofEpochMilli(millis));
    return Text.printable(
            "INTACT: entry %d of the %d that the log %s had when it signed"
                .formatted(proven.index(), proven.size(), proven.origin()))
        + leaf.text("type")
            .map(
                type ->
                    "\n  it says "
                        + Text.printable(type + " about " + leaf.text("about").orElse("?"))
                        + at.orElse(""))
            .orElse("");
  }

  private static Optional<NoteVerifier> key(Arguments arguments) {
    return arguments.text("--vkey").map(LogCommands::key);
  }

  private static NoteVerifier key(String vkey) {
    try {
      return NoteVerifier.parse(vkey.strip());
    } catch (InvalidException e) {
      throw Failure.usage("not a log's public key: " + e.reason());
    }
  }

  private static NoteVerifier ownKey(Arguments arguments, byte[] receipt) {
    var vkey = Answer.read(receipt).flatMap(object -> object.text("vkey"));
    if (vkey.isEmpty()) {
      throw Failure.usage("give the log's public key with --vkey");
    }
    arguments.complain("WARNING: the key was taken from the receipt itself. Whoever forged the");
    arguments.complain("WARNING: receipt forged the key with it. This verdict says only that the");
    arguments.complain("WARNING: receipt agrees with itself; get the key from the log's owner and");
    arguments.complain("WARNING: give it with --vkey to know that the log has the entry.");
    return key(vkey.get());
  }

  private int log(Arguments arguments) {
    var key =
        key(arguments).orElseThrow(() -> Failure.usage("give the log's public key with --vkey"));
    var older = arguments.text("--older").map(Arguments::read);
    var server = arguments.text("--fetch");
    if (server.isEmpty()) {
      var directory = Path.of(arguments.text("--log").orElseThrow());
      return tell(arguments, verify(directory, key, older));
    }
    return fetched(arguments, server.get(), key, older);
  }

  /// Where a log was fetched before, its checkpoint is what the log has to extend.
  private int fetched(
      Arguments arguments, String server, NoteVerifier key, Optional<byte[]> older) {
    var directory = arguments.text("--log").map(Path::of).orElseGet(LogCommands::folder);
    var file = directory.resolve(LogCopy.CHECKPOINT);
    var before = older.or(() -> read(file));
    try (var http = remotes.caller(arguments)) {
      var remote = remotes.at(arguments, server);
      var checkpoint = remote.copy(http, directory).fetch(key);
      var kept = read(file);
      LogCopy.write(file, checkpoint);
      var verdict = verify(directory, key, before);
      arguments.say("copied to " + directory);
      if (verdict instanceof Verdict.Broken && kept.isPresent()) {
        LogCopy.write(file, kept.get());
        LogCopy.write(directory.resolve("checkpoint.refused"), checkpoint);
      }
      return tell(arguments, verdict);
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("prokura-log");
    } catch (IOException e) {
      throw Failure.usage("no folder for temporary files");
    }
  }

  private static Optional<byte[]> read(Path file) {
    return Files.exists(file) ? Optional.of(Arguments.read(file.toString())) : Optional.empty();
  }

  private static Verdict verify(Path directory, NoteVerifier key, Optional<byte[]> older) {
    try {
      var log = new LogDirectory(directory);
      return older.isPresent()
          ? LogVerifier.verify(log, LogPolicy.of(key), older.get())
          : LogVerifier.verify(log, key);
    } catch (UncheckedIOException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static int tell(Arguments arguments, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Intact intact -> {
        arguments.say(
            Text.printable(
                "INTACT: the log %s has all its %d entries, unchanged, under the root %s"
                    .formatted(
                        intact.checkpoint().checkpoint().origin(), intact.size(), intact.root())));
        yield 0;
      }
      case Verdict.Broken(var what, var where) -> {
        arguments.say(Text.printable("BROKEN: " + where + ": " + what));
        yield 1;
      }
    };
  }
}
