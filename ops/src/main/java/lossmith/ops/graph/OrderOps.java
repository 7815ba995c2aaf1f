package lossmith.ops.graph;

import io.vavr.control.Option;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lossmith.dsl.Direction;
import lossmith.dsl.Level;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Operations that depend on order: neighbours and recurrences along tokens, ranks, permutations,
 * quantiles, sums by key.
 */
public final class OrderOps<T extends TNumber> {
  private final Ops tf;
  private final Class<T> type;
  private final RaggedIndex structure;
  private final RowOrders rows;
  private final Doubling<T> doubling;

  /** The orders that were asked for, by key and parents. */
  private final Map<List<Output<?>>, Operand<TInt32>> orders = new HashMap<>();

  /**
   * Operations of a graph.
   *
   * @param most how many tokens there may be
   */
  OrderOps(Ops tf, Class<T> type, RaggedIndex structure, int most) {
    this.tf = tf;
    this.type = type;
    this.structure = structure;
    this.rows = new RowOrders(tf);
    this.doubling = new Doubling<>(tf, most);
  }

  private Operand<T> number(double value) {
    return tf.dtypes.cast(tf.constant(value), type);
  }

  private Operand<T> flipped(Operand<T> x) {
    return tf.reverse(x, tf.constant(new int[] {0}));
  }

  /** x shifted towards the start by {@code by}, filled with a number at the end. */
  private <U extends org.tensorflow.types.family.TType> Operand<U> ahead(
      Operand<U> x, int by, Operand<U> fill) {
    Operand<TInt32> n = tf.size(x);
    Operand<TInt32> k = tf.math.minimum(tf.constant(by), n);
    Operand<U> rest = tf.slice(x, tf.expandDims(k, tf.constant(0)), tf.constant(new int[] {-1}));
    return tf.concat(
        List.of(rest, tf.fill(tf.expandDims(k, tf.constant(0)), fill)), tf.constant(0));
  }

  /** Whether each token has a next one in its own sequence, in the given direction of reading. */
  private Operand<TBool> continues(boolean reversed) {
    Operand<TInt32> sequence = structure.sequenceOfToken();
    Operand<TInt32> order = reversed ? tf.reverse(sequence, tf.constant(new int[] {0})) : sequence;
    return tf.math.equal(order, ahead(order, 1, tf.constant(-1)));
  }

  Operand<T> neighbour(Operand<T> x, Direction from, double edge) {
    boolean reversed = from == Direction.FORWARD;
    Operand<T> order = reversed ? flipped(x) : x;
    Operand<T> shifted = ahead(order, 1, number(0));
    Operand<T> filled =
        tf.select(
            continues(reversed), shifted, tf.fill(structure.shape(Level.Name.TOKEN), number(edge)));
    return reversed ? flipped(filled) : filled;
  }

  Operand<T> scan(Operand<T> addend, Operand<T> coefficient, Direction direction) {
    boolean reversed = direction == Direction.FORWARD;
    Operand<T> b = reversed ? flipped(addend) : addend;
    Operand<T> c = reversed ? flipped(coefficient) : coefficient;
    Operand<T> x = doubling.recurrence(b, tf.select(continues(reversed), c, tf.zerosLike(c)));
    return reversed ? flipped(x) : x;
  }

  /** Element indices sorted by parent, then by descending key; ties in their own order. */
  private Operand<TInt32> sorted(Operand<T> key, Operand<TInt32> parents) {
    return orders.computeIfAbsent(
        List.of(key.asOutput(), parents.asOutput()),
        unused -> {
          Operand<TInt32> byKey = descending(key);
          Operand<TInt32> order = byParent(tf.gather(parents, byKey, tf.constant(0)));
          return tf.gather(byKey, order, tf.constant(0));
        });
  }

  private <U extends TNumber> Operand<TInt32> descending(Operand<U> key) {
    return tf.nn.topK(key, tf.size(key), new TopK.Options[] {TopK.sorted(true)}).indices();
  }

  private Operand<TInt32> byParent(Operand<TInt32> parents) {
    return descending(tf.math.neg(parents));
  }

  private Operand<TInt32> indices(Operand<?> like) {
    return tf.range(tf.constant(0), tf.size(like), tf.constant(1));
  }

