package lossmith.proofs.mutation;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Direction;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.UnaryOp;

/** Every objective that is one systematic mistake away from a given one. */
public final class Mutants {
  /** Reductions that people take for one another; nobody writes the unit of rounding by mistake. */
  private static final Seq<ReduceOp> MISTAKABLE = List.of(ReduceOp.values()).remove(ReduceOp.ULP);

  private final Map<String, Node.Setting> settings;

  private Mutants(Map<String, Node.Setting> settings) {
    this.settings = settings;
  }

  /** {@return the mutants of an objective: each kind of mistake at each term it can be made at} */
  public static Seq<Mutant> of(Loss loss) {
    HashConsing sharing = new HashConsing();
    Loss shared = loss.rewritten(sharing::of);
    Seq<Node> nodes = nodes(shared);
    Map<String, Node.Setting> settings =
        nodes
            .filter(n -> n instanceof Node.Setting)
            .map(n -> (Node.Setting) n)
            .foldLeft(LinkedHashMap.empty(), (all, s) -> all.put(s.name(), s));
    Mutants kinds = new Mutants(settings);
    return nodes.flatMap(
        node -> kinds.changes(node).map(change -> Mutant.of(shared, change._1, node, change._2)));
  }

  /** Every term of a loss, each once, the last first. */
  public static Seq<Node> nodes(Loss loss) {
    return nodes(loss.parts().values().map(part -> part.node()));
  }

  /** Every term below some, each once, the last first. */
  public static Seq<Node> nodes(Seq<Node> roots) {
    return Graph.down(roots.reverse(), node -> node.children().reverse());
  }

  private static Tuple2<String, Supplier<Node>> change(String name, Supplier<Node> other) {
    return Tuple.of(name, other);
  }

  private Seq<Tuple2<String, Supplier<Node>>> changes(Node node) {
    if (node instanceof Node.StopGradient stop) {
      return List.of(change("stop-gradient dropped", stop::of));
    } else if (node instanceof Node.Unary unary) {
      return List.of(
          change(unary.op() + " dropped", unary::of),
          change("sign flipped", () -> Nodes.unary(UnaryOp.NEGATE, unary)));
    } else if (node instanceof Node.Binary binary) {
      return binary(binary);
    } else if (node instanceof Node.Compare compare) {
      return List.of(
          change(
              "comparison turned",
              () ->
                  Nodes.compare(
                      CompareOp.BELOW, /* left= */ compare.right(), /* right= */ compare.left())));
    } else if (node instanceof Node.Logic logic) {
      return List.of(
          change("and ↔ or", () -> Nodes.logic(!logic.all(), logic.left(), logic.right())),
          change("condition dropped", logic::left),
          change("condition dropped", logic::right));
    } else if (node instanceof Node.Not not) {
      return List.of(change("not dropped", not::of));
    } else if (node instanceof Node.Clip clip) {
      return clip(clip);
    } else if (node instanceof Node.Select select) {
      return List.of(
          change(
              "branches swapped",
              () ->
                  Nodes.select(
                      select.when(), /* left= */ select.right(), /* right= */ select.left())),
          change("always the first branch", select::left),
          change("always the second branch", select::right));
    } else if (node instanceof Node.Reduce reduce) {
      return reduce(reduce);
    } else if (node instanceof Node.Rank rank) {
      return List.of(
          change(
              "smallest for largest",
              () ->
                  Nodes.rank(Nodes.unary(UnaryOp.NEGATE, rank.of()), rank.within(), rank.where())));
    } else if (node instanceof Node.Share share) {
      return share(share);
    } else if (node instanceof Node.Quantile quantile) {
      return quantile(quantile);
    } else if (node instanceof Node.Setting setting) {
      return setting(setting);
    } else if (node instanceof Node.Constant constant && Double.isFinite(constant.value())) {
      return List.of(
          change("constant + 1", () -> Nodes.constant(constant.value() + 1, constant.level())));
    } else if (node instanceof Node.Input input) {
      return input(input);
    }
    return List.empty();
  }

  private static Seq<Tuple2<String, Supplier<Node>>> binary(Node.Binary node) {
    BinaryOp other =
        switch (node.op()) {
          case MIN -> BinaryOp.MAX;
          case MAX -> BinaryOp.MIN;
          case PLUS -> BinaryOp.MINUS;
          case MINUS -> BinaryOp.PLUS;
          case TIMES -> BinaryOp.DIVIDE;
          case DIVIDE -> BinaryOp.TIMES;
          default -> BinaryOp.PLUS;
        };
    Seq<Tuple2<String, Supplier<Node>>> all =
        List.of(
            change(node.op() + " → " + other, () -> Nodes.binary(other, node.left(), node.right())),
            change("second operand dropped", node::left),
            change("first operand dropped", node::right));
    return node.live() ? all.append(change("detached", () -> Nodes.stopGradient(node))) : all;
  }

