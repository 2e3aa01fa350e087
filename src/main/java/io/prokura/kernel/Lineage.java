package io.prokura.kernel;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/// The ids of everything a token, code, hand-over or approval rests on: every principal,
/// credential, instance, delegation, purpose and foreign issuer of its chain, and the tokens it was
/// made from. It only ever grows from parent to child.
public record Lineage(List<String> ids) {

  public Lineage {
    ids = List.copyOf(new LinkedHashSet<>(ids));
  }

  public static Lineage of(Id... ids) {
    return new Lineage(List.of(ids).stream().map(Id::text).toList());
  }

  /// This lineage and one more thing.
  public Lineage with(Id id) {
    return with(List.of(id));
  }

  public Lineage with(Collection<? extends Id> more) {
    var all = new LinkedHashSet<>(ids);
    more.forEach(id -> all.add(id.text()));
    return new Lineage(List.copyOf(all));
  }

  /// This lineage and all that another one holds.
  public Lineage with(Lineage other) {
    var all = new LinkedHashSet<>(ids);
    all.addAll(other.ids);
    return new Lineage(List.copyOf(all));
  }

  /// This lineage and something that has no id of its own, such as an issuer's identifier.
  public Lineage withWord(String word) {
    var all = new LinkedHashSet<>(ids);
    all.add(word);
    return new Lineage(List.copyOf(all));
  }
}
