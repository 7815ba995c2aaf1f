package lossmith.dsl.reference;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Algebra;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;

/**
 * Evaluates a node on given samples in plain doubles: one number per element of its level,
 * conditions as 1 and 0. The oracle that faster evaluations are compared with.
 */
public final class Reference {
  private final Fold<double[]> fold;

  /**
   * The meaning on these samples.
   *
   * @param samples the data
   * @param parameters values by name; a parameter that is not here has its default
   */
  public Reference(Samples samples, Map<String, Double> parameters) {
    this.fold = new Fold<>(new Doubles(samples, parameters));
  }

  private Reference(Fold<double[]> fold) {
    this.fold = fold;
  }

  /**
   * {@return the meaning where every number is rounded to float32, what is given and what comes of
   * each operation; an exponential of more than 88 is infinite here}
   *
   * @param samples the data
   * @param parameters values by name
   */
  public static Reference single(Samples samples, Map<String, Double> parameters) {
    return new Reference(
        new Fold<>(
            new Doubles(samples, parameters),
            numbers -> java.util.Arrays.stream(numbers).map(x -> (float) x).toArray()));
  }

  /**
   * Fixes the numbers of a node, such as those of a stop-gradient while its input moves.
   *
   * @param node the node
   * @param numbers one per element of its level
   * @return this reference
   */
  @CanIgnoreReturnValue
  public Reference given(Node node, double[] numbers) {
    Fold<double[]> unused = fold.given(node, numbers.clone());
    return this;
  }

  /** {@return the numbers of a node, one per element of its level} */
  public double[] of(Node node) {
    return fold.of(node).clone();
  }

  /** {@return the number of a node of the whole batch} */
  public double number(Node node) {
    if (node.level() != Level.Name.BATCH) {
      throw Problem.of(
              "level", "a number of a " + node.level() + " node", "a batch node", "of(node)")
          .exception();
    }
    return fold.of(node)[0];
  }

  /** One loop a kind. */
  private static final class Doubles implements Algebra<double[]> {
    private final Samples samples;
    private final Map<String, Double> parameters;
    private final Ordering ordering;

    Doubles(Samples samples, Map<String, Double> parameters) {
      this.samples = samples;
      this.parameters = parameters;
      this.ordering = new Ordering(samples);
    }

    private double[] each(Level.Name level, java.util.function.IntToDoubleFunction f) {
      double[] y = new double[samples.size(level)];
      java.util.Arrays.setAll(y, f);
      return y;
    }

    @Override
    public double[] input(Node.Input node) {
      if (node.name().equals(Columns.LOG_PI) && node.level() == Level.Name.VOCABULARY) {
        double temperature = parameters.getOrElse(Columns.TEMPERATURE, 1.0);
        return LogSoftmax.of(grid("logits"), temperature);
      }
      if (node.level() == Level.Name.VOCABULARY) {
        var grid = grid(node.name());
        return each(Level.Name.VOCABULARY, i -> grid.get(i / grid.width(), i % grid.width()));
      }
      for (Level.Name level : samples.level(node.name()).filter(found -> found != node.level())) {
        throw Problem.of(
                "column",
                node.name() + " with one number per " + level,
                "one number per " + node.level(),
                "a column at that level")
            .exception();
      }
      return samples.column(node.name()).getOrElseThrow(() -> missing(node.name()));
    }

    private lossmith.dsl.data.Grid grid(String name) {
      return samples.grid(name).getOrElseThrow(() -> missing(name));
    }

    private static RuntimeException missing(String name) {
      return Problem.of(
              "column", "samples without " + name, "the column " + name, "samples with that column")
          .exception();
    }

    @Override
    public double[] sampled(Node.Sampled node) {
      int width = samples.vocabulary();
      int[] sampled = samples.sampled().getOrElseThrow(() -> missing("tokens"));
      return each(Level.Name.VOCABULARY, i -> sampled[i / width] == i % width ? 1 : 0);
    }

    @Override
    public double[] constant(Node.Constant node) {
      return each(node.level(), i -> node.value());
    }

    @Override
    public double[] truth(Node.Truth node) {
      return each(node.level(), i -> node.value() ? 1 : 0);
    }

