package lossmith.proofs.independent.loops;

import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.logAddExp;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.select;

import java.util.Random;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Level;
import lossmith.dsl.Term;

/** Element-wise functions, at any level. */
final class ElementwiseLoops {
  private final Random random;
  private final DrawnParameters knobs;

  public ElementwiseLoops(Random random, DrawnParameters knobs) {
    this.random = random;
    this.knobs = knobs;
  }

  /** A function of one number. */
  <L extends Level> Made<L> one(Made<L> x) {
    double c = 0.2 + random.nextDouble();
    DrawnParameters.Knob knob = knobs.any();
    return switch (random.nextInt(25)) {
      case 0 -> x.then(Term::negated, a -> -a);
      case 1 -> x.then(t -> t.tanh().exp(), a -> Math.exp(Math.tanh(a)));
      case 2 -> x.then(t -> t.sigmoid().scaledBy(c).exp(), a -> Math.exp(c * sigmoid(a)));
      case 3 -> x.then(t -> t.tanh().expm1(), a -> Math.exp(Math.tanh(a)) - 1);
      case 4 -> x.then(t -> t.square().shiftedBy(c).log(), a -> Math.log(a * a + c));
      case 5 -> x.then(t -> t.square().log1p(), a -> Math.log(1 + a * a));
      case 6 ->
          x.then(
              t -> t.square().negated().shiftedBy(-c).log1mExp(),
              a -> Math.log(1 - Math.exp(-a * a - c)));
      case 7 -> x.then(t -> t.square().shiftedBy(c).sqrt(), a -> Math.sqrt(a * a + c));
      case 8 -> x.then(Term::abs, Math::abs);
      case 9 -> x.then(t -> t.square().scaledBy(0.1), a -> 0.1 * a * a);
      case 10 -> x.then(Term::sigmoid, ElementwiseLoops::sigmoid);
      case 11 -> x.then(Term::logSigmoid, a -> -softplus(-a));
      case 12 -> x.then(Term::softplus, ElementwiseLoops::softplus);
      case 13 -> x.then(Term::tanh, Math::tanh);
      case 14 -> x.then(t -> t.scaledBy(-c), a -> -c * a);
      case 15 -> x.then(t -> t.shiftedBy(c), a -> a + c);
      case 16 ->
          new Made<>(
              x.term().scaledBy(knob.parameter()),
              (live, detached) -> scaled(x.loops().of(live, detached), knob.of(live)));
      case 17 ->
          new Made<>(
              x.term().shiftedBy(knob.parameter()),
              (live, detached) -> shifted(x.loops().of(live, detached), knob.of(live)));
      case 18 -> x.then(t -> t.clip(Clip.around(c, 2 * c)), a -> clamped(a, 1 - c, 1 + 2 * c));
      case 19 -> x.then(t -> t.clip(Clip.between(-c, c)), a -> clamped(a, -c, c));
      case 20 -> x.then(t -> t.clip(Clip.atMost(constant(c, Axis.BATCH))), a -> Math.min(a, c));
      case 21 -> x.then(t -> t.clip(Clip.atLeast(constant(-c, Axis.BATCH))), a -> Math.max(a, -c));
      case 22 -> clipped(x);
      case 23 ->
          x.then(t -> t.tanh().expRemainder(), a -> Math.exp(Math.tanh(a)) - 1 - Math.tanh(a));
      default -> x.then(t -> t.as("named"), a -> a);
    };
  }

  private <L extends Level> Made<L> clipped(Made<L> x) {
    DrawnParameters.Knob low = knobs.low();
    DrawnParameters.Knob high = knobs.high();
    return new Made<>(
        x.term().clip(Clip.around(low.parameter(), high.parameter())),
        (live, detached) -> {
          double[] y = x.loops().of(live, detached);
          java.util.Arrays.setAll(y, i -> clamped(y[i], 1 - low.of(live), 1 + high.of(live)));
          return y;
        });
  }

