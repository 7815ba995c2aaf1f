package lossmith.export.fx;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.python.Signature;
import lossmith.dsl.python.TorchModule;
import lossmith.export.fx.FxValue.Shape;

/**
 * A loss of one response as a graph of {@code torch.fx}: a function of the log-probs of its slots
 * and of a mask that says which of them are tokens of the policy, which returns its share of the
 * loss.
 *
 * <p>The gradient is not left to whoever runs the graph. It computes the loss ℓ and its gradient g
 * from log-probs that are detached, and returns ℓ + Σ g·(log π − sg(log π)): that is ℓ, and its
 * slope by log π is g with the declared subgradients, also where a derivative of parts would be
 * ∞·0. Masked slots are taken out before anything is computed, so that nothing of them enters.
 *
 * @param inputs what it takes, log-probs first
 * @param nodes what it does, as {@code torch.fx} names it
 */
public record FxLoss(Seq<Input> inputs, ArrayNode nodes) {
  /** The largest argument of an exponential in float32, beyond which it is flat. */
  public static final double SATURATION = 80;

  static final String LOGPROBS = "logprobs";
  static final String MASK = "mask";

  /**
   * What the function takes.
   *
   * @param name of the input
   * @param of the column or parameter of the objective that it is; its own name where it is neither
   * @param rank 1 for a number of each slot, 0 for one number
   */
  public record Input(String name, String of, int rank) {
    private static Input of(Node.Input column) {
      return new Input(
          TorchModule.name(column.name()),
          column.name(),
          column.level() == Level.Name.TOKEN ? 1 : 0);
    }

    private static Input of(Node.ParameterValue parameter) {
      return new Input(TorchModule.name(parameter.name()), parameter.name(), 0);
    }
  }

  /**
   * {@return the graph}
   *
   * @param loss of which each response has its share, over its log-probs and given columns
   * @param saturation the argument beyond which an exponential is flat
   * @throws lossmith.dsl.ProblemException where it does what no function of torch does, or two
   *     inputs have one name
   */
  public static FxLoss of(Loss loss, double saturation) {
    Signature signature = Signature.of(loss);
    BoundLoss bound = signature.split().rest();
    Seq<Input> given =
        signature
            .columns()
            .reject(column -> isComputed(column.name()))
            .map(Input::of)
            .appendAll(signature.parameters().map(Input::of));
    Seq<Input> all =
        List.of(new Input(LOGPROBS, LOGPROBS, 1), new Input(MASK, MASK, 1)).appendAll(given);
    refuseTwice(all);
    FxGraph graph = new FxGraph();
    Map<String, FxValue> taken =
        all.toLinkedMap(
            one ->
                Tuple.of(
                    one.of(),
                    graph.placeholder(one.name(), one.rank() == 1 ? Shape.EACH : Shape.ONE)));
    FxValue exists =
        graph.call("operator.gt", Shape.EACH, taken.get(MASK).get(), FxGraph.number(0));
    Map<String, FxValue> read =
        taken.mapValues(
            one ->
                one.shape() == Shape.EACH
                    ? graph.call("torch.masked_select", Shape.EACH, one, exists)
                    : one);
    FxValue live = read.get(LOGPROBS).get();
    FxValue still = graph.method("detach", live);
    FxValue place =
        graph.call(
            "torch.cumsum",
            Shape.EACH,
            graph.call("torch.ones_like", Shape.EACH, still),
            FxGraph.whole(0));
    Map<String, FxValue> known =
        read.remove(LOGPROBS)
            .remove(MASK)
            .put(Columns.LOG_PROB, still)
            .put(
                Columns.POSITION, graph.call("operator.sub", Shape.EACH, place, FxGraph.number(1)));
    Fold<FxValue> meaning = new Fold<>(new FxMeaning(graph, known, still, saturation));
    FxValue value = meaning.of(bound.value());
    FxValue gradient = meaning.of(bound.gradients().get(Columns.LOG_PROB).get());
    FxValue zero = graph.call("operator.sub", Shape.EACH, live, still);
    FxValue slopes = graph.call("operator.mul", Shape.EACH, zero, gradient);
    FxValue carried = graph.call("torch.sum", Shape.ONE, slopes);
    graph.output(graph.call("operator.add", Shape.ONE, value, carried));
    return new FxLoss(all, graph.nodes());
  }

  /** {@return the inputs beside the log-probs and the mask} */
  public Seq<Input> given() {
    return inputs.drop(2);
  }

  /** {@return the functions and methods that the graph calls, in alphabetical order} */
  public Seq<String> functions() {
    return List.ofAll(nodes)
        .filter(node -> node.path("op").asText().startsWith("call_"))
        .map(node -> node.path("target").asText())
        .distinct()
        .sorted();
  }

  private static void refuseTwice(Seq<Input> inputs) {
    for (Input one : inputs) {
      if (inputs.count(other -> other.name().equals(one.name())) > 1) {
        throw Problem.of(
                "export",
                "two inputs of the name " + one.name(),
                "a name for each, of letters, digits and _, beside " + LOGPROBS + " and " + MASK,
                "another name for a column or a parameter")
            .exception();
      }
    }
  }

  private static boolean isComputed(String column) {
    return column.equals(Columns.LOG_PROB) || column.equals(Columns.POSITION);
  }
}
