package lossmith.proofs.mutation;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;

/** Ratios of policies: of which, which way round, within which bounds. */
final class RatioSlips {
  private RatioSlips() {}

  static Seq<Slip> all() {
    return List.of(
        Slip.throughout(
            "the ratio against the reference",
            nodes -> instead(nodes, Columns.OLD_LOG_PROB, Terms.referenceLogProb())),
        Slip.throughout(
            "a penalty towards the policy that sampled",
            nodes -> instead(nodes, Columns.REFERENCE_LOG_PROB, Terms.oldLogProb())),
        Slip.throughout(
            "the policy itself for the one that sampled",
            nodes ->
                inputs(nodes, Columns.OLD_LOG_PROB)
                    .filter(old -> old.level() == Level.Name.TOKEN)
                    .map(old -> Tuple.of(old, Terms.logProb().node()))),
        Slip.throughout(
            "the reference forgotten",
            nodes ->
                inputs(nodes, Columns.REFERENCE_LOG_PROB)
                    .filter(input -> input.level() == Level.Name.TOKEN)
                    .map(input -> Tuple.of(input, Nodes.constant(0, Level.Name.TOKEN)))),
        Slip.at("a ratio turned upside down", RatioSlips::inverted),
        Slip.at("the exponential forgotten", RatioSlips::logarithm),
        Slip.at("a log-ratio turned", RatioSlips::turned),
        Slip.at("a mean of ratios for the ratio of means", RatioSlips::meanOfRatios),
        Slip.throughout("the names of the bounds swapped", RatioSlips::names),
        Slip.at("the bounds in the wrong order", RatioSlips::order),
        Slip.at("no clip", node -> clip(node).map(Node::children).map(Seq::head)),
        Slip.at("no lower bound", RatioSlips::noLower),
        Slip.at("no upper bound", RatioSlips::noUpper),
        Slip.at("ε for 1 + ε", RatioSlips::around0));
  }

  private static Seq<Node> inputs(Seq<Node> nodes, String column) {
    return nodes.filter(node -> node instanceof Node.Input input && input.name().equals(column));
  }

  private static Seq<Tuple2<Node, Node>> instead(
      Seq<Node> nodes, String column, Detached<Token> to) {
    return inputs(nodes, column)
        .filter(input -> input.level() == Level.Name.TOKEN)
        .map(input -> Tuple.of(input, to.node()));
  }

  /** The columns of policies that a node reads. */
  private static Set<String> policies(Node node) {
    return Graph.only(Node.Input.class, Graph.below(List.of(node)))
        .map(Node.Input::name)
        .filter(name -> name.equals(Columns.LOG_PI) || Columns.LOG_PROBS.contains(name))
        .toSet();
  }

  private static Option<Node.Unary> ratio(Node node) {
    return node instanceof Node.Unary exp
            && exp.op() == UnaryOp.EXP
            && policies(exp.of()).size() > 1
        ? Option.some(exp)
        : Option.none();
  }

  private static Option<Node> inverted(Node node) {
    return ratio(node).map(exp -> Nodes.unary(UnaryOp.EXP, Nodes.unary(UnaryOp.NEGATE, exp.of())));
  }

  private static Option<Node> logarithm(Node node) {
    return ratio(node).map(Node.Unary::of);
  }

  private static Option<Node> meanOfRatios(Node node) {
    return ratio(node)
        .map(Node.Unary::of)
        .filter(of -> of instanceof Node.Reduce)
        .map(Node.Reduce.class::cast)
        .filter(mean -> mean.op() == ReduceOp.MEAN)
        .map(
            mean ->
                Nodes.reduce(
                    ReduceOp.MEAN,
                    Nodes.unary(UnaryOp.EXP, mean.of()),
                    mean.to(),
                    0,
                    mean.where()));
  }

  private static Option<Node> turned(Node node) {
    return node instanceof Node.Binary difference
            && difference.op() == BinaryOp.MINUS
            && policies(difference.left()).size() == 1
            && policies(difference.right()).size() > 0
            && !policies(difference.left()).equals(policies(difference.right()))
        ? Option.some(
            Nodes.binary(
                BinaryOp.MINUS, /* left= */ difference.right(), /* right= */ difference.left()))
        : Option.none();
  }

  private static Seq<Tuple2<Node, Node>> names(Seq<Node> nodes) {
    Seq<Node.ParameterValue> all = Graph.only(Node.ParameterValue.class, nodes);
    return all.filter(low -> low.name().contains("low"))
        .flatMap(
            low ->
                all.find(high -> high.name().equals(low.name().replace("low", "high")))
                    .toList()
                    .flatMap(
                        high -> List.of(Tuple.<Node, Node>of(low, high), Tuple.of(high, low))));
  }

  private static Option<Node.Clip> clip(Node node) {
    return node instanceof Node.Clip clip ? Option.some(clip) : Option.none();
  }

  private static Option<Node> order(Node node) {
    return clip(node)
        .map(clip -> Nodes.clip(clip.of(), /* low= */ clip.high(), /* high= */ clip.low()));
  }

  private static Option<Node> noLower(Node node) {
    return clip(node)
        .map(
            clip ->
                Nodes.clip(
                    clip.of(),
                    Nodes.constant(Double.NEGATIVE_INFINITY, clip.low().level()),
                    clip.high()));
  }

  private static Option<Node> noUpper(Node node) {
    return clip(node)
        .map(
            clip ->
                Nodes.clip(
                    clip.of(),
                    clip.low(),
                    Nodes.constant(Double.POSITIVE_INFINITY, clip.high().level())));
  }

  /** The bounds of a ratio are meant, not those of a log-ratio. */
  private static Option<Node> around0(Node node) {
    return clip(node)
        .filter(clip -> Graph.below(List.of(clip.of())).exists(of -> ratio(of).isDefined()))
        .map(clip -> Nodes.clip(clip.of(), lessOne(clip.low()), lessOne(clip.high())));
  }

  private static Node lessOne(Node bound) {
    return Nodes.binary(BinaryOp.MINUS, bound, Nodes.constant(1, bound.level()));
  }
}
