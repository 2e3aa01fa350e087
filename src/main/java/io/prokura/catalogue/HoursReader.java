package io.prokura.catalogue;

import io.prokura.json.Json;
import io.prokura.management.Fields;
import java.util.EnumSet;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the hours of a purpose from the body of a request, and writes them as they are read.
final class HoursReader {
  private static final Pattern CLOCK = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]|24:00");

  private HoursReader() {}

  /// The member `hours`, if it is there; what is wrong with it becomes a problem of `outer`.
  static Optional<Hours> read(Fields outer) {
    return outer.object("hours").flatMap(body -> read(outer, new Fields(body)));
  }

  private static Optional<Hours> read(Fields outer, Fields fields) {
    var zone = fields.optional("zone", "an IANA time zone such as Europe/Berlin", Hours::zone);
    var windows =
        fields.objects("windows").stream()
            .map(one -> window(fields, new Fields(one)))
            .flatMap(Optional::stream)
            .toList();
    var problem = fields.problem();
    if (problem.isPresent()) {
      outer.wrong("hours: " + problem.get().detail());
    } else if (zone.isEmpty() || windows.isEmpty() || windows.size() > Hours.WINDOWS_MAX) {
      outer.wrong("hours: zone and 1 to %d windows are required".formatted(Hours.WINDOWS_MAX));
    } else if (Hours.overlap(windows)) {
      outer.wrong("hours: two windows overlap");
    } else {
      return zone.map(id -> new Hours(id, windows));
    }
    return Optional.empty();
  }

  private static Optional<Hours.Window> window(Fields outer, Fields fields) {
    var days = fields.list("days", "a day such as monday", Hours::day);
    int from = fields.required("from", "a time such as 09:00", HoursReader::minute, 0);
    int to = fields.required("to", "a time such as 17:30 or 24:00", HoursReader::minute, 0);
    var problem = fields.problem();
    if (problem.isPresent()) {
      outer.wrong("windows: " + problem.get().detail());
    } else if (days.isEmpty() || from >= to) {
      outer.wrong("windows: days names one at least, and from is before to");
    } else {
      return Optional.of(new Hours.Window(EnumSet.copyOf(days), from, to));
    }
    return Optional.empty();
  }

  private static Optional<Integer> minute(String clock) {
    return CLOCK.matcher(clock).matches()
        ? Optional.of(
            Integer.parseInt(clock.substring(0, 2)) * 60 + Integer.parseInt(clock.substring(3)))
        : Optional.empty();
  }

  static Json.Obj json(Hours hours) {
    return Json.object()
        .put("zone", hours.zone().getId())
        .put("windows", Json.array(hours.windows().stream().map(HoursReader::json).toList()))
        .build();
  }

  private static Json json(Hours.Window window) {
    return Json.object()
        .put("days", window.days().stream().map(Hours::word).toList())
        .put("from", Hours.clock(window.from()))
        .put("to", Hours.clock(window.to()))
        .build();
  }

  /// What [#json] wrote into a column.
  static Hours stored(Json.Obj column) {
    var fields = new Fields(Json.object().put("hours", column).build());
    return read(fields)
        .orElseThrow(() -> new IllegalStateException("no hours: " + fields.problem()));
  }
}
