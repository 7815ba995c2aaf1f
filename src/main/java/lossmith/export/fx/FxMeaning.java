package lossmith.export.fx;

import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;
import lossmith.dsl.ReduceOp;
import lossmith.export.fx.FxValue.Shape;

/**
 * What a node is in a graph of one response: of its tokens a tensor of rank 1, of anything coarser
 * one of rank 0. Nothing is differentiated by what runs it, so that a stopped gradient is the value
 * itself.
 */
final class FxMeaning implements Algebra<FxValue> {
  private static final FxValue ZERO = FxGraph.number(0);

  private final FxGraph graph;
  private final Map<String, FxValue> inputs;
  private final FxValue ones;
  private final FxValue count;
  private final FxFunctions functions;

  /**
   * The meaning over inputs.
   *
   * @param graph to which nodes are added
   * @param inputs each column and parameter by its name
   * @param like a number for each token
   * @param saturation beyond which the exponential is flat
   */
  FxMeaning(FxGraph graph, Map<String, FxValue> inputs, FxValue like, double saturation) {
    this.graph = graph;
    this.inputs = inputs;
    this.ones = graph.call("torch.ones_like", Shape.EACH, like);
    this.count = graph.call("torch.sum", Shape.ONE, ones);
    this.functions = new FxFunctions(graph, count, saturation);
  }

  private static ProblemException refused(String wrote, String remedy) {
    return Problem.of("export", wrote, "what the functions of torch say of one datum", remedy)
        .exception();
  }

  private static ProblemException without(String what) {
    return refused(
        what + " of what the policy does at the tokens of a response",
        "an objective without it, or an export to tinker");
  }

  @Override
  public FxValue input(Node.Input node) {
    return inputs.get(node.name()).getOrElseThrow(() -> without("a column " + node.name()));
  }

  @Override
  public FxValue sampled(Node.Sampled node) {
    throw without("the distribution");
  }

  @Override
  public FxValue gather(Node.Gather node, FxValue of) {
    throw without("the distribution");
  }

  @Override
  public FxValue constant(Node.Constant node) {
    return FxGraph.number(node.value());
  }

  @Override
  public FxValue truth(Node.Truth node) {
    return graph.call(node.value() ? "operator.ge" : "operator.lt", Shape.ONE, count, ZERO);
  }

  @Override
  public FxValue parameter(Node.ParameterValue node) {
    return inputs.get(node.name()).getOrElseThrow(() -> without("a parameter " + node.name()));
  }

  @Override
  public FxValue uniform(Node.Uniform node, FxValue seed, FxValue step) {
    throw without("a random number");
  }

  @Override
  public FxValue named(Node.Named node, FxValue of) {
    return of;
  }

  @Override
  public FxValue unary(Node.Unary node, FxValue of) {
    return functions.of(node.op(), of);
  }

  @Override
  public FxValue not(Node.Not node, FxValue of) {
    return functions.call("torch.logical_not", of);
  }

  @Override
  public FxValue stopGradient(Node.StopGradient node, FxValue of) {
    return of;
  }

  @Override
  public FxValue broadcast(Node.Broadcast node, FxValue of) {
    return of;
  }

  @Override
  public FxValue neighbour(Node.Neighbour node, FxValue of) {
    throw without("a neighbouring token");
  }

  @Override
  public FxValue binary(Node.Binary node, FxValue left, FxValue right) {
    return functions.of(node.op(), left, right);
  }

  @Override
  public FxValue compare(Node.Compare node, FxValue left, FxValue right) {
    return functions.of(node.op(), left, right);
  }

  @Override
  public FxValue logic(Node.Logic node, FxValue left, FxValue right) {
    return functions.call(node.all() ? "torch.logical_and" : "torch.logical_or", left, right);
  }

  @Override
  public FxValue scan(Node.Scan node, FxValue addend, FxValue coefficient) {
    if (coefficient.number() != 1) {
      throw without("a recurrence, which takes as many steps as there are tokens,");
    }
    FxValue x = each(addend);
    return node.direction() == Direction.FORWARD ? sumSoFar(x) : flipped(sumSoFar(flipped(x)));
  }

  private FxValue sumSoFar(FxValue x) {
    return graph.call("torch.cumsum", Shape.EACH, x, FxGraph.whole(0));
  }

  private FxValue flipped(FxValue x) {
    return graph.call("torch.flip", Shape.EACH, x, FxGraph.list(0));
  }

  @Override
  public FxValue sumByKey(Node.SumByKey node, FxValue of, FxValue key) {
    throw without("a sum over tokens with one key");
  }

  @Override
  public FxValue permute(Node.Permute node, FxValue of, FxValue key) {
    throw without("an order");
  }

  @Override
  public FxValue clip(Node.Clip node, FxValue of, FxValue low, FxValue high) {
    return functions.atLeast(functions.atMost(of, high), low);
  }

  @Override
  public FxValue select(Node.Select node, FxValue when, FxValue left, FxValue right) {
    return functions.where(when, left, right);
  }

  @Override
  public FxValue reduce(Node.Reduce node, FxValue of, Option<FxValue> where) {
    if (node.of().level() != Level.Name.TOKEN) {
      if (node.op() == ReduceOp.SUM && where.isEmpty()) {
        return functions.tensor(of); // of the one response that a datum is
      }
      throw without("a " + node.op() + " over other responses beside a number");
    }
    FxValue x = each(of);
    return switch (node.op()) {
      case SUM -> total(x, where);
      case MEAN -> functions.divided(total(x, where), atLeastOne(counted(where)));
      case MIN, MAX, STD, ULP -> throw without("the " + node.op());
    };
  }

  private FxValue total(FxValue each, Option<FxValue> where) {
    return graph.call(
        "torch.sum",
        Shape.ONE,
        where.map(when -> functions.where(when, each, ZERO)).getOrElse(each));
  }

  private FxValue counted(Option<FxValue> where) {
    return where.isEmpty() ? count : total(ones, where);
  }

  private FxValue atLeastOne(FxValue count) {
    return functions.atLeast(count, FxGraph.number(1));
  }

  @Override
  public FxValue count(Node.Count node, Option<FxValue> where) {
    if (node.from() != Level.Name.TOKEN || node.to() != Level.Name.SEQUENCE) {
      throw without("a count of other responses beside a number");
    }
    return counted(where);
  }

  @Override
  public FxValue rank(Node.Rank node, FxValue of, Option<FxValue> where) {
    throw without("a rank");
  }

  @Override
  public FxValue quantile(Node.Quantile node, FxValue of, FxValue fraction, Option<FxValue> where) {
    throw without("a quantile");
  }

  /** A number for each token, where it is the same for all too. */
  private FxValue each(FxValue x) {
    return x.shape() == Shape.EACH ? x : functions.times(ones, x);
  }
}
