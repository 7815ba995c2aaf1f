package lossmith.proofs.independent;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Parameter;
import lossmith.dsl.ProblemException;
import lossmith.proofs.independent.loops.Drawing;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;

/**
 * Two recipes added, the parameters of the second renamed where they clash with the first's.
 *
 * @param one a recipe
 * @param other another, or the same
 */
record Sum(Stated one, Stated other) {
  /** What stands before a clashing parameter's new name. */
  private static final String RENAMED = "other_";

  String name() {
    return one.name() + " + " + other.name();
  }

  /** The parameters that both have under one name with another default or range. */
  Seq<String> clashing() {
    return one.loss()
        .parameters()
        .filter(
            p ->
                other
                    .loss()
                    .parameters()
                    .exists(q -> q.name().equals(p.name()) && !q.range().equals(p.range())))
        .map(Parameter::name);
  }

  /** A clash that is not reported, or reported wrongly, if any. */
  Option<String> refusal() {
    boolean clash = clashing().nonEmpty();
    for (Seq<Stated> order : List.of(List.of(one, other), List.of(other, one))) {
      Option<ProblemException> problem = problem(order.head().loss(), order.last().loss());
      boolean reported =
          problem.exists(p -> p.problems().exists(q -> q.code().equals("parameter")));
      if (clash != reported || clash != problem.isDefined()) {
        return Option.some(
            clash
                ? "two defaults or ranges of " + clashing().mkString(", ") + " were merged"
                : "refused, though nothing clashes: " + problem.map(Throwable::getMessage));
      }
    }
    return Option.none();
  }

  private static Option<ProblemException> problem(Loss one, Loss other) {
    try {
      Loss unused = one.plus(other);
      return Option.none();
    } catch (ProblemException problem) {
      return Option.some(problem);
    }
  }

  /** The second recipe, what clashes renamed. */
  Stated renamed() {
    return other.renamed(clashing(), RENAMED);
  }

  /** The sum, in the order of the recipes or in the other. */
  Loss loss(boolean turned) {
    Loss second = renamed().loss();
    return turned ? second.plus(one.loss()) : one.loss().plus(second);
  }

  Map<String, Double> parameters() {
    return renamed().parameters().merge(one.parameters());
  }

  Map<String, Loops> statistics() {
    return LinkedHashMap.<String, Loops>empty()
        .merge(one.statistics())
        .merge(renamed().statistics());
  }

  /** The sum as loops. */
  Oracle oracle() {
    return new Oracle() {
      @Override
      public double[] summands(PlainBatch live, PlainBatch detached) {
        return new double[] {
          one.oracle().value(live, detached), other.oracle().value(live, detached)
        };
      }

      @Override
      public double scale(PlainBatch numbers) {
        return one.oracle().scale(numbers) + other.oracle().scale(numbers);
      }
    };
  }

  /** The sum as something to compare at any place. */
  TwoForms subject(boolean turned) {
    boolean paired = one.paired() || other.paired();
    Map<String, Double> parameters = parameters();
    return new TwoForms(
        name(),
        loss(turned),
        oracle(),
        statistics(),
        parameters.keySet(),
        one.trained().addAll(other.trained()),
        true,
        random -> batch(random, paired, parameters));
  }

  private static PlainBatch batch(Random random, boolean paired, Map<String, Double> parameters) {
    return Drawing.batch(
        random, paired || random.nextBoolean(), false, parameters.remove(Columns.TEMPERATURE));
  }
}
