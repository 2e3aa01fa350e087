package io.prokura.bench;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How to start another process of this program: the same Java, the same flags, the same classes.
final class JavaCommand {
  private static final String CACHE = "-XX:AOTCache=";

  private JavaCommand() {}

  /// The command that runs `mainClass` with `arguments` as this process was started, with the
  /// build's AOT cache where there is one.
  static List<String> server(String mainClass, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(java());
    var flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(JavaCommand::concernsEveryProcess)
            .toList();
    command.addAll(flags);
    var classes = System.getProperty("java.class.path");
    var cache = Path.of(classes.split(File.pathSeparator, 2)[0]).resolveSibling("prokura.aot");
    boolean jar = classes.endsWith(".jar") && !classes.contains(File.pathSeparator);
    if (jar && Files.exists(cache) && flags.stream().noneMatch(flag -> flag.startsWith(CACHE))) {
      command.add(CACHE + cache);
    }
    if (jar) {
      command.addAll(List.of("-jar", classes));
    } else {
      command.addAll(List.of("-cp", classes, mainClass));
    }
    command.addAll(arguments);
    return command;
  }

  /// The command that runs `mainClass`, which needs nothing but the JDK, with a small heap.
  static List<String> small(Class<?> mainClass, String argument, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                java(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass.getName(),
                argument));
    command.addAll(List.of(more));
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// What records or debugs this process is not for its children.
  private static boolean concernsEveryProcess(String flag) {
    return !flag.startsWith("-agentlib:")
        && !flag.startsWith("-javaagent:")
        && !flag.startsWith("-XX:StartFlightRecording")
        && !flag.startsWith("-XX:AOTCacheOutput")
        && !flag.startsWith("-XX:AOTMode");
  }
}
