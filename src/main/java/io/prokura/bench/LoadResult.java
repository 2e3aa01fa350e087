package io.prokura.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the load process saw, as it is printed by it and read again.
///
/// @param seconds the time measured, without warm-up
/// @param warmUp responses that were not measured
/// @param loadCpu processor time the load process took while measuring
record LoadResult(
    long responses,
    double seconds,
    long warmUp,
    double p50,
    double p99,
    double p999,
    double max,
    Duration loadCpu) {

  double perSecond() {
    return responses / seconds;
  }

  /// Lines of a name and a value.
  List<String> lines() {
    return List.of(
        "responses " + responses,
        "seconds " + seconds,
        "warm_up " + warmUp,
        "p50 " + p50,
        "p99 " + p99,
        "p999 " + p999,
        "max " + max,
        "load_cpu " + loadCpu.toNanos());
  }

  static LoadResult parse(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    for (var line : lines) {
      int space = line.indexOf(' ');
      if (space > 0) {
        values.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return new LoadResult(
        Long.parseLong(value(values, "responses")),
        Double.parseDouble(value(values, "seconds")),
        Long.parseLong(value(values, "warm_up")),
        Double.parseDouble(value(values, "p50")),
        Double.parseDouble(value(values, "p99")),
        Double.parseDouble(value(values, "p999")),
        Double.parseDouble(value(values, "max")),
        Duration.ofNanos(Long.parseLong(value(values, "load_cpu"))));
  }

  private static String value(Map<String, String> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /// The details of a rate measured over `connections` connections.
  List<Figure> details(int connections, Duration serverCpu) {
    var details = new ArrayList<Figure>();
    details.add(new Figure("p50", p50, "ms"));
    details.add(new Figure("p99", p99, "ms"));
    details.add(new Figure("p999", p999, "ms"));
    details.add(new Figure("max", max, "ms"));
    details.add(new Figure("errors", 0, "responses"));
    details.add(new Figure("verified", responses, "responses"));
    details.add(new Figure("warm_up", warmUp, "responses"));
    details.add(new Figure("connections", connections, "connections"));
    details.add(new Figure("duration", seconds, "s"));
    details.add(new Figure("server_cpu", serverCpu.toNanos() / 1e9 / seconds, "cores"));
    details.add(new Figure("load_cpu", loadCpu.toNanos() / 1e9 / seconds, "cores"));
    return details;
  }
}
