package io.prokura.cedar;

import java.util.List;
import java.util.stream.Collectors;

/// A schema that cannot be used. The message lists every problem, one per line.
public final class SchemaException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<SchemaProblem> problems;

  SchemaException(List<SchemaProblem> problems) {
    super(problems.stream().map(SchemaProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, in the order of the sources; at least one problem.
  public List<SchemaProblem> problems() {
    return problems;
  }
}
