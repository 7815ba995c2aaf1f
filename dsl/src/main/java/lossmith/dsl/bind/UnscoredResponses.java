package lossmith.dsl.bind;

import static lossmith.dsl.Level.Name.GROUP;
import static lossmith.dsl.Level.Name.SEQUENCE;

import io.vavr.collection.List;
import io.vavr.control.Option;
import java.util.function.Function;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.ByDependence;
import lossmith.dsl.Columns;
import lossmith.dsl.CompareOp;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Problem;
import lossmith.dsl.Rebuild;
import lossmith.dsl.ReduceOp;

/**
 * Rewrites nodes for samples in which some responses have no reward, as {@link
 * Columns#REWARD_KNOWN} says.
 *
 * <ul>
 *   <li>A detached reduction, rank or sum by key that reads the reward runs over the responses that
 *       have one. So does a count of responses or tokens that takes part in such a value, as G in
 *       G/(G − 1)·(R − mean).
 *   <li>What the reward decides is 0 at the other responses wherever it meets the policy's own
 *       terms: as a summand beside a term without reward, and in a reduction over responses, whose
 *       number stays that of all responses. So it has neither value nor gradient there. A detached
 *       value with a name, such as the advantage, is 0 there itself.
 *   <li>Terms that do not read the reward stay as they are.
 * </ul>
 *
 * <p>Where a value that carries gradient is taken over all responses of a prompt and then compared
 * with rewards, an answer would depend on what is not known; that is a {@link Problem}.
 */
final class UnscoredResponses {
  private final Fold<Meaning> fold = Fold.by(Cases::new);

  /**
   * What becomes of a node.
   *
   * @param alone outside of anything that the reward decides
   * @param counted inside a detached value that the reward decides: counts are of scored responses
   * @param reward whether it reads the reward
   * @param open whether it means nothing at responses without a reward
   * @param compared whether it carries gradient of all responses of a prompt, scored or not
   */
  private record Meaning(
      Node alone, Node counted, boolean reward, boolean open, boolean compared) {}

  /** {@return the node where it means nothing no longer: 0 or no at responses without a reward} */
  Node of(Node node) {
    Meaning meaning = fold.of(node);
    return meaning.open() ? closed(meaning.alone()) : meaning.alone();
  }

  private static Node scored(Level.Name level) {
    Node known = Nodes.given(Columns.REWARD_KNOWN, SEQUENCE);
    return Nodes.broadcast(
        Nodes.compare(CompareOp.BELOW, Nodes.constant(0, SEQUENCE), known), level);
  }

  private static Node closed(Node node) {
    Node known = scored(node.level());
    return node.condition()
        ? Nodes.and(known, node)
        : Nodes.select(known, node, Nodes.constant(0, node.level()));
  }

  private static Option<Node> scored(Level.Name from, Option<Node> where) {
    return Option.some(where.map(w -> Nodes.and(scored(from), w)).getOrElse(() -> scored(from)));
  }

  private static RuntimeException refused(String what) {
    return Problem.of(
            "reward",
            "responses without a reward in a loss that " + what,
            "a reward for every response",
            "samples without these responses")
        .exception();
  }

  private static final class Cases extends ByDependence<Meaning> {
    private final Function<Node, Meaning> of;

    Cases(Function<Node, Meaning> of) {
      this.of = of;
    }

    @Override
    protected Meaning leaf(Node.Leaf node) {
      boolean reward =
          node instanceof Node.Input input
              && input.name().equals(Columns.REWARD)
              && input.level() == SEQUENCE;
      return new Meaning(node, node, reward, reward, false);
    }

    @Override
    protected Meaning elementwise(Node node) {
      if (!reward(node)) {
        return clean(node, node.apply(new Rebuild(), child -> of.apply(child).counted()));
      }
      if (!node.live()) {
        boolean shown = node instanceof Node.Named && open(node) && !node.condition();
        return detached(
            node.apply(
                new Rebuild(),
                child -> shown ? closed(of.apply(child).counted()) : of.apply(child).counted()),
            open(node));
      }
      List<Node> live = List.ofAll(node.children()).filter(Node::live);
      if (adds(node) && open(node) && !live.forAll(child -> of.apply(child).open())) {
        return live(node.apply(new Rebuild(), this::summand), false, compared(node));
      }
      if (open(node) && compared(node)) {
        throw refused("compares rewards with what the policy makes of all responses of a prompt");
      }
      return live(
          node.apply(new Rebuild(), child -> of.apply(child).alone()), open(node), compared(node));
    }

