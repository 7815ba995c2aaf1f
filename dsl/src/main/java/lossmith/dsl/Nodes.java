package lossmith.dsl;

import io.vavr.control.Option;

/** The only makers of nodes. Each repeats at run time what the types check at compile time. */
public final class Nodes {
  private Nodes() {}

  /** {@return a column of data} */
  public static Node given(String name, Level.Name level) {
    Checks.name("a column", name);
    return ImmutableNode.Input.of(name, level, false, Option.none());
  }

  /** {@return a column of data that another node stands for where it is absent} */
  public static Node given(String name, Level.Name level, Node otherwise) {
    Checks.name("a column", name);
    Checks.sameLevel("the default of " + name, level, otherwise);
    Checks.detached("the default of " + name, otherwise);
    return ImmutableNode.Input.of(name, level, false, Option.some(otherwise));
  }

  /** {@return a column that gradient is wanted for} */
  public static Node trained(String name, Level.Name level) {
    Checks.name("a column", name);
    return ImmutableNode.Input.of(name, level, true, Option.none());
  }

  /** {@return yes at the sampled entry} */
  public static Node sampled() {
    return ImmutableNode.Sampled.of();
  }

  /** {@return a constant number} */
  public static Node constant(double value, Level.Name level) {
    if (Double.isNaN(value)) {
      throw Problem.of("constant", "NaN", "a number", "select(condition, x, y) to leave a case out")
          .exception();
    }
    return ImmutableNode.Constant.of(value == 0 ? 0.0 : value, level);
  }

  /** {@return a constant answer} */
  public static Node truth(boolean value, Level.Name level) {
    return ImmutableNode.Truth.of(value, level);
  }

  /** {@return a parameter} */
  public static Node parameter(String name, Range range) {
    Checks.name("a parameter", name);
    return ImmutableNode.ParameterValue.of(name, range);
  }

  /** {@return a keyed random number per token} */
  public static Node uniform(Node seed, Node step) {
    Checks.sameLevel("the seed", Level.Name.BATCH, seed);
    Checks.sameLevel("the step", Level.Name.BATCH, step);
    Checks.detached("the seed", seed);
    Checks.detached("the step", step);
    return ImmutableNode.Uniform.of(seed, step);
  }

  /** {@return the node under a symbol for readers} */
  public static Node named(Node of, String symbol) {
    Checks.name("a term", symbol);
    return ImmutableNode.Named.of(of, symbol);
  }

  /** {@return an element-wise function} */
  public static Node unary(UnaryOp op, Node of) {
    Checks.number(op.toString(), of);
    return ImmutableNode.Unary.of(of, op);
  }

  /** {@return the opposite condition} */
  public static Node not(Node of) {
    Checks.condition("not", of);
    return ImmutableNode.Not.of(of);
  }

  /** {@return the same value without gradient; a node that has none is returned as it is} */
  public static Node stopGradient(Node of) {
    Checks.number("stopGradient", of);
    return of instanceof Node.StopGradient || of instanceof Node.Constant
        ? of
        : ImmutableNode.StopGradient.of(of);
  }

  /** {@return the same value at every element of a finer level} */
  public static Node broadcast(Node of, Level.Name to) {
    if (of.level() == to) {
      return of;
    }
    Checks.finer("per", of, to);
    return ImmutableNode.Broadcast.of(of, to);
  }

  /** {@return the value at the neighbouring token} */
  public static Node neighbour(Node of, Direction from, double edge) {
    Checks.sameLevel("a neighbour", Level.Name.TOKEN, of);
    Checks.number("a neighbour", of);
    if (Double.isNaN(edge)) {
      throw Problem.of("constant", "NaN beyond the last token", "a number", "0").exception();
    }
    return ImmutableNode.Neighbour.of(of, from, edge);
  }

  /** {@return the entry at the sampled token} */
  public static Node gather(Node of) {
    Checks.sameLevel("ofSampled", Level.Name.VOCABULARY, of);
    Checks.number("ofSampled", of);
    return ImmutableNode.Gather.of(of);
  }

  /** {@return an element-wise function of two} */
  public static Node binary(BinaryOp op, Node left, Node right) {
    Checks.bothNumbers(op.toString(), left, right);
    return ImmutableNode.Binary.of(left, right, op);
  }

  /** {@return a comparison} */
  public static Node compare(CompareOp op, Node left, Node right) {
    Checks.bothNumbers(op.toString(), left, right);
    return ImmutableNode.Compare.of(left, right, op);
  }

