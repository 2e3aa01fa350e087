package io.prokura.catalogue;

import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.PRECONDITION_STALE;
import static io.prokura.kernel.Refusal.REFERENCE_UNKNOWN;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.directory.Directory;
import io.prokura.feed.Feed;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Tx;
import java.util.List;
import java.util.Optional;

/// Registers purposes and changes what is known of them. A name never changes: tokens carry it.
/// At every moment a narrower purpose covers no more and lasts no longer than the broader one.
public final class Purposes {
  /// The longest line of purposes, each registered as narrower than the one before it.
  public static final int DEPTH_MAX = 8;

  private final Feed feed;
  private final AuditLog audit;
  private final Directory directory;

  public Purposes(Feed feed, AuditLog audit, Directory directory) {
    this.feed = feed;
    this.audit = audit;
    this.directory = directory;
  }

  /// Registers `purpose`; refuses `DUPLICATE` when the name is taken, `REFERENCE_UNKNOWN` for an
  /// owner, resource, action or broader purpose that there is not, and `FIELD_INVALID` when the
  /// broader purpose covers less or at fewer hours, ends earlier, or is [#DEPTH_MAX] deep already.
  public Result<Purpose> register(Tx tx, Id.Principal by, Purpose purpose) {
    var owner = directory.existingOwner(tx, purpose.owner());
    if (!(owner instanceof Ok)) {
      return owner.refusal();
    }
    var sound = sound(tx, purpose);
    if (!(sound instanceof Ok)) {
      return sound;
    }
    return PurposeStore.insert(tx, purpose)
        ? ok(changed(tx, by, "purpose.registered", purpose))
        : refused(DUPLICATE, "the name is registered already");
  }

  /// Writes `purpose` over the version it names; refuses what [#register] refuses, and `NOT_FOUND`,
  /// `PRECONDITION_STALE`, `FIELD_INVALID` for another name or a circle, and `STATE_CONFLICT` when
  /// a narrower purpose would then cover more or last longer.
  public Result<Purpose> replace(Tx tx, Id.Principal by, Purpose purpose) {
    var found = PurposeStore.find(tx, purpose.id());
    if (found.isEmpty()) {
      return refused(NOT_FOUND, "there is no such purpose");
    }
    var current = found.get();
    if (current.version() != purpose.version()) {
      return stale();
    }
    if (!current.name().equals(purpose.name())) {
      return refused(FIELD_INVALID, "name never changes; register another purpose");
    }
    if (!current.owner().equals(purpose.owner())) {
      var owner = directory.existingOwner(tx, purpose.owner());
      if (!(owner instanceof Ok)) {
        return owner.refusal();
      }
    }
    var sound = sound(tx, purpose);
    if (!(sound instanceof Ok)) {
      return sound;
    }
    for (var narrower : PurposeStore.narrower(tx, purpose.id())) {
      if (!narrower.isWithin(purpose)) {
        return refused(
            STATE_CONFLICT,
            "the narrower purpose "
                + narrower.name()
                + " covers more, at more hours or lasts longer");
      }
    }
    return PurposeStore.update(tx, purpose)
        ? ok(changed(tx, by, "purpose.changed", purpose.withVersion(purpose.version() + 1)))
        : stale();
  }

  public Optional<Purpose> find(Tx tx, Id.Purpose id) {
    return PurposeStore.find(tx, id);
  }

  /// At most `count` purposes in the order of their ids, from the one after the text `after`.
  public List<Purpose> page(Tx tx, String after, int count) {
    return PurposeStore.page(tx, after, count);
  }

  /// Whether a purpose has this group for its owner.
  public boolean haveOwner(Tx tx, Id.Group group) {
    return PurposeStore.hasOwner(tx, group);
  }

  /// `purpose` when everything it names is there and it fits below its broader purpose.
  private static Result<Purpose> sound(Tx tx, Purpose purpose) {
    for (var one : purpose.covers()) {
      var resource = ResourceStore.find(tx, one.resource());
      if (resource.isEmpty()) {
        return refused(REFERENCE_UNKNOWN, "there is no resource " + one.resource().text());
      }
      if (!one.actions().within(resource.get().scopes())) {
        return refused(
            REFERENCE_UNKNOWN,
            "the resource " + one.resource().text() + " has no such action among its actions");
      }
    }
    return purpose.broader().isEmpty() ? ok(purpose) : below(tx, purpose, purpose.broader().get());
  }

  private static Result<Purpose> below(Tx tx, Purpose purpose, Id.Purpose broaderId) {
    var broader = PurposeStore.find(tx, broaderId);
    if (broader.isEmpty()) {
      return refused(REFERENCE_UNKNOWN, "there is no purpose " + broaderId.text());
    }
    if (!purpose.isWithin(broader.get())) {
      return refused(
          FIELD_INVALID,
          "broader must cover all that this purpose covers, at all its hours, and last as long");
    }
    int depth = 1 + height(tx, purpose.id(), DEPTH_MAX);
    for (var above = broader; above.isPresent(); above = broader(tx, above.get())) {
      if (above.get().id().equals(purpose.id())) {
        return refused(FIELD_INVALID, "broader must not be narrower than this purpose");
      }
      depth++;
      if (depth > DEPTH_MAX) {
        return refused(FIELD_INVALID, "broader is too deep: at most " + DEPTH_MAX + " in a line");
      }
    }
    return ok(purpose);
  }

  private static Optional<Purpose> broader(Tx tx, Purpose purpose) {
    return purpose.broader().flatMap(id -> PurposeStore.find(tx, id));
  }

  /// How many purposes are below `id` in the longest line, counted up to `most`.
  private static int height(Tx tx, Id.Purpose id, int most) {
    int height = 0;
    if (most > 0) {
      for (var narrower : PurposeStore.narrower(tx, id)) {
        height = Math.max(height, 1 + height(tx, narrower.id(), most - 1));
      }
    }
    return height;
  }

  private Purpose changed(Tx tx, Id.Principal by, String type, Purpose purpose) {
    feed.publish(tx, Catalogue.PURPOSE, purpose.id().text());
    var event =
        Event.about(type, purpose.id())
            .by(by)
            .word("name", purpose.name())
            .reference("owner", purpose.owner())
            .words("dataCategories", purpose.dataCategories())
            .value("covers", Columns.covers(purpose.covers()))
            .reference("broader", purpose.broader())
            .number("version", purpose.version())
            .free("description", purpose.description())
            .free("legalBasis", purpose.legalBasis());
    purpose.hours().ifPresent(some -> event.value("hours", HoursReader.json(some)));
    purpose.expiresAt().ifPresent(at -> event.number("expiresAt", at.toEpochMilli()));
    audit.append(tx, event.build());
    return purpose;
  }

  private static Result<Purpose> stale() {
    return refused(PRECONDITION_STALE, "the purpose has changed since that version");
  }
}
