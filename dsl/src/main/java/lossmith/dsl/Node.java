package lossmith.dsl;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import org.immutables.value.Value;

/**
 * The untyped core under {@link Term}: a sealed, immutable expression graph. Nodes are made by
 * {@link Nodes}, which repeats at run time every check that the types make at compile time, and are
 * read by folding an {@link Algebra} over them ({@link Fold}).
 *
 * <p>{@code equals} compares whole graphs and is only quick on graphs that share their parts; see
 * {@link HashConsing}.
 *
 * <p>Long because a sealed interface permits the types that are nested in it, and every kind of
 * node is one.
 */
@SuppressWarnings(
    "immutables:subtype") // all kinds and their supertypes stand in this file, in a fixed order
@Value.Enclosing
@Value.Style(
    visibility = Value.Style.ImplementationVisibility.PACKAGE,
    allParameters = true,
    defaults = @Value.Immutable(builder = false, copy = false, prehash = true))
public sealed interface Node {
  /** {@return where the numbers of this node live} */
  Level.Name level();

  /** {@return whether this is a yes/no rather than a number} */
  default boolean condition() {
    return false;
  }

  /** {@return whether gradient can flow through this node to an input that is trained} */
  boolean live();

  /** {@return the operands of this node, in a fixed order} */
  Seq<Node> children();

  /**
   * {@return the result of the case for the kind of this node}
   *
   * @param cases the one for each kind
   * @param <R> the result
   */
  <R> R match(Cases<R> cases);

  /**
   * {@return the meaning of this node under an algebra}
   *
   * @param algebra the meaning
   * @param of the meaning of each child, already known
   * @param <R> what the meaning is
   */
  default <R> R apply(Algebra<R> algebra, Function<Node, R> of) {
    return match(new Applied<>(algebra, of));
  }

  /**
   * A switch over the kinds, without the meanings of children: a new kind is a new method here.
   * Where many kinds are treated alike, see {@link ByDependence}.
   *
   * @param <R> the result
   */
  interface Cases<R> {
    R input(Input node);

    R sampled(Sampled node);

    R constant(Constant node);

    R truth(Truth node);

    R parameter(ParameterValue node);

    R uniform(Uniform node);

    R named(Named node);

    R unary(Unary node);

    R not(Not node);

    R stopGradient(StopGradient node);

    R broadcast(Broadcast node);

    R neighbour(Neighbour node);

    R gather(Gather node);

    R binary(Binary node);

    R compare(Compare node);

    R logic(Logic node);

    R scan(Scan node);

    R sumByKey(SumByKey node);

    R permute(Permute node);

    R clip(Clip node);

    R select(Select node);

    R reduce(Reduce node);

    R count(Count node);

    R rank(Rank node);

    R quantile(Quantile node);
  }

  /** A kind without children. */
  sealed interface Leaf extends Node {
    @Override
    default boolean live() {
      return false;
    }

    @Override
    default Seq<Node> children() {
      return List.empty();
    }
  }

  /** A named column of numbers: a statistic of the policy that is trained, or given data. */
  @Value.Immutable
  sealed interface Input extends Leaf permits ImmutableNode.Input {
    String name();

    @Override
    Level.Name level();

    /** Whether gradient is wanted with respect to this input. */
    boolean trained();

    /** What stands for this input where the data has no such column. */
    @Value.Redacted
    Option<Node> otherwise();

    @Override
    default boolean live() {
      return trained();
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.input(this);
    }
  }

  /** Yes at the vocabulary entry that was sampled. */
  @Value.Immutable(singleton = true)
  sealed interface Sampled extends Leaf permits ImmutableNode.Sampled {
    @Override
    default Level.Name level() {
      return Level.Name.VOCABULARY;
    }

    @Override
    default boolean condition() {
      return true;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.sampled(this);
    }
  }

  /** The same number everywhere. */
  @Value.Immutable
  sealed interface Constant extends Leaf permits ImmutableNode.Constant {
    double value();

