package lossmith.dsl.schedule;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.IdentityHashMap;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.derivative.Derivative;

/**
 * An objective cut where the policy enters: what is known of a whole batch before, in columns, and
 * after that Σ w·x over tokens or responses, of which every response gives its share by itself. Any
 * rows of a batch, in any order, then have the share of the loss and of its gradient that is
 * theirs.
 *
 * @param prepared by its name, each column of a token or of a response that is known before: {@code
 *     A} and what else an author named, the weights w
 * @param weights the names of those that are weights, at the level of what they are multiplied by
 * @param live the rest, over those columns and what is read of the policy
 * @param dropped the metrics that cannot be told of some rows
 */
public record TokenSum(
    Map<String, Node> prepared, Set<String> weights, Loss live, Seq<String> dropped) {

  /**
   * {@return the cut, or why there is none: the objective then needs its whole batch at once}
   *
   * @param loss any loss
   * @param before the columns that are there before the policy is, of the whole batch
   * @param handed the columns that are there with the policy, of each row
   * @throws lossmith.dsl.ProblemException where it needs another column
   */
  public static Either<String, TokenSum> of(Loss loss, Set<String> before, Set<String> handed) {
    StatisticsSplit split = StatisticsSplit.of(loss, before.addAll(handed));
    try {
      return Either.right(new Cut(handed, split.statistics().keySet()).of(split, loss.trains()));
    } catch (NotLocal e) {
      return Either.left(e.why);
    }
  }

  /** That rows have no share of their own. */
  private static final class NotLocal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;

    NotLocal(String why) {
      super(why);
      this.why = why;
    }
  }

  /** One cut, with the columns that it has made. */
  private static final class Cut {
    private final Set<String> handed;
    private final Set<String> policy;
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();
    private Map<String, Node> columns = LinkedHashMap.empty();

    Cut(Set<String> handed, Set<String> policy) {
      this.handed = handed.addAll(policy);
      this.policy = policy;
    }

    TokenSum of(StatisticsSplit split, Set<String> trains) {
      Set<String> weights = LinkedHashSet.empty();
      Map<String, Node> parts = LinkedHashMap.empty();
      for (Tuple2<String, Node> part : split.rest().parts()) {
        Node sum = null;
        for (Tuple2<Node, Node> summand : summands(part._2)) {
          Node x = within(summand._1);
          Node weight = added("weight", summand._2);
          weights = weights.add(((Node.Input) weight).name());
          Node product = Nodes.binary(BinaryOp.TIMES, weight, x);
          Node all = Nodes.reduce(ReduceOp.SUM, product, Level.Name.BATCH, 0, Option.none());
          sum = sum == null ? all : Nodes.binary(BinaryOp.PLUS, sum, all);
        }
        if (sum == null) {
          throw new NotLocal("its part " + part._1 + " does not read the policy");
        }
        parts = parts.put(part._1, sum);
      }
      Map<String, Node> metrics =
          split
              .rest()
              .metrics()
              .filterValues(this::readsPolicy)
              .mapValues(this::cut)
              .filterValues(Cut::isMeanOfRows);
      Seq<Node> read = parts.values().appendAll(metrics.values());
      Set<String> used = Inputs.of(read).columns().map(Node.Input::name).toSet();
      return new TokenSum(
          columns.filterKeys(used::contains),
          weights,
          Loss.of(parts, metrics, trains),
          split.rest().metrics().keySet().removeAll(metrics.keySet()).toList());
    }

    /** Each x at a token or a response and its weight, of which the part is Σ w·x. */
    private Seq<Tuple2<Node, Node>> summands(Node part) {
      Seq<Node> found = under(part).distinct();
      Seq<Node> inputs = found.zipWithIndex((x, i) -> Nodes.trained("summand_" + i, x.level()));
      Map<Node, Node> replaced = found.zip(inputs).toLinkedMap(pair -> pair);
      Node linear = new Replaced(replaced).of(part);
      Map<String, Node> slopes = Derivative.of(linear);
      return found.zipWithIndex(
          (x, i) -> {
            Node weight = slopes.get("summand_" + i).get();
            if (readsPolicy(weight)) {
              throw new NotLocal("what it is divided by, or which tokens count, reads the policy");
            }
            return Tuple.of(x, weight);
          });
    }

    private Seq<Node> under(Node node) {
      boolean rows = node.level() == Level.Name.TOKEN;
      if (!node.live() && !rows) {
        throw new NotLocal("a number that does not read the policy is added to it");
      }
      if (rows || (node.level() == Level.Name.SEQUENCE && !isMean(node))) {
        return List.of(node);
      }
      if (!Linear.is(node)) {
        throw new NotLocal("it takes a function of a sum over more than one response");
      }
      return operands(node).flatMap(this::under);
    }

    /** A mean or sum over tokens, which goes into the weights. */
    private static boolean isMean(Node node) {
      return node instanceof Node.Reduce reduce
          && Linear.isSum(reduce)
          && reduce.of().level() == Level.Name.TOKEN;
    }

    private static Seq<Node> operands(Node node) {
      boolean sum =
          node instanceof Node.Binary binary
              && (binary.op() == BinaryOp.PLUS || binary.op() == BinaryOp.MINUS);
      return sum ? node.children() : node.children().filter(Node::live);
    }

    /** What is read of each row, with columns for what is known before. */
    private Node within(Node x) {
      Node cut = cut(x);
      for (Node node : Graph.below(List.of(cut), Node::children)) {
        if (Span.of(node).exists(Level.Name.SEQUENCE::finerThan)) {
          throw new NotLocal("it compares the policy at tokens of more than one response");
        }
      }
      return cut;
    }

    /** Whether some rows can tell it of themselves, from what they have. */
    private static boolean isMeanOfRows(Node metric) {
      Seq<Node> below = Graph.below(List.of(metric), Node::children);
      return metric instanceof Node.Reduce mean
          && mean.op() == ReduceOp.MEAN
          && below
              .remove(metric)
              .forAll(node -> Span.of(node).forAll(level -> !Level.Name.SEQUENCE.finerThan(level)));
    }

    /** A node whose largest operands that are known before are columns. */
    private Node cut(Node node) {
      Node known = done.get(node);
      if (known == null) {
        boolean column = isKnownBefore(node) && !goesOn(node);
        known = column ? column(name(node), node) : node.apply(new Rebuild(), this::cut);
        done.put(node, known);
      }
      return known;
    }

    private boolean isKnownBefore(Node node) {
      boolean row = node.level() == Level.Name.TOKEN || node.level() == Level.Name.SEQUENCE;
      return row && !node.condition() && !readsPolicy(node) && needsMore(node);
    }

    /** Whether it needs more than a row has. */
    private boolean needsMore(Node node) {
      return Graph.below(List.of(node), Node::children)
          .exists(
              one ->
                  (one instanceof Node.Input input && !handed.contains(input.name()))
                      || one instanceof Node.Uniform
                      || Span.of(one).exists(Level.Name.SEQUENCE::finerThan));
    }

    /** Whether each row can compute it, from columns that an author named and what it has. */
    private boolean goesOn(Node node) {
      return !(node instanceof Node.Leaf)
          && !(node instanceof Node.Uniform)
          && Span.of(node).forAll(level -> !Level.Name.SEQUENCE.finerThan(level))
          && node.children().forAll(this::isThere);
    }

    private boolean isThere(Node node) {
      return (node instanceof Node.Named && isKnownBefore(node))
          || !needsMore(node)
          || goesOn(node);
    }

    private static String name(Node node) {
      return node instanceof Node.Named named
          ? named.symbol()
          : node instanceof Node.Input input ? input.name() : "given";
    }

    /** A column for a node, of responses where its tokens have one number each. */
    private Node column(String name, Node node) {
      if (node instanceof Node.Named named) {
        return Nodes.named(column(name, named.of()), named.symbol());
      }
      if (node instanceof Node.Broadcast spread && spread.of().level() == Level.Name.SEQUENCE) {
        return Nodes.broadcast(column(name, spread.of()), node.level());
      }
      return added(name, node);
    }

    private Node added(String name, Node node) {
      for (Tuple2<String, Node> same : columns.filterValues(node::equals)) {
        return Nodes.given(same._1, node.level());
      }
      String free = name;
      for (int i = 2; columns.containsKey(free) || handed.contains(free); i++) {
        free = name + i;
      }
      columns = columns.put(free, node);
      return Nodes.given(free, node.level());
    }

    private boolean readsPolicy(Node node) {
      return Graph.only(Node.Input.class, Graph.below(List.of(node), Node::children))
          .exists(this::isOfPolicy);
    }

    /** A statistic of the policy, or a column for which one stands where it is absent. */
    private boolean isOfPolicy(Node.Input input) {
      return policy.contains(input.name())
          || input.trained()
          || input
              .otherwise()
              .exists(
                  other ->
                      Graph.only(Node.Input.class, Graph.below(List.of(other)))
                          .exists(Node.Input::trained));
    }
  }

  /** Other nodes in place of some. */
  private record Replaced(Map<Node, Node> by) {
    Node of(Node node) {
      return by.get(node).getOrElse(() -> node.apply(new Rebuild(), this::of));
    }
  }
}
