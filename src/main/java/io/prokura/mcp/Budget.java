package io.prokura.mcp;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.List;
import java.util.Map;

/// What the expressions of one mapping may cost together, in values looked at. A step costs one; a
/// value that an expression makes costs its weight; a comparison costs the heaviest value there is,
/// for it may have to walk it. So neither doubling a text nor comparing what was nested in itself
/// gets far.
final class Budget implements CelEvaluationListener {
  private static final int COST_MAX = 500_000;
  private static final int CHARACTERS_PER_UNIT = 16;
  private static final int DEPTH_MAX = 64;

  private long left = COST_MAX;
  private long heaviest;

  /// Starts with the input, which expressions may compare and return whole.
  Budget(Object params, Object token) {
    heaviest = weigh(params, 0) + weigh(token, 0);
  }

  @Override
  public void callback(CelExpr expression, Object result) {
    spend(1);
    switch (expression.exprKind().getKind()) {
      case CALL -> called(expression.call().function(), result);
      case LIST, MAP, STRUCT -> heaviest = Math.max(heaviest, weigh(result, 0));
      default -> {}
    }
  }

  private void called(String function, Object result) {
    switch (function) {
      case "_==_", "_!=_", "@in", "_in_", "in" -> spend(heaviest);
      case "_+_" -> {
        if (result instanceof List<?> list) {
          // Its items were paid for; that they stand in one list more is a step.
          spend(list.size());
          heaviest += list.size();
        } else {
          heaviest = Math.max(heaviest, weigh(result, 0));
        }
      }
      default -> {
        if (result instanceof String text) {
          spend(text.length() / CHARACTERS_PER_UNIT);
        }
      }
    }
  }

  /// The number of values in `value`; every one is paid for.
  private long weigh(Object value, int depth) {
    if (depth > DEPTH_MAX) {
      throw new MappingFault("a value is nested too deep");
    }
    spend(1);
    long weight = 1;
    switch (value) {
      case String text -> {
        int units = text.length() / CHARACTERS_PER_UNIT;
        spend(units);
        weight += units;
      }
      case List<?> list -> {
        for (var item : list) {
          weight += weigh(item, depth + 1);
        }
      }
      case Map<?, ?> map -> {
        for (var entry : map.entrySet()) {
          weight += weigh(entry.getKey(), depth + 1) + weigh(entry.getValue(), depth + 1);
        }
      }
      default -> {}
    }
    return weight;
  }

  void spend(long cost) {
    left -= cost;
    if (left < 0) {
      throw new MappingFault("the mapping costs too much to evaluate");
    }
  }
}
