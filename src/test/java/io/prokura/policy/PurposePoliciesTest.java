package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Hours;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.Decision;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Response;
import io.prokura.decision.Organisation;
import io.prokura.kernel.Scopes;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A purpose written as policies lets through what the purpose covers, at its hours and no other.
final class PurposePoliciesTest {
  private static final Hours OFFICE =
      new Hours(
          ZoneId.of("Europe/Berlin"),
          List.of(
              new Hours.Window(Set.of(DayOfWeek.SUNDAY), 90, 150),
              new Hours.Window(Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), 9 * 60, 17 * 60)));
  private static final Instant END = Instant.parse("2026-12-28T09:00:00Z");

  private static Organisation organisation;
  private static Purpose purpose;
  private static PurposePolicies policies;

  @BeforeAll
  static void open() {
    organisation = new Organisation(Policies.builtIn());
    var owner = organisation.registers.user("owner").id();
    var resource =
        organisation.resource(
            "https://hours.example",
            List.of("thing"),
            List.of("read", "write"),
            true,
            PersonRights.CHECKED,
            List.of(),
            List.of());
    var made = organisation.purpose("office", owner, resource, "read");
    purpose =
        organisation.registers.done(
            tx ->
                organisation.purposes.replace(
                    tx, organisation.registers.admin, with(made, Optional.of(OFFICE))));
    policies = new PurposePolicies();
  }

  @AfterAll
  static void close() {
    organisation.close();
  }

  private static Purpose with(Purpose made, Optional<Hours> hours) {
    return with(made, made.covers(), hours, Optional.of(END));
  }

  private static Purpose with(
      Purpose made, List<Coverage> covers, Optional<Hours> hours, Optional<Instant> end) {
    return new Purpose(
        made.id(),
        made.name(),
        "",
        made.owner(),
        "",
        List.of(),
        covers,
        Optional.empty(),
        hours,
        end,
        made.version());
  }

  private static Response ask(String action, Instant now) {
    return ask(purpose, "https://hours.example", action, now);
  }

  private static Response ask(Purpose purpose, String resource, String action, Instant now) {
    var on = organisation.catalogue.resourceAt(resource).orElseThrow();
    return policies
        .of(purpose, on)
        .map(
            it ->
                it.ask(EntityUid.of("Prokura::Agent", "any"), EntityUid.of("Action", action), now))
        .orElseGet(() -> new Response(Decision.DENY, List.of(), 0, List.of()));
  }

  @Test
  void itAllowsExactlyWhereTheHoursAreOpenOnEveryMinuteOfTheTurnsOfTheClock() {
    for (var start : List.of("2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z")) {
      for (int minute = 0; minute < 48 * 60; minute++) {
        var now = Instant.parse(start).plusSeconds(minute * 60L);
        assertThat(ask("read", now).allowed()).as("%s", now).isEqualTo(OFFICE.contains(now));
      }
    }
  }

  @Test
  void itNamesThePurposeAndTheResourceAndEndsWithThePurpose() {
    var before = ask("read", END.minusMillis(1));
    assertThat(before.allowed()).isTrue();
    var resource = purpose.covers().getFirst().resource().text();
    assertThat(before.determiningIds()).containsExactly(purpose.id().text() + "#" + resource);
    assertThat(ask("read", END).allowed()).isFalse();
    assertThat(ask("write", END.minusMillis(1)).allowed()).isFalse();
    assertThat(ask("read", END).errors()).isEmpty();
  }

  /// Tokens are issued by the arithmetic of purposes and decisions made by their policies.
  @Test
  void itAgreesWithTheArithmeticThatTokensAreIssuedBy() {
    var random = new Random(7);
    var words = List.of("read", "write", "wipe");
    var resources =
        Stream.of("one", "two", "three")
            .map(
                name ->
                    organisation.resource(
                        "https://" + name + ".example",
                        List.of("kind_" + name),
                        words,
                        true,
                        PersonRights.CHECKED,
                        List.of(),
                        List.of()))
            .toList();
    int allowed = 0;
    int denied = 0;
    for (int round = 0; round < 200; round++) {
      var covers = new ArrayList<Coverage>();
      for (var resource : resources) {
        var some = words.stream().filter(_ -> random.nextBoolean()).toList();
        if (!some.isEmpty()) {
          covers.add(new Coverage(resource.id(), Scopes.of(some)));
        }
      }
      var hours = random.nextBoolean() ? Optional.of(hours(random)) : Optional.<Hours>empty();
      var end = random.nextBoolean() ? Optional.of(moment(random)) : Optional.<Instant>empty();
      var one = with(purpose, covers, hours, end);
      for (int question = 0; question < 20; question++) {
        var resource = resources.get(random.nextInt(resources.size()));
        var action = words.get(random.nextInt(words.size()));
        var now = random.nextInt(4) == 0 ? end.orElse(END) : moment(random);
        var answer = ask(one, resource.identifier(), action, now);
        boolean expected =
            one.isInForce(now) && one.isOpen(now) && one.covers(resource.id(), action);
        assertThat(answer.errors()).isEmpty();
        assertThat(answer.allowed()).as("%s of %s at %s", action, one, now).isEqualTo(expected);
        allowed += expected ? 1 : 0;
        denied += expected ? 0 : 1;
      }
    }
    assertThat(allowed).isPositive();
    assertThat(denied).isPositive();
  }

  private static Instant moment(Random random) {
    return END.minusSeconds(30L * 24 * 3600).plusSeconds(random.nextInt(60 * 24 * 3600));
  }

  private static Hours hours(Random random) {
    var zones = List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York");
    int from = random.nextInt(Hours.DAY_MINUTES);
    int to = from + 1 + random.nextInt(Hours.DAY_MINUTES - from);
    var days = EnumSet.noneOf(DayOfWeek.class);
    days.add(DayOfWeek.of(1 + random.nextInt(7)));
    days.add(DayOfWeek.of(1 + random.nextInt(7)));
    var zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
    return new Hours(zone, List.of(new Hours.Window(days, from, to)));
  }

  @Test
  void aPersonCanReadIt() {
    var resource = purpose.covers().getFirst().resource().text();
    assertThat(PurposePolicies.text(purpose, organisation.catalogue))
        .isEqualTo(
            """
            @id("%s#%s")
            @purpose("office")
            @zone("Europe/Berlin")
            permit (
              principal,
              action in [Action::"read"],
              resource in Prokura::Resource::"https://hours.example"
            )
            when {
              context.now < datetime("2026-12-28T09:00:00Z") &&
              ((["sunday"].contains(context.weekday) &&
                context.minute >= 90 && context.minute < 150) ||
               (["monday", "friday"].contains(context.weekday) &&
                context.minute >= 540 && context.minute < 1020))
            };
            """
                .formatted(purpose.id().text(), resource));
  }
}
