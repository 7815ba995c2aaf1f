package lossmith.dsl.print;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import lossmith.dsl.Algebra;
import lossmith.dsl.Direction;
import lossmith.dsl.Node;

/**
 * The lines of a {@link Listing}: each node gets a line and means that line's number, such as
 * {@code %3}; a constant or parameter gets none and means its own text.
 */
final class LineNumbers implements Algebra<String> {
  private final java.util.List<String> lines = new ArrayList<>();
  private final Map<String, String> standIns = new HashMap<>();

  Seq<String> all() {
    return List.ofAll(lines);
  }

  void standIn(Node.Input input, String line) {
    standIns.put(input.name(), line);
  }

  private String line(Node node, String text) {
    String id = "%" + (lines.size() + 1);
    lines.add(id + " = " + text + " : " + node.level() + (node.condition() ? " condition" : ""));
    return id;
  }

  private String call(Node node, String verb, String... arguments) {
    return line(node, verb + List.of(arguments).mkString("(", ", ", ")"));
  }

  private static String word(Enum<?> op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  private static String narrowed(Option<String> where) {
    return where.map(w -> " where " + w).getOrElse("");
  }

  @Override
  public String input(Node.Input node) {
    String other = standIns.get(node.name());
    String text = (node.trained() ? "trained " : "given ") + node.name();
    return line(node, other == null ? text : text + ", otherwise " + other);
  }

  @Override
  public String sampled(Node.Sampled node) {
    return line(node, "sampled");
  }

  @Override
  public String constant(Node.Constant node) {
    return NumberText.text(node.value());
  }

  @Override
  public String truth(Node.Truth node) {
    return String.valueOf(node.value());
  }

  @Override
  public String parameter(Node.ParameterValue node) {
    return node.name();
  }

  @Override
  public String uniform(Node.Uniform node, String seed, String step) {
    return call(node, "uniform", seed, step);
  }

  @Override
  public String named(Node.Named node, String of) {
    return line(node, node.symbol() + " := " + of);
  }

  @Override
  public String unary(Node.Unary node, String of) {
    return call(node, word(node.op()), of);
  }

  @Override
  public String not(Node.Not node, String of) {
    return call(node, "not", of);
  }

  @Override
  public String stopGradient(Node.StopGradient node, String of) {
    return call(node, "sg", of);
  }

  @Override
  public String broadcast(Node.Broadcast node, String of) {
    return call(node, "per", of);
  }

  @Override
  public String neighbour(Node.Neighbour node, String of) {
    String verb = node.from() == Direction.BACKWARD ? "next" : "previous";
    return call(node, verb, of, NumberText.text(node.edge()));
  }

  @Override
  public String gather(Node.Gather node, String of) {
    return call(node, "of_sampled", of);
  }

  @Override
  public String binary(Node.Binary node, String left, String right) {
    return call(node, word(node.op()), left, right);
  }

  @Override
  public String compare(Node.Compare node, String left, String right) {
    return line(node, left + " " + node.op() + " " + right);
  }

  @Override
  public String logic(Node.Logic node, String left, String right) {
    return call(node, node.all() ? "and" : "or", left, right);
  }

  @Override
  public String scan(Node.Scan node, String addend, String coefficient) {
    return call(node, "scan_" + word(node.direction()), addend, coefficient);
  }

  @Override
  public String sumByKey(Node.SumByKey node, String of, String key) {
    String verb = node.cumulative() ? "cumulative_sum" : "sum_by_key";
    return line(node, verb + "(" + of + ", " + key + ") within " + node.within());
  }

  @Override
  public String permute(Node.Permute node, String of, String key) {
    String verb = node.inverse() ? "unsorted_by" : "sorted_by";
    return line(node, verb + "(" + of + ", " + key + ") within " + node.within());
  }

  @Override
  public String clip(Node.Clip node, String of, String low, String high) {
    return call(node, "clip", of, low, high);
  }

  @Override
  public String select(Node.Select node, String when, String left, String right) {
    return call(node, "select", when, left, right);
  }

  @Override
  public String reduce(Node.Reduce node, String of, Option<String> where) {
    String ddof = node.ddof() == 0 ? "" : ", ddof " + node.ddof();
    return line(node, node.op() + "(" + of + ddof + ")" + narrowed(where));
  }

  @Override
  public String count(Node.Count node, Option<String> where) {
    return line(node, "count(" + node.from() + ")" + narrowed(where));
  }

  @Override
  public String rank(Node.Rank node, String of, Option<String> where) {
    return line(node, "rank(" + of + ") within " + node.within() + narrowed(where));
  }

  @Override
  public String quantile(Node.Quantile node, String of, String fraction, Option<String> where) {
    return line(node, "quantile(" + of + ", " + fraction + ")" + narrowed(where));
  }
}
