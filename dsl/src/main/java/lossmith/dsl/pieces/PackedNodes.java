package lossmith.dsl.pieces;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.IdentityHashMap;
import java.util.Objects;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Range;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/**
 * Nodes by name that can be sent to another process: as a list of nodes, children first, each with
 * the places of its children in the list. So a graph of any depth is written and read in little
 * stack, and what it shares is written once and shared where it arrives.
 */
public final class PackedNodes implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient Map<String, Node> nodes;

  /** What a node is made of: data of its kind, and the places of its children. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Packed(Kind kind, Object[] data, int[] children) implements Serializable {}

  private enum Kind {
    INPUT,
    SAMPLED,
    CONSTANT,
    TRUTH,
    PARAMETER,
    UNIFORM,
    NAMED,
    UNARY,
    NOT,
    STOP_GRADIENT,
    BROADCAST,
    NEIGHBOUR,
    GATHER,
    BINARY,
    COMPARE,
    LOGIC,
    SCAN,
    SUM_BY_KEY,
    PERMUTE,
    CLIP,
    SELECT,
    REDUCE,
    COUNT,
    RANK,
    QUANTILE
  }

  /**
   * Nodes to be sent.
   *
   * @param nodes by name
   */
  public PackedNodes(Map<String, Node> nodes) {
    this.nodes = nodes;
  }

  /** {@return the nodes, by name} */
  public Map<String, Node> nodes() {
    return nodes;
  }

  private void writeObject(ObjectOutputStream to) throws IOException {
    IdentityHashMap<Node, Integer> places = new IdentityHashMap<>();
    Seq<Node> all = Graph.below(nodes.values());
    to.writeInt(all.size());
    for (Node node : all) {
      to.writeObject(node.match(new Pack(places)));
      Integer unused = places.put(node, places.size());
    }
    to.writeInt(nodes.size());
    for (var one : nodes) {
      to.writeObject(one._1);
      to.writeInt(Objects.requireNonNull(places.get(one._2)));
    }
  }

  private void readObject(ObjectInputStream from) throws IOException, ClassNotFoundException {
    Node[] all = new Node[from.readInt()];
    for (int i = 0; i < all.length; i++) {
      all[i] = made((Packed) from.readObject(), all);
    }
    int names = from.readInt();
    nodes = LinkedHashMap.empty();
    for (int i = 0; i < names; i++) {
      String name = (String) from.readObject();
      nodes = nodes.put(name, all[from.readInt()]);
    }
  }

  private record Pack(IdentityHashMap<Node, Integer> places) implements Node.Cases<Packed> {
    private Packed packed(Kind kind, Node node, Object... data) {
      return packed(kind, node.children(), data);
    }

    private Packed packed(Kind kind, Seq<Node> children, Object... data) {
      return new Packed(kind, data, children.toJavaStream().mapToInt(places::get).toArray());
    }

    @Override
    public Packed input(Node.Input x) {
      return packed(Kind.INPUT, x.otherwise().toList(), x.name(), x.level(), x.trained());
    }

    @Override
    public Packed sampled(Node.Sampled x) {
      return packed(Kind.SAMPLED, x);
    }

    @Override
    public Packed constant(Node.Constant x) {
      return packed(Kind.CONSTANT, x, x.value(), x.level());
    }

    @Override
    public Packed truth(Node.Truth x) {
      return packed(Kind.TRUTH, x, x.value(), x.level());
    }

    @Override
    public Packed parameter(Node.ParameterValue x) {
      return packed(Kind.PARAMETER, x, x.name(), x.range());
    }

    @Override
    public Packed uniform(Node.Uniform x) {
      return packed(Kind.UNIFORM, x);
    }

    @Override
    public Packed named(Node.Named x) {
      return packed(Kind.NAMED, x, x.symbol());
    }

    @Override
    public Packed unary(Node.Unary x) {
      return packed(Kind.UNARY, x, x.op());
    }

    @Override
    public Packed not(Node.Not x) {
      return packed(Kind.NOT, x);
    }

    @Override
    public Packed stopGradient(Node.StopGradient x) {
      return packed(Kind.STOP_GRADIENT, x);
    }

    @Override
    public Packed broadcast(Node.Broadcast x) {
      return packed(Kind.BROADCAST, x, x.to());
    }

    @Override
    public Packed neighbour(Node.Neighbour x) {
      return packed(Kind.NEIGHBOUR, x, x.from(), x.edge());
    }

    @Override
    public Packed gather(Node.Gather x) {
      return packed(Kind.GATHER, x);
    }

    @Override
    public Packed binary(Node.Binary x) {
      return packed(Kind.BINARY, x, x.op());
    }

    @Override
    public Packed compare(Node.Compare x) {
      return packed(Kind.COMPARE, x, x.op());
    }

    @Override
    public Packed logic(Node.Logic x) {
      return packed(Kind.LOGIC, x, x.all());
    }

    @Override
    public Packed scan(Node.Scan x) {
      return packed(Kind.SCAN, x, x.direction());
    }

    @Override
    public Packed sumByKey(Node.SumByKey x) {
      return packed(Kind.SUM_BY_KEY, x, x.within(), x.cumulative());
    }

    @Override
    public Packed permute(Node.Permute x) {
      return packed(Kind.PERMUTE, x, x.within(), x.inverse());
    }

    @Override
    public Packed clip(Node.Clip x) {
      return packed(Kind.CLIP, x);
    }

    @Override
    public Packed select(Node.Select x) {
      return packed(Kind.SELECT, x);
    }

    @Override
    public Packed reduce(Node.Reduce x) {
      return packed(Kind.REDUCE, x, x.op(), x.to(), x.ddof());
    }

    @Override
    public Packed count(Node.Count x) {
      return packed(Kind.COUNT, x, x.from(), x.to());
    }

    @Override
    public Packed rank(Node.Rank x) {
      return packed(Kind.RANK, x, x.within());
    }

    @Override
    public Packed quantile(Node.Quantile x) {
      return packed(Kind.QUANTILE, x, x.to());
    }
  }

  /** The node of which something was packed, children made before it. */
  private static Node made(Packed packed, Node[] all) {
    Object[] x = packed.data();
    Node[] of = new Node[packed.children().length];
    for (int i = 0; i < of.length; i++) {
      of[i] = all[packed.children()[i]];
    }
    return switch (packed.kind()) {
      case INPUT -> input((String) x[0], (Level.Name) x[1], (Boolean) x[2], of);
      case SAMPLED -> Nodes.sampled();
      case CONSTANT -> Nodes.constant((Double) x[0], (Level.Name) x[1]);
      case TRUTH -> Nodes.truth((Boolean) x[0], (Level.Name) x[1]);
      case PARAMETER -> Nodes.parameter((String) x[0], (Range) x[1]);
      case UNIFORM -> Nodes.uniform(of[0], of[1]);
      case NAMED -> Nodes.named(of[0], (String) x[0]);
      case UNARY -> Nodes.unary((UnaryOp) x[0], of[0]);
      case NOT -> Nodes.not(of[0]);
      case STOP_GRADIENT -> Nodes.stopGradient(of[0]);
      case BROADCAST -> Nodes.broadcast(of[0], (Level.Name) x[0]);
      case NEIGHBOUR -> Nodes.neighbour(of[0], (Direction) x[0], (Double) x[1]);
      case GATHER -> Nodes.gather(of[0]);
      case BINARY -> Nodes.binary((BinaryOp) x[0], of[0], of[1]);
      case COMPARE -> Nodes.compare((CompareOp) x[0], of[0], of[1]);
      case LOGIC -> Nodes.logic((Boolean) x[0], of[0], of[1]);
      case SCAN -> Nodes.scan(of[0], of[1], (Direction) x[0]);
      case SUM_BY_KEY -> Nodes.sumByKey(of[0], of[1], (Level.Name) x[0], (Boolean) x[1]);
      case PERMUTE -> Nodes.permute(of[0], of[1], (Level.Name) x[0], (Boolean) x[1]);
      case CLIP -> Nodes.clip(of[0], of[1], of[2]);
      case SELECT -> Nodes.select(of[0], of[1], of[2]);
      case REDUCE ->
          Nodes.reduce((ReduceOp) x[0], of[0], (Level.Name) x[1], (Integer) x[2], where(of, 1));
      case COUNT -> Nodes.count((Level.Name) x[0], (Level.Name) x[1], where(of, 0));
      case RANK -> Nodes.rank(of[0], (Level.Name) x[0], where(of, 1));
      case QUANTILE -> Nodes.quantile(of[0], of[1], (Level.Name) x[0], where(of, 2));
    };
  }

  private static Node input(String name, Level.Name level, boolean trained, Node[] otherwise) {
    return trained
        ? Nodes.trained(name, level)
        : otherwise.length > 0 ? Nodes.given(name, level, otherwise[0]) : Nodes.given(name, level);
  }

  private static Option<Node> where(Node[] children, int place) {
    return Option.when(children.length > place, () -> children[place]);
  }
}