  /** A function of two numbers. */
  <L extends Level> Made<L> two(Made<L> x, Made<L> y) {
    Term<L> a = x.term();
    Term<L> b = y.term();
    Loops p = x.loops();
    Loops q = y.loops();
    return switch (random.nextInt(11)) {
      case 0 -> new Made<>(a.plus(b), p.zip(q, (s, t) -> s + t));
      case 1 -> new Made<>(a.minus(b), p.zip(q, (s, t) -> s - t));
      case 2 -> new Made<>(a.times(b), p.zip(q, (s, t) -> s * t));
      case 3 ->
          new Made<>(a.dividedBy(b.square().shiftedBy(0.7)), p.zip(q, (s, t) -> s / (t * t + 0.7)));
      case 4 -> new Made<>(min(a, b), p.zip(q, Math::min));
      case 5 -> new Made<>(max(a, b), p.zip(q, Math::max));
      case 6 ->
          new Made<>(
              logAddExp(a, b), p.zip(q, (s, t) -> Math.max(s, t) + softplus(-Math.abs(s - t))));
      case 7 ->
          new Made<>(probTimes(a.square().negated(), b), p.zip(q, (s, t) -> Math.exp(-s * s) * t));
      case 8 -> new Made<>(a.weightedBy(b.stopGradient()), p.zip(q.stopped(), (s, t) -> s * t));
      case 9 ->
          new Made<>(
              a.clipBetween(
                  b.stopGradient().minus(b.stopGradient().abs()).shiftedBy(-0.5),
                  b.stopGradient().shiftedBy(0.5)),
              p.zip(q.stopped(), (s, t) -> clamped(s, t - Math.abs(t) - 0.5, t + 0.5)));
      default -> new Made<>(a.minus(b.scaledBy(0.5)), p.zip(q, (s, t) -> s - 0.5 * t));
    };
  }

  /** One number or another. */
  <L extends Level> Made<L> either(Asked<L> when, Made<L> x, Made<L> y) {
    return new Made<>(
        select(when.term(), x.term(), y.term()),
        (live, detached) -> {
          double[] yes = when.loops().of(live, detached);
          double[] a = x.loops().of(live, detached);
          double[] b = y.loops().of(live, detached);
          java.util.Arrays.setAll(a, i -> yes[i] != 0 ? a[i] : b[i]);
          return a;
        });
  }

  /** A comparison of two numbers. */
  <L extends Level> Asked<L> compared(Made<L> x, Made<L> y) {
    Term<L> a = x.term();
    Term<L> b = y.term();
    return switch (random.nextInt(7)) {
      case 0 -> asked(a.above(b), x, y, (s, t) -> s > t);
      case 1 -> asked(a.atLeast(b), x, y, (s, t) -> s >= t);
      case 2 -> asked(a.below(b), x, y, (s, t) -> s < t);
      case 3 -> asked(a.atMost(b), x, y, (s, t) -> s <= t);
      case 4 -> asked(a.equalTo(b), x, y, (s, t) -> s == t);
      case 5 -> asked(a.positive(), x, y, (s, t) -> s > 0);
      default -> asked(a.negative(), x, y, (s, t) -> s < 0);
    };
  }

  private interface Test {
    boolean holds(double x, double y);
  }

  private static <L extends Level> Asked<L> asked(
      Condition<L> condition, Made<L> x, Made<L> y, Test test) {
    return new Asked<>(condition, x.loops().zip(y.loops(), (s, t) -> test.holds(s, t) ? 1 : 0));
  }

  private static double[] scaled(double[] x, double factor) {
    return java.util.Arrays.stream(x).map(a -> a * factor).toArray();
  }

  private static double[] shifted(double[] x, double offset) {
    return java.util.Arrays.stream(x).map(a -> a + offset).toArray();
  }

  static double clamped(double x, double low, double high) {
    return x < low ? low : Math.min(x, high);
  }

  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static double softplus(double x) {
    return Math.max(x, 0) + Math.log(1 + Math.exp(-Math.abs(x)));
  }
}