    /** Whether a node adds terms of a loss, each for itself, or takes the one or the other. */
    private boolean adds(Node node) {
      return node instanceof Node.Binary both
          ? both.left().live()
              && both.right().live()
              && (both.op() == BinaryOp.PLUS || both.op() == BinaryOp.MINUS)
          : node instanceof Node.Select select
              && select.left().live()
              && select.right().live()
              && !of.apply(select.when()).open();
    }

    private Node summand(Node child) {
      Meaning meaning = of.apply(child);
      return meaning.open() ? closed(meaning.alone()) : meaning.alone();
    }

    @Override
    protected Meaning around(Node node, Level.Name within) {
      if (within.finerThan(GROUP) || !node.level().finerThan(GROUP)) {
        return elementwise(node);
      }
      boolean reward = reward(node);
      if (reward && node instanceof Node.Permute) {
        throw refused("sorts responses by their rewards");
      }
      if (node instanceof Node.Permute || (node.live() && !reward)) {
        return elementwise(node);
      }
      Node narrowed;
      if (node instanceof Node.Rank rank) {
        narrowed =
            Nodes.rank(
                of.apply(rank.of()).counted(), within, scored(node.level(), counted(rank.where())));
      } else {
        Node.SumByKey sum = (Node.SumByKey) node;
        Node x = node.live() ? of.apply(sum.left()).alone() : of.apply(sum.left()).counted();
        Node key = of.apply(sum.right()).counted();
        narrowed = Nodes.sumByKey(closed(x), key, within, sum.cumulative());
      }
      return reward ? new Meaning(narrowed, narrowed, true, true, false) : clean(node, narrowed);
    }

    @Override
    protected Meaning reducing(Node node, Level.Name to) {
      Level.Name from = from(node);
      if (to.finerThan(GROUP) || !from.finerThan(GROUP)) {
        return elementwise(node);
      }
      if (node.live()) {
        return across((Node.Reduce) node);
      }
      Node narrowed = narrowed(node, from);
      return reward(node) ? detached(narrowed, false) : clean(node, narrowed);
    }

    /** A reduction that carries gradient: all responses count, but where the reward decides. */
    private Meaning across(Node.Reduce node) {
      Meaning x = of.apply(node.of());
      boolean decided = node.where().exists(where -> of.apply(where).open());
      if (x.open() && node.op() != ReduceOp.SUM && node.op() != ReduceOp.MEAN) {
        throw refused("takes the " + node.op() + " of what rewards weigh");
      }
      Option<Node> where = node.where().map(this::summand);
      Node of = x.open() ? closed(x.alone()) : x.alone();
      return new Meaning(
          Nodes.reduce(node.op(), of, node.to(), node.ddof(), where),
          Nodes.reduce(node.op(), of, node.to(), node.ddof(), where),
          reward(node),
          false,
          x.compared() || !(x.open() || decided));
    }

    /** The same reduction over the responses that have a reward. */
    private Node narrowed(Node node, Level.Name from) {
      if (node instanceof Node.Count count) {
        return Nodes.count(from, count.to(), scored(from, counted(count.where())));
      }
      if (node instanceof Node.Quantile quantile) {
        return Nodes.quantile(
            of.apply(quantile.of()).counted(),
            of.apply(quantile.fraction()).counted(),
            quantile.to(),
            scored(from, counted(quantile.where())));
      }
      Node.Reduce reduce = (Node.Reduce) node;
      return Nodes.reduce(
          reduce.op(),
          of.apply(reduce.of()).counted(),
          reduce.to(),
          reduce.ddof(),
          scored(from, counted(reduce.where())));
    }

    private Option<Node> counted(Option<Node> where) {
      return where.map(w -> of.apply(w).counted());
    }

    private static Level.Name from(Node node) {
      return node instanceof Node.Count count ? count.from() : node.children().head().level();
    }

    private boolean reward(Node node) {
      return node.children().exists(child -> of.apply(child).reward());
    }

    private boolean open(Node node) {
      return node.children().exists(child -> of.apply(child).open());
    }

    private boolean compared(Node node) {
      return node.children().exists(child -> of.apply(child).compared());
    }

    private Meaning clean(Node node, Node counted) {
      return new Meaning(node, counted, false, false, node.live() && compared(node));
    }

    private static Meaning detached(Node node, boolean open) {
      return new Meaning(node, node, true, open, false);
    }

    private static Meaning live(Node node, boolean open, boolean compared) {
      return new Meaning(node, node, true, open, compared);
    }
  }
}
