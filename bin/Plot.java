import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Draws what the long benchmarks printed: `name_at_N value unit` lines of `*.txt` in a folder
/// become one SVG for each figure beside them. Sizes stand on a logarithmic axis, time and all
/// values on linear ones from 0.
///
/// Run by bin/plot, with nothing but the JDK.
final class Plot {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final int LEFT = 84;
  private static final int RIGHT = 48;
  private static final int TOP = 64;
  private static final int BOTTOM = 64;
  private static final int STEPS = 5;

  private static final Pattern LINE = Pattern.compile("([a-z][a-z0-9_]*)_at_([0-9]+) ([0-9.]+) .*");

  private static final String STYLE =
      """
      <style>
        text { font: 13px system-ui, sans-serif; fill: #1f2328 }
        .paper { fill: #ffffff }
        .title { font-size: 16px; font-weight: 600 }
        .quiet { fill: #59636e }
        .grid { stroke: #d1d9e0 }
        .axis { stroke: #818b98 }
        .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
        .line.c0 { stroke: #0969da } .dot.c0, .name.c0 { fill: #0969da }
        .line.c1 { stroke: #bc4c00 } .dot.c1, .name.c1 { fill: #bc4c00 }
        .line.c2 { stroke: #1a7f37 } .dot.c2, .name.c2 { fill: #1a7f37 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 }
          .paper { fill: #0d1117 }
          .quiet { fill: #9198a1 }
          .grid { stroke: #2a313c }
          .axis { stroke: #656c76 }
          .line.c0 { stroke: #4493f8 } .dot.c0, .name.c0 { fill: #4493f8 }
          .line.c1 { stroke: #f0883e } .dot.c1, .name.c1 { fill: #f0883e }
          .line.c2 { stroke: #3fb950 } .dot.c2, .name.c2 { fill: #3fb950 }
        }
      </style>
      """;

  /// One figure: which series it shows, and what its axes say.
  ///
  /// @param log whether the horizontal axis is logarithmic
  private record Chart(
      String file, String title, String across, String up, boolean log, List<Series> series) {}

  /// One line of a chart: the benchmark's name for the figure and what to call it here.
  private record Series(String figure, String label) {}

  private static final List<Chart> CHARTS =
      List.of(
          new Chart(
              "agents",
              "Tokens by client secret",
              "registered agents",
              "requests/s",
              true,
              List.of(new Series("token", "token rate"))),
          new Chart(
              "append",
              "Appending to the record",
              "entries in the record",
              "entries/s",
              true,
              List.of(new Series("append", "append rate"))),
          new Chart(
              "receipts",
              "Receipts of random entries",
              "entries in the record",
              "requests/s",
              true,
              List.of(new Series("receipts", "receipt rate"))),
          new Chart(
              "policies",
              "Decisions",
              "policies of the organisation",
              "decisions/s",
              true,
              List.of(new Series("decide_in_process", "decision rate"))),
          new Chart(
              "sustained-rate",
              "A sustained run: rate",
              "seconds since the warm-up",
              "requests/s",
              false,
              List.of(new Series("sustained_rate", "token rate"))),
          new Chart(
              "sustained-latency",
              "A sustained run: latency",
              "seconds since the warm-up",
              "ms",
              false,
              List.of(
                  new Series("sustained_p50", "p50"),
                  new Series("sustained_p99", "p99"),
                  new Series("sustained_p999", "p99.9"))),
          new Chart(
              "sustained-memory",
              "A sustained run: resident memory of the server",
              "seconds since the warm-up",
              "MB",
              false,
              List.of(new Series("sustained_resident", "resident"))));

  private final TreeMap<String, TreeMap<Long, Double>> figures = new TreeMap<>();
  private final StringBuilder svg = new StringBuilder();

  private Plot() {}

