package io.prokura.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A process that a benchmark started. It ends with the benchmark, however that ends.
final class Child implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final int TOLD_MAX = 2_000;

  private final String name;
  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread end;

  private Child(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    end = new Thread(process::destroy, "end-" + name);
  }

  /// Starts `command`. Of the environment's `PROKURA_…` variables the child sees only those given
  /// here. What it says on its standard error goes to a file in `folder`.
  static Child start(
      String name, List<String> command, Map<String, String> environment, Path folder) {
    var errors = folder.resolve(name + ".log");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PROKURA_"));
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      var child = new Child(name, process, errors);
      Runtime.getRuntime().addShutdownHook(child.end);
      Thread.ofVirtual().name("lines-" + name).start(child::readLines);
      return child;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot start the " + name, e);
    }
  }

  private void readLines() {
    try (var in = process.inputReader()) {
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("unreadable: " + e.getMessage());
    }
  }

  /// The next line on its standard output; empty when it has ended or says nothing for `patience`.
  Optional<String> line(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    try {
      while (System.nanoTime() < until) {
        boolean ended = !process.isAlive();
        var line = lines.poll(50, TimeUnit.MILLISECONDS);
        if (line != null) {
          return Optional.of(line);
        }
        if (ended) {
          return Optional.empty();
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted while waiting for the " + name, e);
    }
  }

  long pid() {
    return process.pid();
  }

  /// The processor time it has taken so far; nothing where the system doesn't tell.
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// A failure of this child, with the end of what it said on its standard error.
  BenchmarkFailure failure(String what) {
    try {
      var said = Files.readString(errors);
      var told = said.substring(Math.max(0, said.length() - TOLD_MAX));
      return new BenchmarkFailure("the " + name + " " + what + (told.isEmpty() ? "" : "\n" + told));
    } catch (IOException e) {
      return new BenchmarkFailure("the " + name + " " + what, e);
    }
  }

  /// Asks the process to end, and ends it when it doesn't in time.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(end);
    } catch (IllegalStateException e) {
      System.getLogger("prokura.bench").log(System.Logger.Level.DEBUG, "ending already", e);
    }
  }
}
