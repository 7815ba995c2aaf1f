package lossmith.dsl.sweep;

import io.vavr.collection.Set;
import java.util.function.Function;
import lossmith.dsl.ByDependence;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;

/** The meaning of a node as its {@link Reach}: data, its own row, or more rows. */
final class Reaching extends ByDependence<Reach> {
  private final Set<String> statistics;
  private final Function<Node, Reach> of;

  private Reaching(Set<String> statistics, Function<Node, Reach> of) {
    this.statistics = statistics;
    this.of = of;
  }

  /** Columns of these names are statistics of the policy; so is every grid. */
  static Fold<Reach> fold(Set<String> statistics) {
    return Fold.by(of -> new Reaching(statistics, of));
  }

  @Override
  public Reach input(Node.Input node) {
    boolean policy =
        node.level() == Level.Name.VOCABULARY
            || (node.level() == Level.Name.TOKEN && statistics.contains(node.name()));
    return policy ? Reach.ROW : Reach.DATA;
  }

  @Override
  public Reach sampled(Node.Sampled node) {
    return Reach.ROW;
  }

  @Override
  public Reach gather(Node.Gather node) {
    return Reach.ROW.and(elementwise(node));
  }

  /** How many entries count is of the row, how many tokens is of the data. */
  @Override
  public Reach count(Node.Count node) {
    Reach all = elementwise(node);
    boolean row = node.from() == Level.Name.VOCABULARY;
    return beyond(node.to(), row ? Reach.ROW.and(all) : all);
  }

  @Override
  protected Reach leaf(Node.Leaf node) {
    return Reach.DATA;
  }

  @Override
  protected Reach elementwise(Node node) {
    return node.children().map(of).foldLeft(Reach.DATA, Reach::and);
  }

  @Override
  protected Reach around(Node node, Level.Name within) {
    return beyond(within, elementwise(node));
  }

  @Override
  protected Reach reducing(Node node, Level.Name to) {
    return beyond(to, elementwise(node));
  }

  /** The reach of a node taken over all entries of one token, or over more. */
  private static Reach beyond(Level.Name within, Reach of) {
    return within == Level.Name.TOKEN || of == Reach.DATA ? of : Reach.BATCH;
  }
}
