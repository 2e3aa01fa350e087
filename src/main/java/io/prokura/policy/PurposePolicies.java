package io.prokura.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Hours;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.Authorizer;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.Entities;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.Request;
import io.prokura.cedar.Response;
import io.prokura.cedar.StringValue;
import io.prokura.kernel.Id;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The purposes of the catalogue as policies, so that one engine decides and one explanation covers
/// them: each is a `permit` for every resource it covers, whose id is `pur_…#res_…`.
///
/// They are an operand of their own: asked apart from permissions, with the context of [#context],
/// and who acts does not matter to them. A purpose without such a policy covers nothing.
public final class PurposePolicies {
  private static final int CACHED_MAX = 10_000;

  private final Cache<Id.Purpose, Compiled> cached =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).executor(Runnable::run).build();

  /// The policies of one state of a purpose, each with the state of the resource that it is about.
  private record Compiled(Purpose from, Map<Id.Resource, Covering> coverings) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Purpose purpose) {
      return from == purpose;
    }
  }

  /// The policy by which a purpose covers what is done on a resource.
  public record Covering(Purpose purpose, Resource resource, EntityUid uid, PolicySet alone) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Resource current) {
      return resource == current;
    }

    public Policy policy() {
      return alone.policies().values().iterator().next();
    }

    /// What the policy answers when somebody does `action` on objects of the resource at `now`. It
    /// is asked for the resource itself, in which all of them are.
    public Response ask(EntityUid principal, EntityUid action, Instant now) {
      var request = new Request(principal, action, uid, context(purpose, now));
      return Authorizer.authorize(request, Entities.none(), alone);
    }
  }

  /// How `purpose` covers what is done on `resource`, if it does at all.
  public Optional<Covering> of(Purpose purpose, Resource resource) {
    var known = cached.getIfPresent(purpose.id());
    if (known == null || !known.isOf(purpose)) {
      known = new Compiled(purpose, Map.of());
    }
    var covering = known.coverings.get(resource.id());
    if (covering != null && covering.isOf(resource)) {
      return Optional.of(covering);
    }
    var compiled = compile(purpose, resource);
    if (compiled.isPresent()) {
      var all = new HashMap<>(known.coverings);
      all.put(resource.id(), compiled.get());
      cached.put(purpose.id(), new Compiled(purpose, Map.copyOf(all)));
    }
    return compiled;
  }

  /// What the policies of `purpose` ask of the time: `now`, and, on the clock of the purpose's own
  /// zone (UTC where it has no hours), `weekday` (`monday`) and `minute`, the minutes of the day
  /// from 0 to 1439. Nothing where it has neither hours nor an end.
  public static RecordValue context(Purpose purpose, Instant now) {
    if (purpose.hours().isEmpty() && purpose.expiresAt().isEmpty()) {
      return RecordValue.EMPTY;
    }
    var zone = purpose.hours().map(Hours::zone).orElse(ZoneId.of("UTC"));
    var moment = Hours.moment(zone, now);
    return new RecordValue(
        Map.of(
            "now", DateTime.of(now),
            "weekday", new StringValue(moment.weekday()),
            "minute", new LongValue(moment.minute())));
  }

  private static Optional<Covering> compile(Purpose purpose, Resource resource) {
    return purpose.covers().stream()
        .filter(one -> one.resource().equals(resource.id()))
        .map(one -> PolicySet.of(List.of(compile(purpose, one, resource))))
        .map(alone -> new Covering(purpose, resource, Uids.resource(resource.identifier()), alone))
        .findFirst();
  }

  private static Policy compile(Purpose purpose, Coverage coverage, Resource resource) {
    try {
      return Policy.parse(id(purpose, resource), text(purpose, coverage, resource));
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException("not a policy: " + id(purpose, resource), e);
    }
  }

  /// The id of the policy by which a purpose covers what is done on a resource: `pur_…#res_…`.
  public static String id(Purpose purpose, Resource resource) {
    return purpose.id().text() + "#" + resource.id().text();
  }

  /// The policies that a purpose is, for people to read; `catalogue` knows the resources.
  public static String text(Purpose purpose, Catalogue catalogue) {
    return purpose.covers().stream()
        .flatMap(
            one -> catalogue.resource(one.resource()).map(it -> text(purpose, one, it)).stream())
        .collect(Collectors.joining("\n"));
  }

  private static String text(Purpose purpose, Coverage coverage, Resource resource) {
    var conditions = new ArrayList<String>();
    purpose
        .expiresAt()
        .ifPresent(
            end ->
                conditions.add(
                    "context.now < datetime(\"" + end.truncatedTo(ChronoUnit.MILLIS) + "\")"));
    purpose.hours().ifPresent(some -> conditions.add(hours(some)));
    var zone = purpose.hours().map(some -> "@zone(\"" + some.zone().getId() + "\")\n").orElse("");
    var when =
        conditions.isEmpty() ? ";" : "\nwhen {\n  " + String.join(" &&\n  ", conditions) + "\n};";
    return """
        @id("%s")
        @purpose("%s")
        %spermit (
          principal,
          action in [%s],
          resource in %s
        )%s
        """
        .formatted(
            id(purpose, resource),
            purpose.name(),
            zone,
            Uids.actions(resource, coverage.actions()),
            Uids.resource(resource.identifier()),
            when);
  }

  private static String hours(Hours hours) {
    return hours.windows().stream()
        .map(PurposePolicies::window)
        .collect(Collectors.joining(" ||\n   ", "(", ")"));
  }

  private static String window(Hours.Window window) {
    var days =
        Arrays.stream(DayOfWeek.values())
            .filter(window.days()::contains)
            .map(day -> '"' + new Hours.Moment(day, 0).weekday() + '"')
            .collect(Collectors.joining(", "));
    return "([%s].contains(context.weekday) &&\n    context.minute >= %d && context.minute < %d)"
        .formatted(days, window.from(), window.to());
  }
}
