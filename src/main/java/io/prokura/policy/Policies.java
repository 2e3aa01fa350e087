package io.prokura.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The policies in force: one immutable snapshot, replaced as a whole.
public final class Policies {
  private final PolicyReader reader;
  private final AtomicReference<PolicySnapshot> current;

  private Policies(PolicyReader reader) {
    this.reader = reader;
    current = new AtomicReference<>(reader.read(1));
  }

  /// The built-in policies alone.
  public static Policies builtIn() {
    return new Policies(new PolicyReader(List.of()));
  }

  /// The built-in policies and those in an organisation's folder: `*.cedar`, `schema.cedarschema`
  /// and `entities.json`. Throws [InvalidPolicies] when anything in it is not valid, or is
  /// something that would not be read.
  public static Policies of(Path folder) {
    return new Policies(new PolicyReader(List.of(folder)));
  }

  public PolicySnapshot current() {
    return current.get();
  }

  /// The snapshot of that number, as long as it is kept.
  public Optional<PolicySnapshot> snapshot(long number) {
    return Optional.of(current.get()).filter(one -> one.number() == number);
  }

  /// Reads the folder again and puts what is there in force; throws [InvalidPolicies] and changes
  /// nothing when it is not valid.
  public synchronized PolicySnapshot reload() {
    var next = reader.read(current.get().number() + 1);
    current.set(next);
    return next;
  }
}
