package lossmith.dsl.flow;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import java.util.Collection;
import java.util.Locale;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Otherwise;

/** Each node means the trained inputs its gradient reaches, with the words of one path to each. */
final class Paths extends Otherwise<Map<String, List<String>>> {
  private static final Map<String, List<String>> NONE = LinkedHashMap.empty();
  private final Function<Node, Map<String, List<String>>> of;
  private final Collection<Map<String, List<String>>> stopped;

  private Paths(
      Function<Node, Map<String, List<String>>> of, Collection<Map<String, List<String>>> stopped) {
    this.of = of;
    this.stopped = stopped;
  }

  /** Paths that end at a stop-gradient are added to {@code stopped}, outermost last. */
  static Fold<Map<String, List<String>>> fold(Collection<Map<String, List<String>>> stopped) {
    return Fold.by(of -> new Paths(of, stopped));
  }

  private static Map<String, List<String>> via(String word, Map<String, List<String>> of) {
    return of.mapValues(path -> path.prepend(word));
  }

  private static Map<String, List<String>> via(
      String word, Map<String, List<String>> left, Map<String, List<String>> right) {
    return via(word, left.merge(right)); // the left path wins
  }

  @Override
  public Map<String, List<String>> input(Node.Input node) {
    String head = node.name().equals(Columns.LOG_PI) ? Loss.POLICY : node.name();
    return node.trained() ? LinkedHashMap.of(head, List.of(node.name())) : NONE;
  }

  @Override
  public Map<String, List<String>> named(Node.Named node) {
    return via(node.symbol(), of.apply(node.of()));
  }

  @Override
  public Map<String, List<String>> unary(Node.Unary node) {
    return switch (node.op()) {
      case SIGN, FLOOR -> NONE;
      default -> via(node.op().name().toLowerCase(Locale.ROOT), of.apply(node.of()));
    };
  }

  @Override
  public Map<String, List<String>> stopGradient(Node.StopGradient node) {
    Map<String, List<String>> path = of.apply(node.of());
    if (path.nonEmpty()) {
      stopped.add(via("sg", path));
    }
    return NONE;
  }

  @Override
  public Map<String, List<String>> broadcast(Node.Broadcast node) {
    return via("per", of.apply(node.of()));
  }

  @Override
  public Map<String, List<String>> neighbour(Node.Neighbour node) {
    return via("neighbour", of.apply(node.of()));
  }

  @Override
  public Map<String, List<String>> gather(Node.Gather node) {
    return via("of_sampled", of.apply(node.of()));
  }

  @Override
  public Map<String, List<String>> binary(Node.Binary node) {
    return via(
        node.op().name().toLowerCase(Locale.ROOT), of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public Map<String, List<String>> scan(Node.Scan node) {
    return via("scan", of.apply(node.left()));
  }

  @Override
  public Map<String, List<String>> sumByKey(Node.SumByKey node) {
    return via(node.cumulative() ? "cumulative_sum" : "sum_by_key", of.apply(node.left()));
  }

  @Override
  public Map<String, List<String>> permute(Node.Permute node) {
    return via("sorted_by", of.apply(node.left()));
  }

  @Override
  public Map<String, List<String>> clip(Node.Clip node) {
    return via("clip", of.apply(node.of()));
  }

  @Override
  public Map<String, List<String>> select(Node.Select node) {
    return via("select", of.apply(node.left()), of.apply(node.right()));
  }

  @Override
  public Map<String, List<String>> reduce(Node.Reduce node) {
    return via(node.op().toString(), of.apply(node.of()));
  }

  @Override
  protected Map<String, List<String>> otherwise(Node node) {
    return NONE;
  }
}
