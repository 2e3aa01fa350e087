package io.prokura.catalogue;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The hours of the week in which a purpose may be acted for, read off the clock on the wall of its
/// time zone. Where clocks are put forward, the minutes left out never are; where they are put
/// back, the minutes that come twice count both times.
public record Hours(ZoneId zone, List<Window> windows) {
  /// How many windows there may be.
  public static final int WINDOWS_MAX = 50;

  /// Minutes of a day, by the names that its clock gives them.
  public static final int DAY_MINUTES = 24 * 60;

  /// How many boundaries in a row are looked behind for the end of what is open.
  private static final int STEPS_MAX = 20;

  /// One stretch of time on each of some days: from a minute of the day until just before another;
  /// [#DAY_MINUTES] is the end of the day.
  public record Window(Set<DayOfWeek> days, int from, int to) {

    public Window {
      if (days.isEmpty() || from < 0 || from >= to || to > DAY_MINUTES) {
        throw new IllegalArgumentException("an empty window");
      }
      days = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(days));
    }

    boolean contains(Moment moment) {
      return days.contains(moment.day) && from <= moment.minute && moment.minute < to;
    }

    private boolean overlaps(Window other) {
      return from < other.to && other.from < to && days.stream().anyMatch(other.days::contains);
    }
  }

  /// A minute of the week on the wall clock.
  public record Moment(DayOfWeek day, int minute) {

    /// The word for the day in the API and in policies: `monday`.
    public String weekday() {
      return word(day);
    }
  }

  public Hours {
    windows = List.copyOf(windows);
    if (windows.isEmpty() || overlap(windows)) {
      throw new IllegalArgumentException("no windows, or some that overlap");
    }
  }

  /// Whether two of them share a minute.
  static boolean overlap(List<Window> windows) {
    for (int i = 0; i < windows.size(); i++) {
      for (int j = i + 1; j < windows.size(); j++) {
        if (windows.get(i).overlaps(windows.get(j))) {
          return true;
        }
      }
    }
    return false;
  }

  /// The zone of that name in the IANA database, if there is one; offsets are none.
  public static Optional<ZoneId> zone(String name) {
    return ZoneId.getAvailableZoneIds().contains(name)
        ? Optional.of(ZoneId.of(name))
        : Optional.empty();
  }

  static String word(DayOfWeek day) {
    return day.name().toLowerCase(Locale.ROOT);
  }

  static Optional<DayOfWeek> day(String word) {
    return java.util.Arrays.stream(DayOfWeek.values())
        .filter(day -> word(day).equals(word))
        .findFirst();
  }

  /// What the clock in `zone` shows at `instant`.
  public static Moment moment(ZoneId zone, Instant instant) {
    var local = instant.atZone(zone);
    return new Moment(local.getDayOfWeek(), local.get(ChronoField.MINUTE_OF_DAY));
  }

  /// Whether `instant` is in one of the windows.
  public boolean contains(Instant instant) {
    var moment = moment(zone, instant);
    return windows.stream().anyMatch(window -> window.contains(moment));
  }

  /// The time at which they end that are open at `now`; `now` itself when they are not. Windows
  /// that touch are one. Looked for only some days ahead: whatever ends then may be renewed.
  public Instant until(Instant now) {
    var at = now;
    for (int i = 0; i < STEPS_MAX && contains(at); i++) {
      at = nextBoundary(at);
    }
    return at;
  }

  /// The end of the window that is open at `at`, or the time at which clocks are put forward or
  /// back, whichever comes first.
  private Instant nextBoundary(Instant at) {
    var moment = moment(zone, at);
    int to =
        windows.stream()
            .filter(window -> window.contains(moment))
            .mapToInt(Window::to)
            .findFirst()
            .orElseThrow();
    long passed = at.atZone(zone).getLong(ChronoField.MILLI_OF_DAY);
    var end = at.plusMillis(to * 60_000L - passed);
    var turned = zone.getRules().nextTransition(at);
    return turned != null && turned.getInstant().isBefore(end) ? turned.getInstant() : end;
  }

  /// Whether each of these minutes is one of `other`'s. Hours of two zones are not compared: no.
  boolean isWithin(Hours other) {
    return zone.equals(other.zone)
        && windows.stream()
            .allMatch(window -> window.days.stream().allMatch(day -> other.holds(window, day)));
  }

  private boolean holds(Window inner, DayOfWeek day) {
    int reached = inner.from;
    for (var window : on(day)) {
      if (window.from <= reached && reached < window.to) {
        reached = window.to;
      }
    }
    return reached >= inner.to;
  }

  private List<Window> on(DayOfWeek day) {
    var some = new ArrayList<>(windows.stream().filter(one -> one.days.contains(day)).toList());
    some.sort(Comparator.comparingInt(Window::from));
    return some;
  }

  /// A minute of the day as people write it: `09:00`, the end of the day `24:00`.
  static String clock(int minute) {
    return "%02d:%02d".formatted(minute / 60, minute % 60);
  }

  /// The hours in words: `monday, friday 09:00-17:30 (Europe/Berlin)`.
  public String words() {
    return windows.stream()
        .map(
            one ->
                "%s %s-%s"
                    .formatted(
                        one.days.stream().map(Hours::word).collect(Collectors.joining(", ")),
                        clock(one.from),
                        clock(one.to)))
        .collect(Collectors.joining("; ", "", " (" + zone.getId() + ")"));
  }
}