  /// Draws in the folder that is the only argument.
  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    var all = new Plot();
    try (var files = Files.newDirectoryStream(folder, "*.txt")) {
      for (var file : files) {
        all.read(file);
      }
    }
    for (var chart : CHARTS) {
      var shown = chart.series.stream().filter(one -> all.figures.containsKey(one.figure)).toList();
      if (!shown.isEmpty()) {
        var file = folder.resolve(chart.file + ".svg");
        Files.writeString(file, all.draw(chart, shown));
        System.out.println(file);
      }
    }
  }

  private void read(Path file) throws IOException {
    for (var line : Files.readAllLines(file)) {
      var matched = LINE.matcher(line);
      if (matched.matches()) {
        figures
            .computeIfAbsent(matched.group(1), _ -> new TreeMap<>())
            .put(Long.valueOf(matched.group(2)), Double.valueOf(matched.group(3)));
      }
    }
  }

  /// How positions and values become points of the drawing. On a logarithmic axis 0 stands one
  /// decade before the least size that can stand there.
  private record Scale(boolean log, double least, double most, double top) {
    static Scale of(boolean log, List<TreeMap<Long, Double>> lines) {
      double least = Double.MAX_VALUE;
      double most = 1;
      double top = 0;
      for (var line : lines) {
        for (var point : line.entrySet()) {
          if (!log || point.getKey() > 0) {
            least = Math.min(least, point.getKey());
          }
          most = Math.max(most, point.getKey());
          top = Math.max(top, point.getValue());
        }
      }
      boolean zero = lines.stream().anyMatch(line -> line.containsKey(0L));
      return new Scale(log, log ? (zero ? least / 10 : least) : 0, most, round(top * 1.08));
    }

    /// The next value above that is five steps of 1, 2, 2.5, 4, 5 or 8 times a power of ten.
    private static double round(double value) {
      if (value <= 0) {
        return 1;
      }
      double step = value / STEPS;
      double power = Math.pow(10, Math.floor(Math.log10(step)));
      for (double times : new double[] {1, 2, 2.5, 4, 5, 8}) {
        if (times * power >= step) {
          return times * power * STEPS;
        }
      }
      return 10 * power * STEPS;
    }

    double x(long at) {
      double share =
          log
              ? (Math.log10(Math.max(at, least)) - Math.log10(least))
                  / Math.max(1e-9, Math.log10(most) - Math.log10(least))
              : (at - least) / Math.max(1e-9, most - least);
      return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
      return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    /// Where the horizontal axis is labelled.
    List<Long> marks(List<TreeMap<Long, Double>> lines) {
      if (log) {
        return lines.stream().flatMap(line -> line.keySet().stream()).distinct().sorted().toList();
      }
      long step = (long) Math.max(1, round(most) / STEPS);
      var marks = new ArrayList<Long>();
      for (long at = 0; at <= most; at += step) {
        marks.add(at);
      }
      return marks;
    }
  }

  private String draw(Chart chart, List<Series> shown) {
    svg.setLength(0);
    var lines = shown.stream().map(one -> figures.get(one.figure)).toList();
    var scale = Scale.of(chart.log, lines);
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
            + " height=\"%d\" role=\"img\" aria-label=\"%s\">",
        WIDTH, HEIGHT, WIDTH, HEIGHT, chart.title);
    svg.append(STYLE);
    add("<rect class=\"paper\" width=\"%d\" height=\"%d\" rx=\"6\"/>", WIDTH, HEIGHT);
    add("<text class=\"title\" x=\"%d\" y=\"30\">%s</text>", LEFT, chart.title);
    add("<text class=\"quiet\" x=\"%d\" y=\"50\">%s</text>", LEFT, chart.up);
    values(scale);
    for (long mark : scale.marks(lines)) {
      double x = scale.x(mark);
      add(
          "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
          x, x, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 5);
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x, HEIGHT - BOTTOM + 22, number(mark));
    }
    add(
        "<text class=\"quiet\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, chart.across);
    for (int i = 0; i < shown.size(); i++) {
      line(lines.get(i), scale, i, chart.log);
      if (shown.size() > 1) {
        add(
            "<text class=\"name c%d\" x=\"%d\" y=\"50\" text-anchor=\"end\">%s</text>",
            i, WIDTH - RIGHT - 64 * (shown.size() - 1 - i), shown.get(i).label);
      }
    }
    svg.append("</svg>\n");
    return svg.toString();
  }

  private void values(Scale scale) {
    for (int i = 0; i <= STEPS; i++) {
      double value = scale.top * i / STEPS;
      double y = scale.y(value);
      add(
          "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
          i == 0 ? "axis" : "grid", LEFT, WIDTH - RIGHT, y, y);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 10, y + 4.5, number(value));
    }
  }

  private void line(TreeMap<Long, Double> points, Scale scale, int colour, boolean told) {
    var path = new StringBuilder();
    points.forEach(
        (at, value) ->
            path.append(path.isEmpty() ? "M" : " L")
                .append(String.format(Locale.ROOT, "%.1f %.1f", scale.x(at), scale.y(value))));
    add("<path class=\"line c%d\" d=\"%s\"/>", colour, path);
    points.forEach(
        (at, value) -> {
          double x = scale.x(at);
          double y = scale.y(value);
          add(
              "<circle class=\"dot c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"/>",
              colour, x, y, told ? "4" : "2.5");
          if (told) {
            var anchor = x < LEFT + 20 ? "start" : x > WIDTH - RIGHT - 20 ? "end" : "middle";
            add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                x, y - 12, anchor, number(Math.rint(value)));
          }
        });
  }

  private void add(String pattern, Object... arguments) {
    svg.append(String.format(Locale.ROOT, pattern, arguments)).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
