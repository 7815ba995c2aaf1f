package lossmith.dsl.pieces;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.IdentityHashMap;
import java.util.Objects;
import lossmith.dsl.Fold;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Rebuild;
import lossmith.dsl.schedule.Schedule;

/**
 * Nodes cut wherever something is taken over the whole batch (a {@link BatchTotal}): below a cut,
 * and above it, a piece of whole prompts gives the numbers of its own elements without knowing the
 * others. A total that reads another one is found a pass later; the numbers of elements of a level
 * are known before any pass.
 *
 * <p>For −Σ_t w_t / Σ_t w_t², both sums are totals of the first pass. For Σ_t (w_t − w̄)², w̄ the
 * mean over the batch, the mean is a total of the first pass and the sum one of the second.
 */
public final class BatchSplit {
  private final Map<String, Node> results;
  private final Map<String, Node.Count> sizes;
  private final Vector<Seq<BatchTotal>> passes;

  private BatchSplit(
      Map<String, Node> results, Map<String, Node.Count> sizes, Vector<Seq<BatchTotal>> passes) {
    this.results = results;
    this.sizes = sizes;
    this.passes = passes;
  }

  /**
   * {@return nodes cut at what is taken over the whole batch; what they share is one total}
   *
   * @param nodes bound nodes, by name
   */
  public static BatchSplit of(Map<String, Node> nodes) {
    Cut cut = new Cut();
    Map<String, Node> results = nodes.mapValues(cut::of);
    return new BatchSplit(results, cut.sizes, cut.passes);
  }

  /** {@return the nodes, in which every total is a given column under its name} */
  public Map<String, Node> results() {
    return results;
  }

  /** {@return how many elements a level has in the whole batch, by the name of the column} */
  public Map<String, Node.Count> sizes() {
    return sizes;
  }

  /** {@return the totals of each pass, which read those of passes before it alone} */
  public Seq<Seq<BatchTotal>> passes() {
    return passes;
  }

  /** Replaces totals by inputs, from the leaves up. */
  private static final class Cut {
    private final HashConsing sharing = new HashConsing();
    private final Fold<Node> fold = new Fold<>(new Rebuild(), this::cut);

    /** The first pass before which a node can be computed. */
    private final IdentityHashMap<Node, Integer> ready = new IdentityHashMap<>();

    private Map<String, Node.Count> sizes = LinkedHashMap.empty();
    private Vector<Seq<BatchTotal>> passes = Vector.empty();
    private int named;

    Node of(Node node) {
      return fold.of(sharing.of(node));
    }

    private Node cut(Node node) {
      int pass =
          node.children().map(child -> Objects.requireNonNull(ready.get(child))).max().getOrElse(0);
      if (!Schedule.beyond(Level.Name.GROUP, node)) {
        ready.put(node, pass);
        return node;
      }
      String name = "total " + named++;
      Node column = Nodes.given(name, node.level());
      if (node instanceof Node.Count count && count.where().isEmpty()) {
        sizes = sizes.put(name, count);
        ready.put(column, 0);
        return column;
      }
      if (passes.size() == pass) {
        passes = passes.append(Vector.empty());
      }
      passes = passes.update(pass, passes.get(pass).append(BatchTotal.of(name, node)));
      ready.put(column, pass + 1);
      return column;
    }
  }
}
