package lossmith.dsl;

import io.vavr.control.Option;

/**
 * A meaning of objectives: one case for each kind of {@link Node}, given the meanings of its
 * children. A new kind is a new method here, so that every meaning fails to compile until it knows
 * it. Fold it with {@link Fold}.
 *
 * @param <R> what a node means
 */
public interface Algebra<R> {
  /** {@return the meaning of a column} */
  R input(Node.Input node);

  /** {@return the meaning of the condition that an entry was sampled} */
  R sampled(Node.Sampled node);

  /** {@return the meaning of a constant number} */
  R constant(Node.Constant node);

  /** {@return the meaning of a constant answer} */
  R truth(Node.Truth node);

  /** {@return the meaning of a parameter} */
  R parameter(Node.ParameterValue node);

  /** {@return the meaning of a keyed random number} */
  R uniform(Node.Uniform node, R seed, R step);

  /** {@return the meaning of a named term} */
  R named(Node.Named node, R of);

  /** {@return the meaning of an element-wise function} */
  R unary(Node.Unary node, R of);

  /** {@return the meaning of a negated condition} */
  R not(Node.Not node, R of);

  /** {@return the meaning of a stopped gradient} */
  R stopGradient(Node.StopGradient node, R of);

  /** {@return the meaning of spreading to a finer level} */
  R broadcast(Node.Broadcast node, R of);

  /** {@return the meaning of the neighbouring token's value} */
  R neighbour(Node.Neighbour node, R of);

  /** {@return the meaning of the sampled entry} */
  R gather(Node.Gather node, R of);

  /** {@return the meaning of an element-wise function of two} */
  R binary(Node.Binary node, R left, R right);

  /** {@return the meaning of a comparison} */
  R compare(Node.Compare node, R left, R right);

  /** {@return the meaning of two conditions joined} */
  R logic(Node.Logic node, R left, R right);

  /** {@return the meaning of a linear recurrence} */
  R scan(Node.Scan node, R addend, R coefficient);

  /** {@return the meaning of a sum over equal keys} */
  R sumByKey(Node.SumByKey node, R of, R key);

  /** {@return the meaning of reordering by a key} */
  R permute(Node.Permute node, R of, R key);

  /** {@return the meaning of clipping} */
  R clip(Node.Clip node, R of, R low, R high);

  /** {@return the meaning of a selection} */
  R select(Node.Select node, R when, R left, R right);

  /** {@return the meaning of a reduction} */
  R reduce(Node.Reduce node, R of, Option<R> where);

  /** {@return the meaning of a count} */
  R count(Node.Count node, Option<R> where);

  /** {@return the meaning of a rank} */
  R rank(Node.Rank node, R of, Option<R> where);

  /** {@return the meaning of a quantile} */
  R quantile(Node.Quantile node, R of, R fraction, Option<R> where);
}
