package io.prokura.catalogue;

import static io.prokura.catalogue.Catalogued.cover;
import static io.prokura.catalogue.Catalogued.withActions;
import static io.prokura.catalogue.Catalogued.withTypes;
import static io.prokura.catalogue.PermissionMode.ON_BEHALF;
import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Scopes;
import io.prokura.sql.Database;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the registers of resources and purposes must do on every database. A subclass names the
/// database.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CatalogueContract {
  private final Catalogued it;

  CatalogueContract(Database database) {
    it = new Catalogued(database);
  }

  @AfterAll
  void close() {
    it.close();
  }

  @Test
  void knowsAResourceByIdIdentifierTypeAndEnforcer() {
    var enforcer = it.all.workload(it.owner).id();
    var type = it.all.fresh("Crm::Ticket");
    var draft =
        new Resource(
            Id.Resource.random(it.all.world),
            "https://" + it.all.fresh("crm") + ".example/mcp?v=2",
            "CRM",
            List.of(type, "tool"),
            List.of(
                new Action(
                    "crm.delete",
                    Sensitivity.HIGH,
                    Reversibility.IRREVERSIBLE,
                    "deletes \"for ever\"",
                    List.of("record", "reason")),
                new Action("crm.list", Sensitivity.LOW, Reversibility.UNSAID, "", List.of("page")),
                new Action("crm.read", Sensitivity.LOW, true, "")),
            false,
            PersonRights.HELD,
            Algorithm.ES256,
            List.of(enforcer),
            List.of("resource.status", "context.ip"),
            1);
    var resource = it.all.done(tx -> it.resources.register(tx, it.all.admin, draft));
    assertThat(it.catalogue.resource(draft.id())).contains(draft).contains(resource);
    assertThat(it.catalogue.resourceAt(draft.identifier())).contains(draft);
    assertThat(it.catalogue.resourceAt(draft.identifier() + "/")).isEmpty();
    assertThat(it.catalogue.resourceOfType(type)).contains(draft);
    assertThat(it.catalogue.resourceOfType("tool")).isEmpty();
    assertThat(it.catalogue.enforcedBy(enforcer)).containsExactly(draft);
    assertThat(it.catalogue.enforcedBy(it.owner)).isEmpty();
    assertThat(new Catalogue(it.all.database, it.all.feed).resource(draft.id())).contains(draft);
  }

  @Test
  void letsAnIdentifierBeRegisteredOnce() {
    var resource = it.resource("read");
    var again =
        new Resource(
            Id.Resource.random(it.all.world),
            resource.identifier(),
            "Impostor",
            List.of(),
            List.of(),
            true,
            PersonRights.CHECKED,
            Algorithm.ES256,
            List.of(),
            List.of(),
            1);
    assertThat(refusal(again)).isEqualTo(DUPLICATE);
    assertThat(it.catalogue.resourceAt(resource.identifier())).contains(resource);
  }

  @Test
  void letsATypeBelongToOneResourceUnlessItIsShared() {
    var type = it.all.fresh("record");
    var first = withTypes(it.draft("read"), type, "tool");
    it.all.done(tx -> it.resources.register(tx, it.all.admin, first));
    assertThat(refusal(withTypes(it.draft("read"), type))).isEqualTo(DUPLICATE);
    var second = it.resource("read");
    assertThat(
            it.all.refusal(
                tx -> it.resources.replace(tx, it.all.admin, withTypes(second, "tool", type))))
        .isEqualTo(DUPLICATE);
    assertThat(it.catalogue.resourceOfType(type)).contains(first);
    it.all.done(tx -> it.resources.replace(tx, it.all.admin, withTypes(first, "tool")));
    it.all.done(tx -> it.resources.replace(tx, it.all.admin, withTypes(second, "tool", type)));
    assertThat(it.catalogue.resourceOfType(type).orElseThrow().id()).isEqualTo(second.id());
  }

  @Test
  void trustsAWorkloadAsEnforcerOnlyWhileItIsRegisteredAsOne() {
    var resource = it.resource("read");
    var enforcer = it.all.workload(it.owner).id();
    var with = enforced(resource, enforcer);
    it.all.done(tx -> it.resources.replace(tx, it.all.admin, with));
    assertThat(it.catalogue.enforcedBy(enforcer)).hasSize(1);
    var without = resource.withVersion(2);
    it.all.done(tx -> it.resources.replace(tx, it.all.admin, without));
    assertThat(it.catalogue.enforcedBy(enforcer)).isEmpty();
    var unknown = enforced(resource.withVersion(3), Id.Workload.random(it.all.world));
    assertThat(it.all.refusal(tx -> it.resources.replace(tx, it.all.admin, unknown)))
        .isEqualTo(REFERENCE_UNKNOWN);
  }

  @Test
  void changesAResourceOnlyOverTheVersionThatWasReadAndNeverItsIdentifier() {
    var resource = it.resource("read");
    var next = withActions(resource, "read", "write");
    it.all.done(tx -> it.resources.replace(tx, it.all.admin, next));
    assertThat(it.all.refusal(tx -> it.resources.replace(tx, it.all.admin, next)))
        .isEqualTo(PRECONDITION_STALE);
    var moved =
        new Resource(
            resource.id(),
            "https://elsewhere.example/",
            "x",
            List.of(),
            next.actions(),
            true,
            PersonRights.CHECKED,
            Algorithm.ES256,
            List.of(),
            List.of(),
            2);
    assertThat(it.all.refusal(tx -> it.resources.replace(tx, it.all.admin, moved)))
        .isEqualTo(FIELD_INVALID);
    assertThat(it.all.refusal(tx -> it.resources.replace(tx, it.all.admin, it.draft("read"))))
        .isEqualTo(NOT_FOUND);
  }

  @Test
  void keepsAnActionThatAPurposeOrAPermissionNames() {
    var resource = it.resource("read", "write", "erase");
    it.purpose(Optional.empty(), cover(resource, "read"));
    var permission = it.permission(it.agent(), resource, ON_BEHALF, "write");
    assertThat(drop(resource, "write", "erase")).isEqualTo(STATE_CONFLICT);
    assertThat(drop(resource, "read", "erase")).isEqualTo(STATE_CONFLICT);
    it.all.done(tx -> it.permissions.revoke(tx, it.all.admin, permission.id(), "done"));
    it.all.done(
        tx -> it.resources.replace(tx, it.all.admin, withActions(resource, "read", "erase")));
    assertThat(it.catalogue.resource(resource.id()).orElseThrow().scopes())
        .isEqualTo(new Scopes(List.of("erase", "read")));
  }

  @Test
  void saysWhatAPurposeCoversAndUntilWhen() {
    var resource = it.resource("read", "write");
    var other = it.resource("read");
    var end = it.all.now.get().plusSeconds(60);
    var draft = ending(it.purposeDraft(Optional.empty(), cover(resource, "read")), end);
    it.all.done(tx -> it.purposes.register(tx, it.all.admin, draft));
    var purpose = it.catalogue.purposeNamed(draft.name()).orElseThrow();
    assertThat(purpose).isEqualTo(draft);
    assertThat(it.catalogue.purpose(draft.id())).contains(draft);
    assertThat(purpose.covers(resource.id(), "read")).isTrue();
    assertThat(purpose.covers(resource.id(), "write")).isFalse();
    assertThat(purpose.covers(other.id(), "read")).isFalse();
    assertThat(it.catalogue.covered(draft.id(), resource.id()).toString()).isEqualTo("read");
    assertThat(it.catalogue.covered(Id.Purpose.random(it.all.world), resource.id()).isEmpty())
        .isTrue();
    assertThat(purpose.isInForce(end.minusMillis(1))).isTrue();
    assertThat(purpose.isInForce(end)).isFalse();
  }

  @Test
  void registersPurposesOnlyForWhatThereIs() {
    var resource = it.resource("read");
    var group = Id.Group.random(it.all.world);
    var nobodys = owned(it.purposeDraft(Optional.empty()), group);
    assertThat(refusal(nobodys)).isEqualTo(REFERENCE_UNKNOWN);
    assertThat(refusal(it.purposeDraft(Optional.empty(), cover(resource, "read", "write"))))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(refusal(it.purposeDraft(Optional.empty(), cover(it.draft("read"), "read"))))
        .isEqualTo(REFERENCE_UNKNOWN);
    assertThat(refusal(it.purposeDraft(Optional.of(Id.Purpose.random(it.all.world)))))
        .isEqualTo(REFERENCE_UNKNOWN);
    var purpose = it.purpose(Optional.empty(), cover(resource, "read"));
    assertThat(refusal(purpose)).isEqualTo(DUPLICATE);
  }

  @Test
  void neverLetsANarrowerPurposeCoverMoreOrLastLonger() {
    var resource = it.resource("read", "write", "erase");
    var end = it.all.now.get().plusSeconds(60);
    var draft = ending(it.purposeDraft(Optional.empty(), cover(resource, "read", "write")), end);
    var broad = it.all.done(tx -> it.purposes.register(tx, it.all.admin, draft));
    var up = Optional.of(broad.id());
    assertThat(refusal(ending(it.purposeDraft(up, cover(resource, "erase")), end)))
        .isEqualTo(FIELD_INVALID);
    assertThat(refusal(it.purposeDraft(up, cover(resource, "read")))).isEqualTo(FIELD_INVALID);
    assertThat(refusal(ending(it.purposeDraft(up, cover(resource, "read")), end.plusMillis(1))))
        .isEqualTo(FIELD_INVALID);
    var fine = ending(it.purposeDraft(up, cover(resource, "read")), end);
    var narrow = it.all.done(tx -> it.purposes.register(tx, it.all.admin, fine));

    var shrunk = covering(broad, cover(resource, "write"));
    assertThat(it.all.refusal(tx -> it.purposes.replace(tx, it.all.admin, shrunk)))
        .isEqualTo(STATE_CONFLICT);
    var shorter = ending(broad, end.minusMillis(1));
    assertThat(it.all.refusal(tx -> it.purposes.replace(tx, it.all.admin, shorter)))
        .isEqualTo(STATE_CONFLICT);
    var grown = covering(narrow, cover(resource, "read", "write", "erase"));
    assertThat(it.all.refusal(tx -> it.purposes.replace(tx, it.all.admin, grown)))
        .isEqualTo(FIELD_INVALID);
    it.all.done(
        tx -> it.purposes.replace(tx, it.all.admin, covering(broad, cover(resource, "read"))));
    assertThat(it.catalogue.narrowerOrSame(narrow.id(), broad.id())).isTrue();
    assertThat(it.catalogue.narrowerOrSame(broad.id(), broad.id())).isTrue();
    assertThat(it.catalogue.narrowerOrSame(broad.id(), narrow.id())).isFalse();
    var unknown = Id.Purpose.random(it.all.world);
    assertThat(it.catalogue.narrowerOrSame(unknown, unknown)).isFalse();
  }

  @Test
  void keepsANarrowerPurposeWithinTheHoursOfTheBroaderOne() {
    var office = Optional.of(hours(9, 17));
    var broad =
        it.all.done(
            tx ->
                it.purposes.register(
                    tx, it.all.admin, at(it.purposeDraft(Optional.empty()), office)));
    assertThat(it.catalogue.purpose(broad.id()).orElseThrow().hours()).isEqualTo(office);
    var up = Optional.of(broad.id());
    assertThat(refusal(it.purposeDraft(up))).isEqualTo(FIELD_INVALID);
    assertThat(refusal(at(it.purposeDraft(up), Optional.of(hours(8, 10)))))
        .isEqualTo(FIELD_INVALID);
    var fine = at(it.purposeDraft(up), Optional.of(hours(10, 12)));
    it.all.done(tx -> it.purposes.register(tx, it.all.admin, fine));
    assertThat(replaced(at(broad, Optional.of(hours(11, 17))))).isEqualTo(STATE_CONFLICT);
    it.all.done(tx -> it.purposes.replace(tx, it.all.admin, at(broad, Optional.empty())));
    assertThat(it.catalogue.purpose(broad.id()).orElseThrow().hours()).isEmpty();
  }

  private static Hours hours(int from, int to) {
    return new Hours(
        ZoneId.of("Europe/Berlin"),
        List.of(new Hours.Window(Set.of(DayOfWeek.MONDAY), from * 60, to * 60)));
  }

  private static Purpose at(Purpose purpose, Optional<Hours> hours) {
    return new Purpose(
        purpose.id(),
        purpose.name(),
        purpose.description(),
        purpose.owner(),
        purpose.legalBasis(),
        purpose.dataCategories(),
        purpose.covers(),
        purpose.broader(),
        hours,
        purpose.expiresAt(),
        purpose.version());
  }

  @Test
  void registersNoCircleAndNoLineThatIsTooDeep() {
    var top = it.purpose(Optional.empty());
    var line = new java.util.ArrayList<>(List.of(top));
    for (int i = 1; i < Purposes.DEPTH_MAX; i++) {
      line.add(it.purpose(Optional.of(line.getLast().id())));
    }
    assertThat(it.catalogue.narrowerOrSame(line.getLast().id(), top.id())).isTrue();
    assertThat(refusal(it.purposeDraft(Optional.of(line.getLast().id())))).isEqualTo(FIELD_INVALID);
    var above = it.purpose(Optional.empty());
    assertThat(replaced(below(top, above.id()))).isEqualTo(FIELD_INVALID);
    assertThat(replaced(below(top, top.id()))).isEqualTo(FIELD_INVALID);
    assertThat(replaced(below(top, line.get(2).id()))).isEqualTo(FIELD_INVALID);
    it.all.done(tx -> it.purposes.replace(tx, it.all.admin, below(line.get(1), above.id())));
    assertThat(it.catalogue.narrowerOrSame(line.getLast().id(), top.id())).isFalse();
    assertThat(it.catalogue.narrowerOrSame(line.getLast().id(), above.id())).isTrue();
  }

  @Test
  void changesAPurposeOnlyOverTheVersionThatWasReadAndNeverItsName() {
    var purpose = it.purpose(Optional.empty());
    var renamed =
        new Purpose(
            purpose.id(),
            it.all.fresh("other"),
            "",
            it.owner,
            "",
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            1);
    assertThat(replaced(renamed)).isEqualTo(FIELD_INVALID);
    it.all.done(tx -> it.purposes.replace(tx, it.all.admin, purpose));
    assertThat(replaced(purpose)).isEqualTo(PRECONDITION_STALE);
    assertThat(replaced(it.purposeDraft(Optional.empty()))).isEqualTo(NOT_FOUND);
  }

  @Test
  void tellsOfAGroupThatOwnsAPurpose() {
    var group = it.all.group(it.all.fresh("owners"));
    assertThat(it.all.database.<Boolean>read(tx -> it.purposes.haveOwner(tx, group.id())))
        .isFalse();
    var draft = owned(it.purposeDraft(Optional.empty()), group.id());
    it.all.done(tx -> it.purposes.register(tx, it.all.admin, draft));
    assertThat(it.all.database.<Boolean>read(tx -> it.purposes.haveOwner(tx, group.id()))).isTrue();
  }

  private Refusal refusal(Resource draft) {
    return it.all.refusal(tx -> it.resources.register(tx, it.all.admin, draft));
  }

  private Refusal refusal(Purpose draft) {
    return it.all.refusal(tx -> it.purposes.register(tx, it.all.admin, draft));
  }

  private Refusal replaced(Purpose purpose) {
    return it.all.refusal(tx -> it.purposes.replace(tx, it.all.admin, purpose));
  }

  private Refusal drop(Resource resource, String... kept) {
    return it.all.refusal(
        tx -> it.resources.replace(tx, it.all.admin, withActions(resource, kept)));
  }

  private static Resource enforced(Resource resource, Id.Workload enforcer) {
    return new Resource(
        resource.id(),
        resource.identifier(),
        resource.name(),
        resource.types(),
        resource.actions(),
        resource.agentFacing(),
        resource.personRights(),
        resource.tokenAlgorithm(),
        List.of(enforcer),
        resource.asserts(),
        resource.version());
  }

  private static Purpose ending(Purpose purpose, Instant end) {
    return changed(purpose, purpose.owner(), purpose.covers(), purpose.broader(), Optional.of(end));
  }

  private static Purpose owned(Purpose purpose, Id owner) {
    return changed(purpose, owner, purpose.covers(), purpose.broader(), purpose.expiresAt());
  }

  private static Purpose covering(Purpose purpose, Coverage... covers) {
    return changed(
        purpose, purpose.owner(), List.of(covers), purpose.broader(), purpose.expiresAt());
  }

  private static Purpose below(Purpose purpose, Id.Purpose broader) {
    return changed(
        purpose, purpose.owner(), purpose.covers(), Optional.of(broader), purpose.expiresAt());
  }

  private static Purpose changed(
      Purpose purpose,
      Id owner,
      List<Coverage> covers,
      Optional<Id.Purpose> broader,
      Optional<Instant> end) {
    return new Purpose(
        purpose.id(),
        purpose.name(),
        purpose.description(),
        owner,
        purpose.legalBasis(),
        purpose.dataCategories(),
        covers,
        broader,
        end,
        purpose.version());
  }
}
