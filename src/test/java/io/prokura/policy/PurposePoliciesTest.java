package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.catalogue.Hours;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Purpose;
import io.prokura.cedar.Authorizer;
import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Request;
import io.prokura.cedar.Response;
import io.prokura.decision.Organisation;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    policies = new PurposePolicies(organisation.catalogue);
  }

  @AfterAll
  static void close() {
    organisation.close();
  }

  private static Purpose with(Purpose made, Optional<Hours> hours) {
    return new Purpose(
        made.id(),
        made.name(),
        "",
        made.owner(),
        "",
        List.of(),
        made.covers(),
        Optional.empty(),
        hours,
        Optional.of(END),
        made.version());
  }

  private static Response ask(String action, Instant now) {
    var object = EntityUid.of("thing", "1");
    var entity = new Entity(object, Map.of(), Set.of(Uids.resource("https://hours.example")));
    var request =
        new Request(
            EntityUid.of("Prokura::Agent", "any"),
            EntityUid.of("Action", action),
            object,
            PurposePolicies.context(purpose, now));
    return Authorizer.authorize(request, Entities.of(List.of(entity)), policies.of(purpose));
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