    @Override
    public double[] parameter(Node.ParameterValue node) {
      return new double[] {parameters.getOrElse(node.name(), node.range().initial())};
    }

    @Override
    public double[] uniform(Node.Uniform node, double[] seed, double[] step) {
      long[] ids = samples.sequenceIds();
      int[] positions = samples.positions();
      return each(
          Level.Name.TOKEN,
          t ->
              lossmith.dsl.data.KeyedHash.uniform(
                  (long) seed[0],
                  (long) step[0],
                  ids[samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE)],
                  positions[t]));
    }

    @Override
    public double[] named(Node.Named node, double[] of) {
      return of;
    }

    @Override
    public double[] unary(Node.Unary node, double[] of) {
      return each(node.level(), i -> ScalarFunctions.of(node.op(), of[i]));
    }

    @Override
    public double[] not(Node.Not node, double[] of) {
      return each(node.level(), i -> 1 - of[i]);
    }

    @Override
    public double[] stopGradient(Node.StopGradient node, double[] of) {
      return of;
    }

    @Override
    public double[] broadcast(Node.Broadcast node, double[] of) {
      return each(
          node.level(), i -> of[Members.parent(samples, node.level(), i, node.of().level())]);
    }

    @Override
    public double[] neighbour(Node.Neighbour node, double[] of) {
      return ordering.neighbour(of, node.from(), node.edge());
    }

    @Override
    public double[] gather(Node.Gather node, double[] of) {
      int width = samples.vocabulary();
      int[] sampled = samples.sampled().getOrElseThrow(() -> missing("tokens"));
      return each(Level.Name.TOKEN, t -> of[t * width + sampled[t]]);
    }

    @Override
    public double[] binary(Node.Binary node, double[] left, double[] right) {
      return each(node.level(), i -> ScalarFunctions.of(node.op(), left[i], right[i]));
    }

    @Override
    public double[] compare(Node.Compare node, double[] left, double[] right) {
      return each(
          node.level(),
          i -> {
            boolean yes =
                switch (node.op()) {
                  case BELOW -> left[i] < right[i];
                  case AT_MOST -> left[i] <= right[i];
                  case EQUAL -> left[i] == right[i];
                };
            return yes ? 1 : 0;
          });
    }

    @Override
    public double[] logic(Node.Logic node, double[] left, double[] right) {
      return each(node.level(), i -> node.all() ? left[i] * right[i] : Math.max(left[i], right[i]));
    }

    @Override
    public double[] scan(Node.Scan node, double[] addend, double[] coefficient) {
      return ordering.scan(addend, coefficient, node.direction());
    }

    @Override
    public double[] sumByKey(Node.SumByKey node, double[] of, double[] key) {
      return ordering.sumByKey(of, key, node.level(), node.within(), node.cumulative());
    }

    @Override
    public double[] permute(Node.Permute node, double[] of, double[] key) {
      return ordering.permute(of, key, node.level(), node.within(), node.inverse());
    }

    @Override
    public double[] clip(Node.Clip node, double[] of, double[] low, double[] high) {
      return each(node.level(), i -> Math.max(low[i], Math.min(high[i], of[i])));
    }

    @Override
    public double[] select(Node.Select node, double[] when, double[] left, double[] right) {
      return each(node.level(), i -> when[i] != 0 ? left[i] : right[i]);
    }

    @Override
    public double[] reduce(Node.Reduce node, double[] of, Option<double[]> where) {
      var members = Members.of(samples, node.of().level(), node.to(), where.getOrNull());
      return each(node.to(), i -> Members.reduce(node.op(), of, members.get(i), node.ddof()));
    }

    @Override
    public double[] count(Node.Count node, Option<double[]> where) {
      var members = Members.of(samples, node.from(), node.to(), where.getOrNull());
      return each(node.to(), i -> members.get(i).length);
    }

    @Override
    public double[] rank(Node.Rank node, double[] of, Option<double[]> where) {
      return ordering.rank(of, node.level(), node.within(), where.getOrNull());
    }

    @Override
    public double[] quantile(
        Node.Quantile node, double[] of, double[] fraction, Option<double[]> where) {
      var members = Members.of(samples, node.of().level(), node.to(), where.getOrNull());
      return each(node.to(), i -> Members.quantile(of, members.get(i), fraction[i]));
    }
  }
}
