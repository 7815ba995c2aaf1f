package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The level and liveness checks of {@link Nodes}, with their messages. */
final class Checks {
  private Checks() {}

  static void number(String verb, Node node) {
    if (node.condition()) {
      throw Problem.of(
              "number",
              verb + " of a condition: " + text(node),
              "a number",
              "condition.indicator()")
          .exception();
    }
  }

  static void condition(String verb, Node node) {
    if (!node.condition()) {
      throw Problem.of(
              "condition",
              verb + " of a number: " + text(node),
              "a condition",
              "x.above(y), x.below(y)")
          .exception();
    }
  }

  static void detached(String what, Node node) {
    if (node.live()) {
      throw Problem.of(
              "detached",
              what + " carries gradient: " + text(node),
              "a detached term",
              "x.stopGradient()")
          .exception();
    }
  }

  static void bothNumbers(String verb, Node left, Node right) {
    number(verb, left);
    number(verb, right);
    oneLevel(verb, left, right);
  }

  static void oneLevel(String verb, Node left, Node right) {
    if (left.level() != right.level()) {
      boolean leftCoarser = right.level().finerThan(left.level());
      Level.Name finer = leftCoarser ? right.level() : left.level();
      throw Problem.of(
              "level",
              verb
                  + " of "
                  + left.level()
                  + " "
                  + text(left)
                  + " and "
                  + right.level()
                  + " "
                  + text(right),
              "both sides at one level",
              (leftCoarser ? "the left side" : "the right side") + " as x.per(" + axis(finer) + ")")
          .exception();
    }
  }

  static void sameLevel(String what, Level.Name level, Node node) {
    if (node.level() != level) {
      throw Problem.of(
              "level",
              what + " at level " + node.level() + ": " + text(node),
              "level " + level,
              "a " + level + " term")
          .exception();
    }
  }

  static void finer(String verb, Node node, Level.Name to) {
    if (!to.finerThan(node.level())) {
      throw Problem.of(
              "level",
              verb + "(" + axis(to) + ") of " + node.level() + " " + text(node),
              "a level finer than " + node.level(),
              "a reduction such as x.mean(" + Over.word(node.level(), to) + ") to go to " + to)
          .exception();
    }
  }

  static void coarser(String verb, Node node, Level.Name to) {
    if (!node.level().finerThan(to)) {
      throw Problem.of(
              "level",
              verb + " to " + to + " of " + node.level() + " " + text(node),
              "a level coarser than " + node.level(),
              "x.per(" + axis(to) + ") to go finer")
          .exception();
    }
  }

  static void over(Over<?, ?> over, Node node) {
    if (node.level() != over.from()) {
      String remedy =
          over.from().finerThan(node.level())
              ? "x.per(" + axis(over.from()) + ") first, or an axis of " + node.level() + " members"
              : "a reduction to "
                  + over.from()
                  + " first, or an axis of "
                  + node.level()
                  + " members";
      throw Problem.of(
              "axis",
              over.word() + " of " + node.level() + " " + text(node),
              "an axis that reduces " + node.level() + " terms",
              remedy)
          .exception();
    }
  }

  static void scalar(String what, Node node) {
    number(what, node);
    if (node.level() != Level.Name.BATCH) {
      throw Problem.of(
              "scalar",
              what + " of " + node.level() + " " + text(node),
              "one number for the batch",
              "x.mean(" + Over.word(node.level(), Level.Name.BATCH) + ")")
          .exception();
    }
  }

  private static final Seq<String> OF_THE_POLICY =
      List.of(
          Columns.LOG_PI,
          Columns.LOG_PROB,
          Columns.ENTROPY,
          Columns.MEAN_LOG_PI,
          Columns.SUM_PI_SQUARED,
          Columns.REFERENCE_LOG_PROB);

  static void noStatistic(String name) {
    if (OF_THE_POLICY.contains(name)) {
      throw Problem.of(
              "trainable",
              "trainable(\"" + name + "\", …), the column of a statistic of the policy",
              "a name of its own: none of " + OF_THE_POLICY.mkString(", "),
              "another name; logProb() and entropy() for the policy's own")
          .exception();
    }
  }

  static void where(Node where, Level.Name from) {
    condition("where", where);
    sameLevel("where", from, where);
  }

  /** A lower and an upper bound that cannot cross, whatever its parameters are set to. */
  static void bounds(Node low, Node high) {
    for (Interval least : Interval.of(low)) {
      for (Interval most : Interval.of(high)) {
        if (least.high() > most.low()) {
          throw Problem.of(
                  "clip",
                  "a lower bound "
                      + text(low)
                      + " = "
                      + least
                      + " and an upper bound "
                      + text(high)
                      + " = "
                      + most,
                  "low <= high for every value of the parameters",
                  "the smaller bound first, or parameters whose ranges do not overlap")
              .exception();
        }
      }
    }
  }

  /** A fraction that is one, whatever its parameters are set to. */
  static void fraction(String what, Node node) {
    within(what, node, 0, 1, "a fraction from 0 to 1");
  }

  /** A number of things, where it is known. */
  static void number(String what, Node node, String expected) {
    within(what, node, 0, Double.POSITIVE_INFINITY, expected);
    if (node instanceof Node.Constant k && k.value() != Math.rint(k.value())) {
      throw Problem.of("range", what + " = " + k.value(), expected, "a whole number").exception();
    }
  }

  private static void within(String what, Node node, double low, double high, String expected) {
    for (Interval of : Interval.of(node)) {
      if (of.low() < low || of.high() > high) {
        throw Problem.of("range", what + " " + text(node) + " = " + of, expected, "a number there")
            .exception();
      }
    }
  }

  /** A number to compute with. */
  static double finite(String verb, double value) {
    if (!Double.isFinite(value)) {
      throw Problem.of("constant", verb + "(" + value + ")", "a finite number", verb + "(0.5)")
          .exception();
    }
    return value;
  }

  /** A function at a constant where it is no number. */
  static void domain(UnaryOp op, Node node) {
    for (Interval x : Interval.of(node)) {
      boolean none =
          switch (op) {
            case LOG, SQRT -> x.high() < 0;
            case LOG1P -> x.high() < -1;
            case LOG1M_EXP -> x.low() > 0;
            default -> false;
          };
      if (none) {
        throw Problem.of(
                "constant",
                op + " of " + text(node) + " = " + x,
                "a number that " + op + " is defined at",
                "another number")
            .exception();
      }
    }
  }

  /** A divisor that is not 0 everywhere. */
  static void divisor(Node node) {
    if (Interval.of(node).exists(x -> x.low() == 0 && x.high() == 0)) {
      throw Problem.of(
              "constant",
              "a division by " + text(node) + " = 0",
              "a divisor that is not 0",
              "another number")
          .exception();
    }
  }

  /** A name by which something is found again. */
  static void name(String what, String name) {
    if (name.isBlank()) {
      throw Problem.of("name", what + " named \"" + name + "\"", "a name", "a word").exception();
    }
  }

  private static String axis(Level.Name level) {
    return level == Level.Name.VOCABULARY ? "VOCABULARY_ENTRY" : level.name();
  }

  private static String text(Node node) {
    return "(" + ShortText.of(node) + ")";
  }

  /** Which tokens exist is decided where data enters, and is no number for a formula. */
  static void existenceIsNoColumn(String column) {
    if (column.equals(Columns.RESPONSE_MASK)) {
      throw Problem.of(
              "column",
              "given(\"" + column + "\", …)",
              "a column of the tokens that exist",
              "SamplesBuilder.mask(…), or another name for weights of tokens")
          .exception();
    }
  }
}
