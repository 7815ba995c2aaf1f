package lossmith.proofs.mutation;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;

/** The policy: what is detached, at which token, temperature, entropy, and pairs. */
final class PolicySlips {
  private PolicySlips() {}

  static Seq<Slip> all() {
    return List.of(
        Slip.at(
            "stopGradient() missing",
            node ->
                node instanceof Node.StopGradient stop ? Option.some(stop.of()) : Option.none()),
        Slip.at("one stopGradient() too many", PolicySlips::stopped),
        Slip.at("an importance weight forgotten", PolicySlips::unweighted),
        Slip.at("a column off by one token", PolicySlips::shifted),
        Slip.throughout(
            "chosen and rejected swapped",
            nodes ->
                nodes
                    .filter(node -> isInput(node, Columns.SIGN))
                    .map(sign -> Tuple.of(sign, Nodes.unary(UnaryOp.NEGATE, sign)))),
        Slip.throughout(
            "the temperature twice",
            nodes ->
                nodes
                    .filter(node -> isInput(node, Columns.LOG_PI))
                    .map(logPi -> Tuple.of(logPi, again(logPi)))),
        Slip.at("the sampled token for the entropy", PolicySlips::surprise),
        Slip.at("entries that are not weighed by their probability", PolicySlips::unweighed),
        Slip.at("an expectation under the other policy", PolicySlips::otherPolicy));
  }

  private static boolean isInput(Node node, String column) {
    return node instanceof Node.Input input && input.name().equals(column);
  }

  private static Option<Node> stopped(Node node) {
    boolean carries =
        node instanceof Node.Unary
            || node instanceof Node.Clip
            || node instanceof Node.Gather
            || (node instanceof Node.Reduce sum && sum.of().level() == Level.Name.VOCABULARY);
    return node.live() && carries ? Option.some(Nodes.stopGradient(node)) : Option.none();
  }

  private static Option<Node> unweighted(Node node) {
    return node instanceof Node.Binary product
            && product.op() == BinaryOp.TIMES
            && product.left().live()
            && !product.right().live()
            && Graph.below(List.of(product.right()))
                .exists(below -> below instanceof Node.Unary exp && exp.op() == UnaryOp.EXP)
        ? Option.some(product.left())
        : Option.none();
  }

  private static Option<Node> shifted(Node node) {
    boolean column =
        node instanceof Node.Gather
            || (node instanceof Node.Input input
                && input.level() == Level.Name.TOKEN
                && !input.trained());
    return column ? Option.some(Nodes.neighbour(node, Direction.BACKWARD, 0)) : Option.none();
  }

  /** The log-softmax of log π over the temperature. */
  private static Node again(Node logPi) {
    Node temperature = Terms.parameter(Columns.TEMPERATURE, 1, 1e-3, 1e3).node();
    Node tempered =
        Nodes.binary(BinaryOp.DIVIDE, logPi, Nodes.broadcast(temperature, Level.Name.VOCABULARY));
    Node sum =
        Nodes.reduce(
            ReduceOp.SUM, Nodes.unary(UnaryOp.EXP, tempered), Level.Name.TOKEN, 0, Option.none());
    Node total = Nodes.broadcast(Nodes.unary(UnaryOp.LOG, sum), Level.Name.VOCABULARY);
    return Nodes.binary(BinaryOp.MINUS, tempered, total);
  }

  private static Option<Node.Binary> expectation(Node node) {
    return node instanceof Node.Binary product && product.op() == BinaryOp.PROB_TIMES
        ? Option.some(product)
        : Option.none();
  }

  /** log π of what was sampled, in the place of Σ π·(−log π). */
  private static Option<Node> surprise(Node node) {
    return node instanceof Node.Reduce sum && sum.of().level() == Level.Name.VOCABULARY
        ? expectation(sum.of())
            .filter(product -> isInput(product.left(), Columns.LOG_PI))
            .map(product -> Nodes.gather(product.right()))
        : Option.none();
  }

  private static Option<Node> unweighed(Node node) {
    return expectation(node).map(Node.Binary::right);
  }

  private static Option<Node> otherPolicy(Node node) {
    return expectation(node)
        .flatMap(
            product ->
                Graph.only(Node.Input.class, Graph.below(List.of(product.right())))
                    .find(
                        input ->
                            input.level() == Level.Name.VOCABULARY
                                && !input.equals(product.left())
                                && (input.name().equals(Columns.REFERENCE_LOG_PI)
                                    || input.name().equals(Columns.LOG_PI)))
                    .map(other -> Nodes.binary(BinaryOp.PROB_TIMES, other, product.right())));
  }
}
