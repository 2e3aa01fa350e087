package io.prokura.simulation;

import java.util.ArrayList;
import java.util.List;

/// The values a thing has had, each from a place in the record on.
///
/// A server that has followed the changes up to a place believes in the value of that place, or in
/// a later one when it has read the thing anew since.
final class History<T> {
  private final List<Since<T>> values = new ArrayList<>();

  private record Since<T>(long place, T value) {}

  History(long place, T value) {
    set(place, value);
  }

  void set(long place, T value) {
    if (!values.isEmpty() && place < values.getLast().place()) {
      throw new IllegalArgumentException("a change before the last one");
    }
    values.add(new Since<>(place, value));
  }

  /// The value in the database.
  T now() {
    return values.getLast().value();
  }

  /// The place it came into being at.
  long since() {
    return values.getFirst().place();
  }

  /// What a server may believe in that has followed up to `applied`.
  List<T> believable(long applied) {
    int from = values.size() - 1;
    while (from > 0 && values.get(from).place() > applied) {
      from--;
    }
    return values.subList(from, values.size()).stream().map(Since::value).toList();
  }
}