    @Override
    Level.Name level();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.constant(this);
    }
  }

  /** The same answer everywhere. */
  @Value.Immutable
  sealed interface Truth extends Leaf permits ImmutableNode.Truth {
    boolean value();

    @Override
    Level.Name level();

    @Override
    default boolean condition() {
      return true;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.truth(this);
    }
  }

  /** A named number of the whole batch, fed at run time. */
  @Value.Immutable
  sealed interface ParameterValue extends Leaf permits ImmutableNode.ParameterValue {
    String name();

    Range range();

    @Override
    default Level.Name level() {
      return Level.Name.BATCH;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.parameter(this);
    }
  }

  /**
   * A number in [0, 1) per token: a keyed hash of (seed, step, sequence id, position), the same
   * however the batch is cut.
   */
  @Value.Immutable
  sealed interface Uniform extends Node permits ImmutableNode.Uniform {
    @Value.Redacted
    Node seed();

    @Value.Redacted
    Node step();

    @Override
    default Level.Name level() {
      return Level.Name.TOKEN;
    }

    @Override
    default boolean live() {
      return false;
    }

    @Override
    default Seq<Node> children() {
      return List.of(seed(), step());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.uniform(this);
    }
  }

  /**
   * A kind with one child. Level and liveness are the child's unless the kind overrides them; both
   * are computed once.
   */
  sealed interface Of extends Node {
    @Value.Redacted
    Node of();

    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return of().level();
    }

    @Override
    @Value.Derived
    @Value.Auxiliary
    default boolean live() {
      return of().live();
    }

    @Override
    default Seq<Node> children() {
      return List.of(of());
    }
  }

  /** The same number, or the same answer, under a symbol, for readers. */
  @Value.Immutable
  sealed interface Named extends Of permits ImmutableNode.Named {
    String symbol();

    @Override
    default boolean condition() {
      return of().condition();
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.named(this);
    }
  }

  /** An element-wise function. */
  @Value.Immutable
  sealed interface Unary extends Of permits ImmutableNode.Unary {
    UnaryOp op();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.unary(this);
    }
  }

  /** No where the child is yes. */
  @Value.Immutable
  sealed interface Not extends Of permits ImmutableNode.Not {
    @Override
    default boolean condition() {
      return true;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.not(this);
    }
  }

  /** The same value, with no gradient. */
  @Value.Immutable
  sealed interface StopGradient extends Of permits ImmutableNode.StopGradient {
    @Override
    @Value.Derived
    @Value.Auxiliary
    default boolean live() {
      return false;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.stopGradient(this);
    }
  }

  /** The same value (or answer) at every element of a finer level. */
  @Value.Immutable
  sealed interface Broadcast extends Of permits ImmutableNode.Broadcast {
    Level.Name to();

    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return to();
    }

    @Override
    default boolean condition() {
      return of().condition();
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.broadcast(this);
    }
  }

  /**
   * The child at the next (backward) or previous (forward) existing token, {@code edge} where there
   * is none.
   */
  @Value.Immutable
  sealed interface Neighbour extends Of permits ImmutableNode.Neighbour {
    Direction from();

    double edge();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.neighbour(this);
    }
  }

  /** The entry of a vocabulary-level child at the sampled token. */
  @Value.Immutable
  sealed interface Gather extends Of permits ImmutableNode.Gather {
    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return Level.Name.TOKEN;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.gather(this);
    }
  }

  /** A kind with two children at one level. */
  sealed interface Pair extends Node {
    @Value.Redacted
    Node left();

    @Value.Redacted
    Node right();

    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return left().level();
    }

    @Override
    @Value.Derived
    @Value.Auxiliary
    default boolean live() {
      return left().live() || right().live();
    }

    @Override
    default Seq<Node> children() {
      return List.of(left(), right());
    }
  }

  /** An element-wise function of two numbers. */
  @Value.Immutable
  sealed interface Binary extends Pair permits ImmutableNode.Binary {
    BinaryOp op();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.binary(this);
    }
  }

  /** A comparison: carries no gradient. */
  @Value.Immutable
  sealed interface Compare extends Pair permits ImmutableNode.Compare {
    CompareOp op();

    @Override
    default boolean condition() {
      return true;
    }

    @Override
    @Value.Derived
    @Value.Auxiliary
    default boolean live() {
      return false;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.compare(this);
    }
  }

  /** Yes where both are ({@code all}), or where one is. */
  @Value.Immutable
  sealed interface Logic extends Pair permits ImmutableNode.Logic {
    boolean all();

    @Override
    default boolean condition() {
      return true;
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.logic(this);
    }
  }

  /**
   * A linear recurrence along the existing tokens of each sequence: x_t = left_t + right_t ·
   * x_(t±1); the coefficient, right, is detached. Returns, GAE and V-trace are such scans.
   */
  @Value.Immutable
  sealed interface Scan extends Pair permits ImmutableNode.Scan {
    Direction direction();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.scan(this);
    }
  }

  /**
   * At every element, the sum of left over the elements of the same {@code within} whose key,
   * right, is equal; if {@code cumulative}, over those whose key is at most this one's: elements
   * with equal keys count together, so that their order does not matter. The key is detached.
   */
  @Value.Immutable
  sealed interface SumByKey extends Pair permits ImmutableNode.SumByKey {
    Level.Name within();

    boolean cumulative();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.sumByKey(this);
    }
  }

  /**
   * Left in descending order of right (a detached key) inside each {@code within}, written to the
   * existing slots in their own order; inverse undoes it. Ties keep their order.
   */
  @Value.Immutable
  sealed interface Permute extends Pair permits ImmutableNode.Permute {
    Level.Name within();

    boolean inverse();

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.permute(this);
    }
  }

  /** max(low, min(high, x)); the slope passes inside and at the bounds; the bounds are detached. */
  @Value.Immutable
  sealed interface Clip extends Of permits ImmutableNode.Clip {
    @Value.Redacted
    Node low();

    @Value.Redacted
    Node high();

    @Override
    default Seq<Node> children() {
      return List.of(of(), low(), high());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.clip(this);
    }
  }

  /**
   * Left where the condition holds, right elsewhere; the side that is not selected contributes
   * neither value nor gradient, even if it is NaN.
   */
  @Value.Immutable
  sealed interface Select extends Pair permits ImmutableNode.Select {
    @Value.Redacted
    Node when();

    @Override
    default Seq<Node> children() {
      return List.of(when(), left(), right());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.select(this);
    }
  }

  /** A reduction over the existing members that count. */
  @Value.Immutable
  sealed interface Reduce extends Of permits ImmutableNode.Reduce {
    ReduceOp op();

    Level.Name to();

    /** Degrees of freedom taken off the count of a std; 0 for the others. */
    int ddof();

    @Value.Redacted
    Option<Node> where();

    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return to();
    }

    @Override
    default Seq<Node> children() {
      return List.of(of()).appendAll(where());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.reduce(this);
    }
  }

  /** How many members count. */
  @Value.Immutable
  sealed interface Count extends Node permits ImmutableNode.Count {
    Level.Name from();

    Level.Name to();

    @Value.Redacted
    Option<Node> where();

    @Override
    default Level.Name level() {
      return to();
    }

    @Override
    default boolean live() {
      return false;
    }

    @Override
    default Seq<Node> children() {
      return where().toList();
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.count(this);
    }
  }

  /**
   * 0 for the largest member of {@code within} that counts, 1 for the next, …; ties in their own
   * order; members that do not count have the number of those that do. Detached.
   */
  @Value.Immutable
  sealed interface Rank extends Of permits ImmutableNode.Rank {
    Level.Name within();

    @Value.Redacted
    Option<Node> where();

    @Override
    default Seq<Node> children() {
      return List.of(of()).appendAll(where());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.rank(this);
    }
  }

  /**
   * The quantile of the members that count, by linear interpolation between order statistics; 0 of
   * nothing. Detached.
   */
  @Value.Immutable
  sealed interface Quantile extends Of permits ImmutableNode.Quantile {
    /** The fraction of members below, clamped to [0, 1], at the level of the result. */
    @Value.Redacted
    Node fraction();

    Level.Name to();

    @Value.Redacted
    Option<Node> where();

    @Override
    @Value.Derived
    @Value.Auxiliary
    default Level.Name level() {
      return to();
    }

    @Override
    default Seq<Node> children() {
      return List.of(of(), fraction()).appendAll(where());
    }

    @Override
    default <R> R match(Cases<R> cases) {
      return cases.quantile(this);
    }
  }
}
