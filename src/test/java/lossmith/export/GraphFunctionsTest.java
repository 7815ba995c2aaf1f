package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Objects;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ProblemException;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;
import lossmith.export.GraphInterpreter.Value;
import lossmith.export.fx.FxLoss;
import org.junit.jupiter.api.Test;

/** Each function in a graph has the value and the slope of {@link Reference}, or is refused. */
final class GraphFunctionsTest {
  private static final double SATURATION = 700;
  private static final double[] LOG_PROB = {-1e-9, -0.3, -0.5, -0.69, -0.7, -1, -3, -30, -800};
  private static final double[] OTHER = {-1, 0.5, 2, -0.69, -40, 3, -3, 800, 1};
  private static final Node X = Nodes.trained("log_prob", Level.Name.TOKEN);
  private static final Node Y = Nodes.given("other", Level.Name.TOKEN);

  private static Loss sum(Node of) {
    Node sum = Nodes.reduce(ReduceOp.SUM, of, Level.Name.BATCH, 0, Option.none());
    return Loss.of(LinkedHashMap.of("sum", sum), LinkedHashMap.empty(), HashSet.of(Loss.POLICY));
  }

  private static void same(String what, Node of) {
    Samples samples =
        new SamplesBuilder(new int[] {LOG_PROB.length}, new int[] {0})
            .column("log_prob", Level.Name.TOKEN, LOG_PROB)
            .column("other", Level.Name.TOKEN, OTHER)
            .build();
    BoundLoss bound = BoundLoss.of(sum(of), Surface.STATISTICS, samples.columns());
    Reference reference = new Reference(samples, HashMap.empty());
    double[] slope = reference.of(bound.gradients().get("log_prob").get());
    double[] ones = new double[LOG_PROB.length];
    Arrays.fill(ones, 1);
    Map<String, Value> inputs =
        HashMap.of(
            "logprobs", Value.of(LOG_PROB), "mask", Value.of(ones), "other", Value.of(OTHER));
    Value found = GraphInterpreter.run(FxLoss.of(sum(of), SATURATION).nodes(), inputs.toJavaMap());
    double expected = reference.number(bound.value());
    assertEquals(expected, found.at(0), 1e-12 * Math.abs(expected), what);
    double[] slopes = Objects.requireNonNull(found.slopes()).get(0);
    for (int i = 0; i < slope.length; i++) {
      assertEquals(slope[i], slopes[i], 1e-12 * Math.abs(slope[i]), what + "'[" + i + "]");
    }
  }

  @Test
  void functionsAreThoseOfTheReference() {
    Node positive = Nodes.unary(UnaryOp.NEGATE, X);
    for (UnaryOp op : UnaryOp.values()) {
      if (!List.of(UnaryOp.LOG, UnaryOp.SQRT, UnaryOp.LOG1P).contains(op)) {
        same(op.name(), weighted(Nodes.unary(op, X)));
      }
      if (op != UnaryOp.LOG1M_EXP) {
        same(op + " of what is above 0", weighted(Nodes.unary(op, positive)));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      same(op.name(), weighted(Nodes.binary(op, X, Y)));
      same(op.name() + " by a number", weighted(Nodes.binary(op, X, number(-0.7))));
      same(op.name() + " of a number", weighted(Nodes.binary(op, number(-0.7), X)));
    }
    for (CompareOp op : CompareOp.values()) {
      Node when = Nodes.compare(op, X, Y);
      same(op.name(), Nodes.select(when, Nodes.unary(UnaryOp.SQUARE, X), X));
      same("not " + op, Nodes.select(Nodes.not(when), number(2), X));
      same("true or " + op, Nodes.select(Nodes.or(Nodes.truth(true, X.level()), when), X, Y));
      same("false or " + op, Nodes.select(Nodes.or(Nodes.truth(false, X.level()), when), X, Y));
      same("mean where " + op, mean(Option.some(when)));
    }
    same("mean", mean(Option.none()));
    for (Direction direction : Direction.values()) {
      same(direction.name(), weighted(Nodes.scan(Nodes.stopGradient(X), number(1), direction)));
    }
  }

  private static Node number(double x) {
    return Nodes.constant(x, Level.Name.TOKEN);
  }

  /** So that each slope is another, and none is without. */
  private static Node weighted(Node of) {
    return Nodes.binary(BinaryOp.PLUS, X, Nodes.binary(BinaryOp.TIMES, of, Y));
  }

  private static Node mean(Option<Node> where) {
    return Nodes.reduce(ReduceOp.MEAN, weighted(X), Level.Name.SEQUENCE, 0, where);
  }

  @Test
  void whatTorchHasNoFunctionForIsRefused() {
    Level.Name response = Level.Name.SEQUENCE;
    Node still = Nodes.stopGradient(X);
    Map<String, Node> refused =
        LinkedHashMap.of(
            "a neighbouring token", Nodes.neighbour(X, Direction.FORWARD, 0),
            "a recurrence", Nodes.scan(X, Y, Direction.FORWARD),
            "a sum over tokens with one key", Nodes.sumByKey(X, Y, response, false),
            "an order", Nodes.permute(X, Y, response, false),
            "the max", Nodes.reduce(ReduceOp.MAX, X, response, 0, Option.none()),
            "a rank", times(Nodes.rank(still, response, Option.none())),
            "the std", Nodes.reduce(ReduceOp.STD, X, response, 0, Option.none()));
    refused.forEach(
        (why, node) -> {
          ProblemException e =
              assertThrows(ProblemException.class, () -> FxLoss.of(sum(node), SATURATION), why);
          String said = String.valueOf(e.getMessage());
          assertTrue(said.contains(why) && said.contains("an export to tinker"), said);
        });
  }

  @Test
  void aNameIsGivenOnce() {
    for (String taken : List.of("mask", "logprobs")) {
      Node named = times(Nodes.given(taken, Level.Name.TOKEN));
      ProblemException e =
          assertThrows(ProblemException.class, () -> FxLoss.of(sum(named), SATURATION), taken);
      assertTrue(String.valueOf(e.getMessage()).contains("two inputs of the name"), taken);
    }
  }

  private static Node times(Node of) {
    return Nodes.binary(BinaryOp.TIMES, X, of);
  }
}