  /** {@return yes where both are} */
  public static Node and(Node left, Node right) {
    return logic(true, left, right);
  }

  /** {@return yes where one is} */
  public static Node or(Node left, Node right) {
    return logic(false, left, right);
  }

  /** {@return two conditions joined, by and ({@code all}) or by or} */
  public static Node logic(boolean all, Node left, Node right) {
    Checks.condition(all ? "and" : "or", left);
    Checks.condition(all ? "and" : "or", right);
    Checks.oneLevel(all ? "and" : "or", left, right);
    return ImmutableNode.Logic.of(left, right, all);
  }

  /** {@return a linear recurrence along each sequence} */
  public static Node scan(Node addend, Node coefficient, Direction direction) {
    Checks.sameLevel("a scan", Level.Name.TOKEN, addend);
    Checks.bothNumbers("scan", addend, coefficient);
    Checks.detached("the coefficient of a scan", coefficient);
    return ImmutableNode.Scan.of(addend, coefficient, direction);
  }

  /** {@return at every element, the sum over equal keys, or over those that are not above} */
  public static Node sumByKey(Node of, Node key, Level.Name within, boolean cumulative) {
    String verb = cumulative ? "cumulativeSum" : "sumByKey";
    Checks.bothNumbers(verb, of, key);
    Checks.detached("the key of " + verb, key);
    Checks.coarser(verb, of, within);
    return ImmutableNode.SumByKey.of(of, key, within, cumulative);
  }

  /** {@return the node reordered by descending key} */
  public static Node permute(Node of, Node key, Level.Name within, boolean inverse) {
    Checks.bothNumbers("sortedBy", of, key);
    Checks.detached("the key of sortedBy", key);
    Checks.coarser("sortedBy", of, within);
    return ImmutableNode.Permute.of(of, key, within, inverse);
  }

  /** {@return the node clamped to two detached bounds} */
  public static Node clip(Node of, Node low, Node high) {
    Checks.bothNumbers("clip", of, low);
    Checks.bothNumbers("clip", of, high);
    Checks.detached("the lower bound of clip", low);
    Checks.detached("the upper bound of clip", high);
    Checks.bounds(low, high);
    return ImmutableNode.Clip.of(of, low, high);
  }

  /** {@return the left where the condition holds, the right elsewhere} */
  public static Node select(Node when, Node left, Node right) {
    Checks.condition("select", when);
    Checks.oneLevel("select", when, left);
    Checks.bothNumbers("select", left, right);
    return ImmutableNode.Select.of(left, right, when);
  }

  /** {@return a reduction; {@code ddof}, from 0, is for deviations and 0 elsewhere} */
  public static Node reduce(ReduceOp op, Node of, Level.Name to, int ddof, Option<Node> where) {
    Checks.number(op.toString(), of);
    if (op == ReduceOp.ULP) {
      Checks.detached("an ulp", of);
    }
    Checks.coarser(op.toString(), of, to);
    if (ddof < 0 || (op != ReduceOp.STD && ddof != 0)) {
      throw Problem.of(
              "ddof",
              op + " with ddof " + ddof,
              "0 or more for a std, 0 for the others",
              "ddof 0 (n in the denominator) or 1 (n - 1)")
          .exception();
    }
    where.forEach(w -> Checks.where(w, of.level()));
    return ImmutableNode.Reduce.of(of, op, to, ddof, where);
  }

  /** {@return how many members count} */
  public static Node count(Level.Name from, Level.Name to, Option<Node> where) {
    Checks.coarser("count", constant(0, from), to);
    where.forEach(w -> Checks.where(w, from));
    return ImmutableNode.Count.of(from, to, where);
  }

  /** {@return the descending rank of each member that counts} */
  public static Node rank(Node of, Level.Name within, Option<Node> where) {
    Checks.detached("rank", of);
    Checks.number("rank", of);
    Checks.coarser("rank", of, within);
    where.forEach(w -> Checks.where(w, of.level()));
    return ImmutableNode.Rank.of(of, within, where);
  }

  /** {@return the quantile of the members that count} */
  public static Node quantile(Node of, Node fraction, Level.Name to, Option<Node> where) {
    Checks.detached("quantile", of);
    Checks.detached("the fraction of a quantile", fraction);
    Checks.sameLevel("the fraction of a quantile", to, fraction);
    Checks.fraction("the fraction of a quantile", fraction);
    Checks.coarser("quantile", of, to);
    where.forEach(w -> Checks.where(w, of.level()));
    return ImmutableNode.Quantile.of(of, fraction, to, where);
  }
}
