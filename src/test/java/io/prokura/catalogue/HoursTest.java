package io.prokura.catalogue;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Hours at their edges, over the day's end, and on the nights when clocks are turned. In Berlin
/// that is 2026-03-29 at 01:00 UTC, from 02:00 to 03:00, and 2026-10-25 at 01:00 UTC, from 03:00 to
/// 02:00; both are Sundays.
final class HoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Hours hours(Hours.Window... windows) {
    return new Hours(BERLIN, List.of(windows));
  }

  private static Hours.Window window(String from, String to, DayOfWeek... days) {
    return new Hours.Window(Set.of(days), minute(from), minute(to));
  }

  private static int minute(String clock) {
    return Integer.parseInt(clock.substring(0, 2)) * 60 + Integer.parseInt(clock.substring(3));
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }

  @Test
  void aWindowIsOpenFromItsFirstMinuteUntilJustBeforeItsLast() {
    var office = hours(window("09:00", "17:30", MONDAY));
    assertThat(office.contains(at("2026-01-05T07:59:59.999Z"))).isFalse();
    assertThat(office.contains(at("2026-01-05T08:00:00Z"))).isTrue();
    assertThat(office.contains(at("2026-01-05T16:29:59.999Z"))).isTrue();
    assertThat(office.contains(at("2026-01-05T16:30:00Z"))).isFalse();
    assertThat(office.contains(at("2026-01-06T10:00:00Z"))).isFalse();
    assertThat(office.until(at("2026-01-05T08:00:00.123Z"))).isEqualTo(at("2026-01-05T16:30:00Z"));
    assertThat(office.until(at("2026-01-05T16:30:00Z"))).isEqualTo(at("2026-01-05T16:30:00Z"));
  }

  @Test
  void windowsThatTouchAreOneEvenOverMidnight() {
    var night = hours(window("22:00", "24:00", SATURDAY), window("00:00", "06:00", SUNDAY));
    assertThat(night.until(at("2026-01-10T21:30:00Z"))).isEqualTo(at("2026-01-11T05:00:00Z"));
    assertThat(night.contains(at("2026-01-10T23:00:00Z"))).isTrue();
  }

  @Test
  void whatIsAlwaysOpenHasItsEndOnlyDaysAhead() {
    var always = hours(new Hours.Window(EnumSet.allOf(DayOfWeek.class), 0, Hours.DAY_MINUTES));
    var now = at("2026-03-28T12:00:00Z");
    assertThat(always.until(now)).isAfter(now.plusSeconds(7 * 24 * 3600));
  }

  @Test
  void whereClocksArePutForwardTheMinutesLeftOutAreNeverOpen() {
    var early = hours(window("01:30", "02:30", SUNDAY));
    assertThat(early.until(at("2026-03-29T00:45:00Z"))).isEqualTo(at("2026-03-29T01:00:00Z"));
    assertThat(early.contains(at("2026-03-29T01:00:00Z"))).isFalse();
    var over = hours(window("01:30", "03:30", SUNDAY));
    assertThat(over.until(at("2026-03-29T00:45:00Z"))).isEqualTo(at("2026-03-29T01:30:00Z"));
    assertThat(hours(window("02:00", "03:00", SUNDAY)).contains(at("2026-03-29T01:00:00Z")))
        .isFalse();
  }

  @Test
  void whereClocksArePutBackTheMinutesThatComeTwiceCountBothTimes() {
    var twice = hours(window("02:00", "02:30", SUNDAY));
    assertThat(twice.until(at("2026-10-25T00:10:00Z"))).isEqualTo(at("2026-10-25T00:30:00Z"));
    assertThat(twice.contains(at("2026-10-25T00:45:00Z"))).isFalse();
    assertThat(twice.until(at("2026-10-25T01:10:00Z"))).isEqualTo(at("2026-10-25T01:30:00Z"));
    var over = hours(window("02:15", "03:30", SUNDAY));
    assertThat(over.until(at("2026-10-25T00:20:00Z"))).isEqualTo(at("2026-10-25T01:00:00Z"));
    assertThat(over.contains(at("2026-10-25T01:00:00Z"))).isFalse();
    assertThat(over.until(at("2026-10-25T01:20:00Z"))).isEqualTo(at("2026-10-25T02:30:00Z"));
  }

  @Test
  void hoursAreWithinOthersOfTheSameZoneThatHoldEachOfTheirMinutes() {
    var wide = hours(window("08:00", "12:00", MONDAY, SUNDAY), window("12:00", "18:00", MONDAY));
    assertThat(hours(window("09:00", "17:00", MONDAY)).isWithin(wide)).isTrue();
    assertThat(wide.isWithin(wide)).isTrue();
    assertThat(hours(window("09:00", "13:00", SUNDAY)).isWithin(wide)).isFalse();
    assertThat(hours(window("07:59", "09:00", MONDAY)).isWithin(wide)).isFalse();
    assertThat(hours(window("09:00", "18:01", MONDAY)).isWithin(wide)).isFalse();
    var elsewhere = new Hours(ZoneId.of("Europe/Paris"), List.of(window("09:00", "10:00", MONDAY)));
    assertThat(elsewhere.isWithin(wide)).isFalse();
  }

  @Test
  void thereAreNoEmptyAndNoOverlappingWindows() {
    assertThatIllegalArgumentException().isThrownBy(() -> window("09:00", "09:00", MONDAY));
    assertThatIllegalArgumentException().isThrownBy(() -> window("10:00", "09:00", MONDAY));
    assertThatIllegalArgumentException().isThrownBy(() -> window("09:00", "10:00"));
    assertThatIllegalArgumentException().isThrownBy(() -> hours());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                hours(window("09:00", "12:00", MONDAY, SUNDAY), window("11:59", "13:00", SUNDAY)));
    assertThat(Hours.zone("+02:00")).isEmpty();
    assertThat(Hours.zone("Europe/Nowhere")).isEmpty();
  }
}