  private <U extends org.tensorflow.types.family.TType> Operand<U> scattered(
      Operand<TInt32> at, Operand<U> values) {
    return tf.scatterNd(tf.expandDims(at, tf.constant(1)), values, tf.shape(values));
  }

  private Operand<TInt32> counts(Operand<TInt32> parents, Level.Name to) {
    return members(parents, structure.size(to));
  }

  private Operand<TInt32> members(Operand<TInt32> owners, Operand<TInt32> number) {
    return tf.math.unsortedSegmentSum(tf.onesLike(owners), owners, number);
  }

  private Operand<TInt32> starts(Operand<TInt32> counts) {
    return tf.math.cumsum(counts, tf.constant(0), Cumsum.exclusive(true));
  }

  /** Members that do not count are sorted behind those that do, and get the number of those. */
  Operand<T> rank(Operand<T> x, Level.Name level, Level.Name to, Option<Operand<TBool>> where) {
    Operand<TInt32> parents = structure.parents(level, to);
    Operand<TInt32> out = where.map(this::misses).getOrElse(() -> tf.zerosLike(parents));
    Operand<TInt32> keys = tf.math.add(tf.math.mul(parents, tf.constant(2)), out);
    Operand<TInt32> order = sorted(x, keys);
    Operand<TInt32> place = scattered(order, indices(x));
    Operand<TInt32> start = tf.gather(starts(counts(parents, to)), parents, tf.constant(0));
    Operand<TInt32> rank = tf.math.sub(place, start);
    Operand<TInt32> counting =
        tf.math.unsortedSegmentSum(tf.math.sub(tf.onesLike(out), out), parents, structure.size(to));
    Operand<TInt32> behind = tf.gather(counting, parents, tf.constant(0));
    return tf.dtypes.cast(tf.math.minimum(rank, behind), type);
  }

  /** The same within each row of a matrix, such as the vocabulary of a token. */
  Operand<T> rankOfRows(Operand<T> x, Option<Operand<TBool>> where) {
    Operand<T> keys = rows.keys(x);
    Operand<T> last = tf.math.sub(keys, number(Double.POSITIVE_INFINITY));
    Operand<T> counted = where.<Operand<T>>map(w -> tf.select(w, keys, last)).getOrElse(keys);
    Operand<TInt32> place = rows.places(counted, width(x));
    Operand<TInt32> rank =
        where.<Operand<TInt32>>map(w -> tf.math.minimum(place, membersOfRows(w))).getOrElse(place);
    return tf.dtypes.cast(rank, type);
  }

  /** The same within each row of a matrix; entries that cannot happen are the last. */
  Operand<T> permuteRows(Operand<T> x, Operand<T> key, boolean inverse) {
    return rows.permuted(x, key, width(key), inverse);
  }

  /** The same within each row of a matrix; entries that cannot happen have the same key. */
  Operand<T> sumByKeyOfRows(Operand<T> x, Operand<T> key, boolean cumulative) {
    return rows.sumByKey(x, key, width(key), cumulative, type);
  }

  private Operand<TInt32> membersOfRows(Operand<TBool> where) {
    Operand<TInt32> one = tf.dtypes.cast(where, TInt32.class);
    return tf.sum(one, tf.constant(1), Sum.keepDims(true));
  }

  private Operand<TInt32> width(Operand<T> x) {
    return tf.gather(tf.shape(x), tf.constant(1), tf.constant(0));
  }

  private Operand<TInt32> misses(Operand<TBool> where) {
    return tf.dtypes.cast(tf.math.logicalNot(where), TInt32.class);
  }

  Operand<T> permute(
      Operand<T> x, Operand<T> key, Level.Name level, Level.Name to, boolean inverse) {
    Operand<TInt32> parents = structure.parents(level, to);
    Operand<TInt32> order = sorted(key, parents);
    Operand<TInt32> slots = byParent(parents);
    return inverse
        ? scattered(order, tf.gather(x, slots, tf.constant(0)))
        : scattered(slots, tf.gather(x, order, tf.constant(0)));
  }

