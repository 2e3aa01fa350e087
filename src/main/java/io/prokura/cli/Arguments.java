package io.prokura.cli;

import io.prokura.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// What one command was given, once it has been parsed, and where it writes.
final class Arguments {
  static final String JSON = "json";
  static final String TABLE = "table";
  private static final int FILE_MAX = 4 * 1024 * 1024;

  private final CommandSpec spec;

  Arguments(CommandSpec spec) {
    this.spec = spec;
  }

  /// What a command does. A [Failure] becomes a line on stderr and the status of the process.
  @FunctionalInterface
  interface Work {
    int run(Arguments arguments);
  }

  /// A command that does `work`.
  static CommandSpec command(String name, String description, Work work) {
    // The work runs after parsing, when the specification it reads is complete.
    var made = new Command(work);
    var spec = CommandSpec.wrapWithoutInspection(made).name(name).addOption(help());
    spec.usageMessage().description(description).width(Table.WIDTH);
    made.arguments = new Arguments(spec);
    return spec;
  }

  /// A command that only has subcommands.
  static CommandSpec parent(String name, String description) {
    var spec = CommandSpec.create().name(name).addOption(help());
    spec.usageMessage()
        .description(description)
        .width(Table.WIDTH)
        .synopsisSubcommandLabel("COMMAND");
    return spec;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help")
        .usageHelp(true)
        .description("show this help and exit")
        .build();
  }

  private static final class Command implements Callable<Integer> {
    private final Work work;
    private @Nullable Arguments arguments;

    Command(Work work) {
      this.work = work;
    }

    @Override
    public Integer call() {
      var given = Objects.requireNonNull(arguments);
      try {
        return work.run(given);
      } catch (Failure e) {
        given.complain(e.line());
        return e.status();
      }
    }
  }

  static OptionSpec option(String name, String label, String help) {
    return OptionSpec.builder(name).type(String.class).paramLabel(label).description(help).build();
  }

  static OptionSpec flag(String name, String help) {
    return OptionSpec.builder(name).type(boolean.class).description(help).build();
  }

  static PositionalParamSpec operand(String label, String help) {
    return PositionalParamSpec.builder()
        .type(String.class)
        .paramLabel(label)
        .arity("1")
        .required(true)
        .description(help)
        .build();
  }

  /// An operand that may be left out.
  static PositionalParamSpec optionalOperand(String label, String help) {
    return PositionalParamSpec.builder()
        .type(String.class)
        .paramLabel(label)
        .arity("0..1")
        .description(help)
        .build();
  }

  Optional<String> text(String option) {
    return spec.findOption(option).getValue() instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  /// The words of an option that may be repeated or not; none when it was not given.
  List<String> words(String option) {
    Object value = spec.findOption(option).getValue();
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return value instanceof String text ? List.of(text) : List.of();
  }

  boolean isSet(String option) {
    return Boolean.TRUE.equals(spec.findOption(option).getValue());
  }

  /// The number after an option.
  long number(String option, long otherwise, long max) {
    var word = text(option);
    if (word.isEmpty()) {
      return otherwise;
    }
    if (word.get().matches("[0-9]{1,9}") && Long.parseLong(word.get()) <= max) {
      return Long.parseLong(word.get());
    }
    throw Failure.usage(option + " is a number from 0 to " + max);
  }

  /// What stands at a place of its own, without an option before it.
  String operand() {
    return spec.positionalParameters().getFirst().getValue() instanceof String text ? text : "";
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /// Writes a line for the person who typed the command.
  void complain(String line) {
    spec.commandLine().getErr().println("prokura: " + Text.printable(line));
    spec.commandLine().getErr().flush();
  }

  void say(String text) {
    out().println(text);
    out().flush();
  }

  /// Writes the object as `-o` asks.
  void show(Json.Obj object) {
    say(isJson() ? Text.pretty(object) : Table.of(object));
  }

  /// Whether whoever sits at the terminal says yes; nobody there says no.
  boolean confirms(String question) {
    out().print(question + " [y/N] ");
    out().flush();
    try {
      int first = System.in.read();
      return first == 'y' || first == 'Y';
    } catch (IOException e) {
      return false;
    }
  }

  boolean isJson() {
    return text("--output").orElse(TABLE).equals(JSON);
  }

  /// The bytes of the file, or of standard input for `-`; bounded.
  static byte[] read(String file) {
    try (var in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      var bytes = in.readNBytes(FILE_MAX + 1);
      if (bytes.length > FILE_MAX) {
        throw Failure.usage(file + " is longer than " + FILE_MAX + " bytes");
      }
      return bytes;
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage("cannot read " + file);
    }
  }
}
