package io.prokura.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Coverage;
import io.prokura.catalogue.Hours;
import io.prokura.catalogue.Purpose;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.StringValue;
import io.prokura.kernel.Id;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final Catalogue catalogue;
  private final Cache<Id.Purpose, Compiled> cached =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).executor(Runnable::run).build();

  public PurposePolicies(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// What was compiled from this very state of the purpose and of the resources it covers.
  private record Compiled(Purpose from, List<Optional<Resource>> resources, PolicySet policies) {

    @SuppressWarnings("ReferenceEquality")
    boolean isOf(Purpose purpose, Catalogue catalogue) {
      if (from != purpose) {
        return false;
      }
      for (int i = 0; i < resources.size(); i++) {
        var known = resources.get(i);
        var now = catalogue.resource(purpose.covers().get(i).resource());
        boolean same = known.isPresent() && now.isPresent() && known.get() == now.get();
        if (!same && (known.isPresent() || now.isPresent())) {
          return false;
        }
      }
      return true;
    }
  }

  /// The policies that `purpose` is.
  public PolicySet of(Purpose purpose) {
    var known = cached.getIfPresent(purpose.id());
    if (known == null || !known.isOf(purpose, catalogue)) {
      known = compile(purpose);
      cached.put(purpose.id(), known);
    }
    return known.policies;
  }

  /// What the policies of `purpose` ask of the time: `now`, and, on the clock of the purpose's own
  /// zone (UTC where it has no hours), `weekday` (`monday`) and `minute`, the minutes of the day
  /// from 0 to 1439.
  public static RecordValue context(Purpose purpose, Instant now) {
    var zone = purpose.hours().map(Hours::zone).orElse(ZoneId.of("UTC"));
    var moment = Hours.moment(zone, now);
    return new RecordValue(
        Map.of(
            "now", DateTime.of(now),
            "weekday", new StringValue(moment.weekday()),
            "minute", new LongValue(moment.minute())));
  }

  private Compiled compile(Purpose purpose) {
    var resources =
        purpose.covers().stream().map(one -> catalogue.resource(one.resource())).toList();
    var policies = new ArrayList<Policy>();
    for (int i = 0; i < resources.size(); i++) {
      var coverage = purpose.covers().get(i);
      resources.get(i).ifPresent(it -> policies.add(compile(purpose, coverage, it)));
    }
    return new Compiled(purpose, resources, PolicySet.of(policies));
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
