package io.prokura.policy;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/// The organisation's policies as decisions read them: from memory, one immutable snapshot at a
/// time, replaced as a whole.
public final class Policies {
  private final Supplier<PolicySnapshot> live;
  private final LongFunction<Optional<PolicySnapshot>> numbered;

  private Policies(Supplier<PolicySnapshot> live, LongFunction<Optional<PolicySnapshot>> numbered) {
    this.live = live;
    this.numbered = numbered;
  }

  /// What is published on this node's database.
  public static Policies of(PublishedSet published) {
    return new Policies(published::current, published::snapshot);
  }

  /// The built-in policies alone, for ever.
  public static Policies builtIn() {
    return fixed(PolicySources.unpublished(PolicySetName.ORGANISATION));
  }

  /// The built-in policies and those in an organisation's folder, for ever: `*.cedar`,
  /// `schema.cedarschema`, `entities.json` and `tests.yaml`. Throws [InvalidPolicies] when anything
  /// in it is not valid, or is something that would not be read.
  public static Policies of(Path folder) {
    return fixed(PolicyReader.in(folder));
  }

  /// Whatever snapshot `live` gives at the time; only that one is found by its number.
  public static Policies of(Supplier<PolicySnapshot> live) {
    return new Policies(
        live, number -> Optional.of(live.get()).filter(one -> one.number() == number));
  }

  private static Policies fixed(PolicySources sources) {
    var snapshot = new PolicyReader(PolicySetName.ORGANISATION).read(sources, 1);
    return of(() -> snapshot);
  }

  /// The snapshot that is live. A decision takes it once.
  public PolicySnapshot current() {
    return live.get();
  }

  /// The snapshot that was published under this number, compiled when it is not in memory: takes
  /// up to some seconds for thousands of policies, so nothing that others wait for may ask.
  public Optional<PolicySnapshot> snapshot(long number) {
    return numbered.apply(number);
  }
}
