package lossmith.dsl.portable;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.Serializable;
import java.util.function.ToIntFunction;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * One node as data.
 *
 * @param kind its kind
 * @param data what it has beside its operands, in the order of {@link NodeKind#attributes}
 * @param operands the places of its operands in the list it stands in, all before its own
 */
public record NodeForm(NodeKind kind, List<Object> data, List<Integer> operands)
    implements Serializable {

  static NodeForm of(Node node, ToIntFunction<Node> place) {
    return node.match(new Forms(place));
  }

  /**
   * {@return the node}
   *
   * @param of its operands
   * @throws lossmith.dsl.ProblemException where {@link Nodes} takes no such operands
   */
  Node node(Seq<Node> of) {
    Object[] x = data.toJavaArray();
    return switch (kind) {
      case INPUT -> input((String) x[0], (Level.Name) x[1], (Boolean) x[2], of.headOption());
      case SAMPLED -> Nodes.sampled();
      case CONSTANT -> Nodes.constant((Double) x[0], (Level.Name) x[1]);
      case TRUTH -> Nodes.truth((Boolean) x[0], (Level.Name) x[1]);
      case PARAMETER ->
          Nodes.parameter((String) x[0], new Range((Double) x[1], (Double) x[2], (Double) x[3]));
      case UNIFORM -> Nodes.uniform(of.get(0), of.get(1));
      case NAMED -> Nodes.named(of.get(0), (String) x[0]);
      case UNARY -> Nodes.unary((UnaryOp) x[0], of.get(0));
      case NOT -> Nodes.not(of.get(0));
      case STOP_GRADIENT -> Nodes.stopGradient(of.get(0));
      case BROADCAST -> Nodes.broadcast(of.get(0), (Level.Name) x[0]);
      case NEIGHBOUR -> Nodes.neighbour(of.get(0), (Direction) x[0], (Double) x[1]);
      case GATHER -> Nodes.gather(of.get(0));
      case BINARY -> Nodes.binary((BinaryOp) x[0], of.get(0), of.get(1));
      case COMPARE -> Nodes.compare((CompareOp) x[0], of.get(0), of.get(1));
      case LOGIC -> Nodes.logic((Boolean) x[0], of.get(0), of.get(1));
      case SCAN -> Nodes.scan(of.get(0), of.get(1), (Direction) x[0]);
      case SUM_BY_KEY -> Nodes.sumByKey(of.get(0), of.get(1), (Level.Name) x[0], (Boolean) x[1]);
      case PERMUTE -> Nodes.permute(of.get(0), of.get(1), (Level.Name) x[0], (Boolean) x[1]);
      case CLIP -> Nodes.clip(of.get(0), of.get(1), of.get(2));
      case SELECT -> Nodes.select(of.get(0), of.get(1), of.get(2));
      case REDUCE ->
          Nodes.reduce((ReduceOp) x[0], of.get(0), (Level.Name) x[1], (Integer) x[2], where(of, 1));
      case COUNT -> Nodes.count((Level.Name) x[0], (Level.Name) x[1], where(of, 0));
      case RANK -> Nodes.rank(of.get(0), (Level.Name) x[0], where(of, 1));
      case QUANTILE -> Nodes.quantile(of.get(0), of.get(1), (Level.Name) x[0], where(of, 2));
    };
  }

  private static Node input(
      String name, Level.Name level, boolean trained, Option<Node> otherwise) {
    if (trained && otherwise.isDefined()) {
      throw Problem.of(
              "input",
              name + ", which is trained, with a term that stands for it where it is absent",
              "no such term, for what is trained is there",
              "the column without operands")
          .exception();
    }
    return trained
        ? Nodes.trained(name, level)
        : otherwise
            .map(node -> Nodes.given(name, level, node))
            .getOrElse(() -> Nodes.given(name, level));
  }

  private static Option<Node> where(Seq<Node> operands, int place) {
    return Option.when(operands.size() > place, () -> operands.get(place));
  }

  /** The form of each kind. */
  private record Forms(ToIntFunction<Node> place) implements Node.Cases<NodeForm> {
    private NodeForm form(NodeKind kind, Node node, Object... data) {
      return form(kind, node.children(), data);
    }

    private NodeForm form(NodeKind kind, Seq<Node> operands, Object... data) {
      return new NodeForm(
          kind, List.of(data), List.ofAll(operands.map(node -> place.applyAsInt(node))));
    }

    @Override
    public NodeForm input(Node.Input x) {
      return form(NodeKind.INPUT, x.otherwise().toList(), x.name(), x.level(), x.trained());
    }

    @Override
    public NodeForm sampled(Node.Sampled x) {
      return form(NodeKind.SAMPLED, x);
    }

    @Override
    public NodeForm constant(Node.Constant x) {
      return form(NodeKind.CONSTANT, x, x.value(), x.level());
    }

    @Override
    public NodeForm truth(Node.Truth x) {
      return form(NodeKind.TRUTH, x, x.value(), x.level());
    }

    @Override
    public NodeForm parameter(Node.ParameterValue x) {
      Range range = x.range();
      return form(NodeKind.PARAMETER, x, x.name(), range.initial(), range.low(), range.high());
    }

    @Override
    public NodeForm uniform(Node.Uniform x) {
      return form(NodeKind.UNIFORM, x);
    }

    @Override
    public NodeForm named(Node.Named x) {
      return form(NodeKind.NAMED, x, x.symbol());
    }

    @Override
    public NodeForm unary(Node.Unary x) {
      return form(NodeKind.UNARY, x, x.op());
    }

    @Override
    public NodeForm not(Node.Not x) {
      return form(NodeKind.NOT, x);
    }

    @Override
    public NodeForm stopGradient(Node.StopGradient x) {
      return form(NodeKind.STOP_GRADIENT, x);
    }

    @Override
    public NodeForm broadcast(Node.Broadcast x) {
      return form(NodeKind.BROADCAST, x, x.to());
    }

    @Override
    public NodeForm neighbour(Node.Neighbour x) {
      return form(NodeKind.NEIGHBOUR, x, x.from(), x.edge());
    }

    @Override
    public NodeForm gather(Node.Gather x) {
      return form(NodeKind.GATHER, x);
    }

    @Override
    public NodeForm binary(Node.Binary x) {
      return form(NodeKind.BINARY, x, x.op());
    }

    @Override
    public NodeForm compare(Node.Compare x) {
      return form(NodeKind.COMPARE, x, x.op());
    }

    @Override
    public NodeForm logic(Node.Logic x) {
      return form(NodeKind.LOGIC, x, x.all());
    }

    @Override
    public NodeForm scan(Node.Scan x) {
      return form(NodeKind.SCAN, x, x.direction());
    }

    @Override
    public NodeForm sumByKey(Node.SumByKey x) {
      return form(NodeKind.SUM_BY_KEY, x, x.within(), x.cumulative());
    }

    @Override
    public NodeForm permute(Node.Permute x) {
      return form(NodeKind.PERMUTE, x, x.within(), x.inverse());
    }

    @Override
    public NodeForm clip(Node.Clip x) {
      return form(NodeKind.CLIP, x);
    }

    @Override
    public NodeForm select(Node.Select x) {
      return form(NodeKind.SELECT, x);
    }

    @Override
    public NodeForm reduce(Node.Reduce x) {
      return form(NodeKind.REDUCE, x, x.op(), x.to(), x.ddof());
    }

    @Override
    public NodeForm count(Node.Count x) {
      return form(NodeKind.COUNT, x, x.from(), x.to());
    }

    @Override
    public NodeForm rank(Node.Rank x) {
      return form(NodeKind.RANK, x, x.within());
    }

    @Override
    public NodeForm quantile(Node.Quantile x) {
      return form(NodeKind.QUANTILE, x, x.to());
    }
  }
}