  private static Seq<Tuple2<String, Supplier<Node>>> clip(Node.Clip node) {
    Node least = Nodes.constant(Double.NEGATIVE_INFINITY, node.level());
    Node most = Nodes.constant(Double.POSITIVE_INFINITY, node.level());
    return List.of(
        change("clip dropped", node::of),
        change("lower bound dropped", () -> Nodes.clip(node.of(), least, node.high())),
        change("upper bound dropped", () -> Nodes.clip(node.of(), node.low(), most)));
  }

  private static Seq<Tuple2<String, Supplier<Node>>> reduce(Node.Reduce node) {
    Seq<Tuple2<String, Supplier<Node>>> all = List.empty();
    for (ReduceOp op : MISTAKABLE) {
      if (op != node.op() && MISTAKABLE.contains(node.op())) {
        int ddof = op == ReduceOp.STD ? 1 : 0;
        all =
            all.append(
                change(
                    node.op() + " → " + op,
                    () -> Nodes.reduce(op, node.of(), node.to(), ddof, node.where())));
      }
    }
    if (node.op() == ReduceOp.STD) {
      all =
          all.append(
              change(
                  "other degrees of freedom",
                  () ->
                      Nodes.reduce(
                          node.op(), node.of(), node.to(), 1 - node.ddof(), node.where())));
    }
    if (node.op() == ReduceOp.MEAN && node.where().isEmpty()) {
      all = all.appendAll(denominators(node));
    }
    if (node.where().isDefined()) {
      all =
          all.append(
              change(
                  "mask dropped",
                  () -> Nodes.reduce(node.op(), node.of(), node.to(), 0, Option.none())));
    }
    if (node.live() && node.to() != Level.Name.BATCH) {
      all = all.append(change("detached", () -> Nodes.stopGradient(node)));
    }
    return all;
  }

  /** A mean over all for a mean of means, and the other way round. */
  private static Seq<Tuple2<String, Supplier<Node>>> denominators(Node.Reduce node) {
    if (node.of() instanceof Node.Reduce inner
        && inner.op() == ReduceOp.MEAN
        && inner.where().isEmpty()) {
      return List.of(change("mean of means → mean over all", () -> mean(inner.of(), node.to())));
    }
    boolean all = node.of().level() == Level.Name.TOKEN && node.to() != Level.Name.SEQUENCE;
    return all
        ? List.of(
            change(
                "mean over all → mean of means",
                () -> mean(mean(node.of(), Level.Name.SEQUENCE), node.to())))
        : List.empty();
  }

  private static Node mean(Node of, Level.Name to) {
    return Nodes.reduce(ReduceOp.MEAN, of, to, 0, Option.none());
  }

  private static Seq<Tuple2<String, Supplier<Node>>> share(Node.Share node) {
    Node turned = Nodes.unary(UnaryOp.NEGATE, node.right());
    return List.of(
        change(
            "sum over equal keys ↔ running sum",
            () -> Nodes.share(node.left(), node.right(), node.within(), !node.upTo())),
        change(
            "from the other end",
            () -> Nodes.share(node.left(), turned, node.within(), node.upTo())));
  }

  private static Seq<Tuple2<String, Supplier<Node>>> quantile(Node.Quantile node) {
    Node one = Nodes.constant(1, node.share().level());
    return List.of(
        change(
            "other end of the quantile",
            () ->
                Nodes.quantile(
                    node.of(),
                    Nodes.binary(BinaryOp.MINUS, one, node.share()),
                    node.to(),
                    node.where())));
  }

  private Seq<Tuple2<String, Supplier<Node>>> setting(Node.Setting node) {
    String name = node.name();
    String other = name.contains("low") ? name.replace("low", "high") : name.replace("high", "low");
    Seq<Tuple2<String, Supplier<Node>>> dead =
        List.of(
            change(
                "parameter ignored",
                () -> Nodes.constant(node.range().initial(), Level.Name.BATCH)));
    return other.equals(name)
        ? dead
        : dead.appendAll(settings.get(other).map(o -> change(name + " → " + other, () -> o)));
  }

  private static Seq<Tuple2<String, Supplier<Node>>> input(Node.Input node) {
    return node.level() == Level.Name.TOKEN
        ? List.of(
            change("shifted by one token", () -> Nodes.neighbour(node, Direction.BACKWARD, 0)))
        : List.empty();
  }
}
