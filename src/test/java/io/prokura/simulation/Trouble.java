package io.prokura.simulation;

import io.prokura.sql.FaultyDatabase.Fault;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What goes wrong between the nodes and their database, as often as the seed says.
final class Trouble {
  private static final int MORE_FOR_WRITES = 3;

  /// How many of a thousand calls fail, are undone, lose their answer, run again, are the last of
  /// their node, and have somebody else do something meanwhile. Calls that write are in for more.
  record Rates(int fails, int undone, int answerLost, int runsAgain, int last, int meanwhile) {
    static final Rates NONE = new Rates(0, 0, 0, 0, 0, 0);

    /// Some seeds have a calm day and some a terrible one.
    static Rates drawn(Dice dice) {
      return new Rates(
          dice.one(List.of(0, 3, 10, 20)),
          dice.one(List.of(0, 0, 3, 10)),
          dice.one(List.of(0, 3, 10, 20)),
          dice.one(List.of(0, 20, 100)),
          dice.one(List.of(0, 1, 3)),
          dice.one(List.of(0, 50, 200)));
    }
  }

  private final Dice dice;
  private final Rates rates;
  private Runnable others = () -> {};
  private boolean calm;
  private boolean alone;
  private boolean last;

  Trouble(Dice dice, Rates rates) {
    this.dice = dice;
    this.rates = rates;
  }

  /// Says what others do between two calls of a node.
  void others(Runnable doing) {
    others = doing;
  }

  /// What becomes of the next call.
  Fault next(boolean writes) {
    int more = writes ? MORE_FOR_WRITES : 1;
    last = !calm && dice.hits(rates.last() * more);
    if (calm) {
      return Fault.NONE;
    }
    if (last) {
      return dice.one(List.of(Fault.BEFORE, Fault.BEFORE_COMMIT, Fault.ANSWER_LOST));
    }
    if (dice.hits(rates.fails() * more)) {
      return Fault.BEFORE;
    }
    if (dice.hits(rates.undone() * more)) {
      return Fault.BEFORE_COMMIT;
    }
    if (dice.hits(rates.answerLost() * more)) {
      return Fault.ANSWER_LOST;
    }
    return dice.hits(rates.runsAgain()) ? Fault.RUN_AGAIN : Fault.NONE;
  }

  /// Whether that call is the last of its node, which ends over it.
  boolean endsTheNode() {
    return last;
  }

  /// Lets others do something, if it is time for that; nothing goes wrong with it.
  void meanwhile() {
    if (!calm && !alone && dice.hits(rates.meanwhile())) {
      calmly(others);
    }
  }

  boolean isCalm() {
    return calm;
  }

  void calmly(Runnable doing) {
    calmly(
        () -> {
          doing.run();
          return calm;
        });
  }

  /// Does something while nothing goes wrong.
  <T> T calmly(Supplier<T> doing) {
    boolean before = calm;
    calm = true;
    try {
      return doing.get();
    } finally {
      calm = before;
    }
  }

  /// Does something while nobody else does.
  boolean alone(BooleanSupplier doing) {
    boolean before = alone;
    alone = true;
    try {
      return doing.getAsBoolean();
    } finally {
      alone = before;
    }
  }
}