  Operand<T> quantile(
      Operand<T> x,
      Operand<T> fraction,
      Level.Name level,
      Level.Name to,
      Option<Operand<TBool>> where) {
    Operand<TInt32> parents = structure.parents(level, to);
    Operand<TInt32> out = where.map(this::misses).getOrElse(() -> tf.zerosLike(parents));
    Operand<TInt32> order = sorted(x, tf.math.add(tf.math.mul(parents, tf.constant(2)), out));
    Operand<T> values = tf.gather(x, order, tf.constant(0));
    Operand<TInt32> counting =
        tf.math.unsortedSegmentSum(tf.math.sub(tf.onesLike(out), out), parents, structure.size(to));
    Operand<TInt32> last = tf.math.sub(counting, tf.constant(1));
    Operand<T> clamped = tf.math.maximum(number(0), tf.math.minimum(number(1), fraction));
    Operand<T> at =
        tf.math.mul(clamped, tf.dtypes.cast(tf.math.maximum(last, tf.constant(0)), type));
    Operand<TInt32> below = tf.dtypes.cast(tf.math.floor(at), TInt32.class);
    Operand<TInt32> above = tf.math.minimum(tf.math.add(below, tf.constant(1)), last);
    Operand<TInt32> end = tf.math.add(starts(counts(parents, to)), last);
    Operand<T> low = entry(values, tf.math.sub(end, below));
    Operand<T> high = entry(values, tf.math.sub(end, above));
    Operand<T> between = tf.math.mul(tf.math.sub(at, tf.math.floor(at)), tf.math.sub(high, low));
    Operand<T> result = tf.math.add(low, between);
    return tf.select(tf.math.greater(counting, tf.constant(0)), result, tf.zerosLike(result));
  }

  private Operand<T> entry(Operand<T> values, Operand<TInt32> at) {
    Operand<TInt32> last = tf.math.sub(tf.size(values), tf.constant(1));
    Operand<TInt32> inside = tf.math.maximum(tf.math.minimum(at, last), tf.constant(0));
    return tf.gather(values, inside, tf.constant(0));
  }

  /**
   * At each element, the sum over equal keys; if {@code cumulative}, over all keys of the parent
   * that are not above: keys are sorted in descending order and summed from the first equal one to
   * the end.
   */
  Operand<T> sumByKey(
      Operand<T> x, Operand<T> key, Level.Name level, Level.Name to, boolean cumulative) {
    Operand<TInt32> parents = structure.parents(level, to);
    Operand<TInt32> order = sorted(key, parents);
    Operand<T> keys = tf.gather(key, order, tf.constant(0));
    Operand<TInt32> owners = tf.gather(parents, order, tf.constant(0));
    Operand<TBool> sameOwner = tf.math.equal(owners, ahead(owners, 1, tf.constant(-1)));
    Operand<TBool> same =
        tf.math.logicalAnd(sameOwner, tf.math.equal(keys, ahead(keys, 1, number(0))));
    Operand<TInt32> run = runs(same);
    Operand<T> values = tf.gather(x, order, tf.constant(0));
    if (cumulative) {
      Operand<TInt32> behind = tf.math.sub(lasts(runs(sameOwner)), indices(values));
      Operand<T> rest = doubling.rests(values, behind);
      Operand<TInt32> first = tf.gather(starts(sizes(run)), run, tf.constant(0));
      return scattered(order, tf.gather(rest, first, tf.constant(0)));
    }
    var wide = tf.dtypes.cast(values, org.tensorflow.types.TFloat64.class);
    var sums = tf.math.unsortedSegmentSum(wide, run, tf.size(run));
    return tf.dtypes.cast(scattered(order, tf.gather(sums, run, tf.constant(0))), type);
  }

  /** The number of the run that each element is in, where some go on into the next element. */
  private Operand<TInt32> runs(Operand<TBool> goesOn) {
    return tf.math.cumsum(misses(goesOn), tf.constant(0), Cumsum.exclusive(true));
  }

  private Operand<TInt32> sizes(Operand<TInt32> run) {
    return members(run, tf.size(run));
  }

  /** The place of the last element of each element's run. */
  private Operand<TInt32> lasts(Operand<TInt32> run) {
    Operand<TInt32> ends = tf.math.cumsum(sizes(run), tf.constant(0));
    return tf.math.sub(tf.gather(ends, run, tf.constant(0)), tf.constant(1));
  }
}
