package lossmith.proofs.independent;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Parameter;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.independent.loops.Drawing;
import lossmith.proofs.independent.loops.Given;
import lossmith.proofs.independent.loops.Leaves;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.proofs.stated.Statements;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * A recipe and its statement.
 *
 * @param name of the recipe
 * @param loss as a term
 * @param oracle as loops
 * @param parameters all of its parameters
 * @param statistics what it reads of the policy per token, as loops by the name that is fed
 * @param paired whether it compares a chosen and a rejected response
 */
record Stated(
    String name,
    Loss loss,
    StatedOracle oracle,
    Map<String, Double> parameters,
    Map<String, Loops> statistics,
    boolean paired) {

  /** The recipe under the papers' conventions. */
  static Stated of(Recipe recipe) {
    return of(recipe, recipe.name());
  }

  /**
   * A recipe and a statement.
   *
   * @param recipe the recipe
   * @param statement the name of its statement
   */
  static Stated of(Recipe recipe, String statement) {
    Loss loss = recipe.loss(Conventions.paper());
    Map<String, Double> parameters = loss.parameters().toLinkedMap(Parameter::name, Stated::value);
    return new Stated(
        recipe.name(),
        loss,
        new StatedOracle(Statements.of(statement).get(), parameters),
        parameters,
        statistics(loss),
        readsSigns(loss));
  }

  /** What a loss reads of the policy per token, in the order in which it is met. */
  private static Map<String, Loops> statistics(Loss loss) {
    PlainBatch any = Drawing.batch(new Random(1), true, false, LinkedHashMap.empty());
    Map<String, Node> cut = StatisticsSplit.of(loss, any.levels().keySet()).statistics();
    return LinkedHashMap.ofEntries(cut.map((name, node) -> Tuple.of(name, loops(name, node))));
  }

  /** The same with some parameters under other names; a statistic that reads one is another. */
  Stated renamed(Seq<String> names, String before) {
    Loss other =
        names.foldLeft(loss, (all, parameter) -> all.renamed(parameter, before + parameter));
    return new Stated(
        name,
        other,
        oracle,
        parameters.mapKeys(key -> names.contains(key) ? before + key : key),
        names.isEmpty() ? statistics : statistics(other),
        paired);
  }

  private static boolean readsSigns(Loss loss) {
    return lossmith.dsl.bind.Inputs.of(loss.parts().values().map(part -> part.node()))
        .columns()
        .exists(input -> input.name().equals(Columns.SIGN));
  }

  /**
   * A number for a parameter: the same for the same name, default and range, so that two recipes
   * that share a parameter share it here too.
   */
  static double value(Parameter parameter) {
    double initial = parameter.range().initial();
    double u =
        new Random(parameter.name().hashCode() * 31L + Double.hashCode(initial)).nextDouble();
    double x =
        parameter.name().equals("seed") || parameter.name().equals("step")
            ? initial
            : parameter.name().endsWith("length") || parameter.name().endsWith("cache")
                ? 1 + Math.floor(3 * u)
                : initial * (0.7 + 0.6 * u);
    return Math.max(parameter.range().low(), Math.min(parameter.range().high(), x));
  }

  /** The loops of a statistic; of one without a name of its own, what the reference says of it. */
  private static Loops loops(String name, Node node) {
    return switch (name) {
      case Columns.LOG_PROB -> Leaves.logProbs().loops();
      case Columns.ENTROPY -> Leaves.entropies().loops();
      case "mean_log_pi" -> (live, detached) -> rows(live, x -> x / live.vocabulary());
      case "sum_pi_squared" -> (live, detached) -> rows(live, x -> Math.exp(2 * x));
      default -> (live, detached) -> referred(node, live, detached);
    };
  }

  /** The reference's numbers of a node, its stop-gradients constant. */
  private static double[] referred(Node node, PlainBatch live, PlainBatch detached) {
    Reference reference = new Reference(Given.whole(live), live.parameters());
    if (live != detached) {
      Reference still = new Reference(Given.whole(detached), detached.parameters());
      for (Node stopped : Graph.below(List.of(node)).filter(Node.StopGradient.class::isInstance)) {
        reference = reference.given(stopped, still.of(stopped));
      }
    }
    return reference.of(node);
  }

  private static double[] rows(PlainBatch numbers, java.util.function.DoubleUnaryOperator f) {
    double[] logPi = numbers.logPi();
    int width = numbers.vocabulary();
    return numbers.each(
        Level.Name.TOKEN, t -> Arrays.stream(logPi, t * width, (t + 1) * width).map(f).sum());
  }

  Set<String> trained() {
    return loss.trains().remove(Loss.POLICY);
  }

  /** What it is alone. */
  TwoForms alone() {
    return new TwoForms(
        name,
        loss,
        oracle,
        statistics,
        parameters.keySet(),
        trained(),
        true,
        random -> Drawing.batch(random, paired || random.nextBoolean(), false, parameters));
  }
}
