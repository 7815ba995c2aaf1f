package lossmith.dsl.flow;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Locale;
import lossmith.dsl.Algebra;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;

/** Each node means the trained inputs its gradient reaches, with the words of one path to each. */
final class Paths implements Algebra<Map<String, List<String>>> {
  private static final Map<String, List<String>> NONE = LinkedHashMap.empty();
  private final java.util.List<Map<String, List<String>>> stopped = new ArrayList<>();

  /** The paths that end at a stop-gradient, outermost last. */
  List<Map<String, List<String>>> stopped() {
    return List.ofAll(stopped);
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
  public Map<String, List<String>> chosen(Node.Chosen node) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> constant(Node.Constant node) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> truth(Node.Truth node) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> setting(Node.Setting node) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> uniform(
      Node.Uniform node, Map<String, List<String>> seed, Map<String, List<String>> step) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> named(Node.Named node, Map<String, List<String>> of) {
    return via(node.symbol(), of);
  }

  @Override
  public Map<String, List<String>> unary(Node.Unary node, Map<String, List<String>> of) {
    return switch (node.op()) {
      case SIGN, FLOOR -> NONE;
      default -> via(node.op().name().toLowerCase(Locale.ROOT), of);
    };
  }

  @Override
  public Map<String, List<String>> not(Node.Not node, Map<String, List<String>> of) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> stopGradient(
      Node.StopGradient node, Map<String, List<String>> of) {
    if (of.nonEmpty()) {
      stopped.add(via("sg", of));
    }
    return NONE;
  }

  @Override
  public Map<String, List<String>> broadcast(Node.Broadcast node, Map<String, List<String>> of) {
    return via("per", of);
  }

  @Override
  public Map<String, List<String>> neighbour(Node.Neighbour node, Map<String, List<String>> of) {
    return via("neighbour", of);
  }

  @Override
  public Map<String, List<String>> choose(Node.Choose node, Map<String, List<String>> of) {
    return via("of_chosen", of);
  }

  @Override
  public Map<String, List<String>> binary(
      Node.Binary node, Map<String, List<String>> left, Map<String, List<String>> right) {
    return via(node.op().name().toLowerCase(Locale.ROOT), left, right);
  }

  @Override
  public Map<String, List<String>> compare(
      Node.Compare node, Map<String, List<String>> left, Map<String, List<String>> right) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> logic(
      Node.Logic node, Map<String, List<String>> left, Map<String, List<String>> right) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> scan(
      Node.Scan node, Map<String, List<String>> addend, Map<String, List<String>> coefficient) {
    return via("scan", addend);
  }

  @Override
  public Map<String, List<String>> share(
      Node.Share node, Map<String, List<String>> of, Map<String, List<String>> key) {
    return via(node.upTo() ? "sum_up_to" : "sum_sharing", of);
  }

  @Override
  public Map<String, List<String>> permute(
      Node.Permute node, Map<String, List<String>> of, Map<String, List<String>> key) {
    return via("sorted_by", of);
  }

  @Override
  public Map<String, List<String>> clip(
      Node.Clip node,
      Map<String, List<String>> of,
      Map<String, List<String>> low,
      Map<String, List<String>> high) {
    return via("clip", of);
  }

  @Override
  public Map<String, List<String>> select(
      Node.Select node,
      Map<String, List<String>> when,
      Map<String, List<String>> left,
      Map<String, List<String>> right) {
    return via("select", left, right);
  }

  @Override
  public Map<String, List<String>> reduce(
      Node.Reduce node, Map<String, List<String>> of, Option<Map<String, List<String>>> where) {
    return via(node.op().toString(), of);
  }

  @Override
  public Map<String, List<String>> count(Node.Count node, Option<Map<String, List<String>>> where) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> rank(
      Node.Rank node, Map<String, List<String>> of, Option<Map<String, List<String>>> where) {
    return NONE;
  }

  @Override
  public Map<String, List<String>> quantile(
      Node.Quantile node,
      Map<String, List<String>> of,
      Map<String, List<String>> share,
      Option<Map<String, List<String>>> where) {
    return NONE;
  }
}
