package io.prokura.bench;

import java.util.Locale;

/// One measured value, printed as `name value unit`.
record Figure(String name, double value, String unit) {

  /// The same figure as part of what is told about `subject`.
  Figure of(String subject) {
    return new Figure(subject + "_" + name, value, unit);
  }

  @Override
  public String toString() {
    var pattern = Math.abs(value) >= 100 || value == Math.rint(value) ? "%s %.0f %s" : "%s %.3f %s";
    return String.format(Locale.ROOT, pattern, name, value, unit);
  }
}
