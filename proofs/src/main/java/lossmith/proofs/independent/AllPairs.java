package lossmith.proofs.independent;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.proofs.independent.loops.Drawing;
import lossmith.proofs.independent.loops.PlainBatch;
import lossmith.recipes.catalogue.Recipes;

/**
 * All pairs of recipes under {@code plus}, at the policy's numbers per token: the value is the sum
 * of two statements, the gradient of each column that of one recipe alone plus that of the other.
 */
final class AllPairs {
  /** How many batches the pairs take turns on, with and without chosen and rejected responses. */
  private static final int BATCHES = 3;

  private final Seq<Stated> recipes;
  private final Map<String, Alone> alone;
  private final Seq<PlainBatch> batches;

  /** What a recipe alone is on each batch: by its statement, and its gradients as compiled. */
  @SuppressWarnings("ArrayRecordComponent") // read where it is made, and nowhere else
  private record Alone(double[] value, double[] scale, Seq<Map<String, double[]>> gradients) {}

  private AllPairs(Seq<Stated> recipes, Seq<PlainBatch> batches, Map<String, Alone> alone) {
    this.recipes = recipes;
    this.batches = batches;
    this.alone = alone;
  }

  /** The recipes that have a statement. */
  static Seq<Stated> stated() {
    return Recipes.all()
        .filter(recipe -> lossmith.proofs.stated.Statements.of(recipe.name()).isDefined())
        .map(Stated::of)
        .toVector();
  }

  /**
   * The pairs of some recipes.
   *
   * @param recipes the recipes
   * @param seed what draws the batches
   */
  static AllPairs of(Seq<Stated> recipes, long seed) {
    Seq<PlainBatch> batches =
        List.range(0, 2 * BATCHES)
            .map(
                i ->
                    Drawing.batch(
                            new Random(seed * 100 + i), i < BATCHES, false, LinkedHashMap.empty())
                        .without(PlainBatch.HIDDEN)
                        .without(PlainBatch.WEIGHT))
            .toVector();
    Map<String, Alone> alone = LinkedHashMap.empty();
    for (Stated recipe : recipes) {
      alone = alone.put(recipe.name(), alone(recipe, batches));
    }
    return new AllPairs(recipes, batches, alone);
  }

  private static Alone alone(Stated recipe, Seq<PlainBatch> batches) {
    TwoForms subject = recipe.alone();
    int count = recipe.paired() ? BATCHES : batches.size();
    double[] value = new double[count];
    double[] scale = new double[count];
    Seq<Map<String, double[]>> gradients = List.empty();
    try (Compiled compiled = new Compiled(recipe.loss())) {
      for (int i = 0; i < count; i++) {
        PlainBatch numbers = subject.fed(batches.get(i).with(recipe.parameters()));
        value[i] = recipe.oracle().value(numbers, numbers);
        scale[i] = recipe.oracle().scale(numbers);
        gradients =
            gradients.append(compiled.at(Place.STATISTICS, numbers, new Random(1)).gradients());
      }
    }
    return new Alone(value, scale, gradients.toVector());
  }

  int size() {
    return recipes.size() * (recipes.size() + 1) / 2;
  }

  /** The pair of a number, a recipe with itself among them. */
  Sum pair(int number) {
    int i = 0;
    int left = number;
    while (left >= recipes.size() - i) {
      left -= recipes.size() - i;
      i++;
    }
    return new Sum(recipes.get(i), recipes.get(i + left));
  }

  /** What comparing a pair came to. */
  FormsOutcome compared(int number) {
    Sum sum = pair(number);
    Option<String> wrong = sum.refusal();
    if (wrong.isDefined()) {
      return new FormsOutcome(FormsOutcome.Kind.DIFFERED, 1, 0, 0, wrong.get());
    }
    boolean paired = sum.one().paired() || sum.other().paired();
    int batch = number % (paired ? BATCHES : batches.size());
    FormsOutcome outcome = compared(sum, batch, false);
    boolean both = sum.clashing().nonEmpty() && outcome.kind() == FormsOutcome.Kind.AGREED;
    return both ? compared(sum, batch, true) : outcome;
  }

  private FormsOutcome compared(Sum sum, int batch, boolean turned) {
    Loss loss = sum.loss(turned);
    TwoForms subject = sum.subject(turned);
    PlainBatch numbers = subject.fed(batches.get(batch).with(sum.parameters()));
    Alone one = alone.get(sum.one().name()).get();
    Alone other = alone.get(sum.other().name()).get();
    double scale = one.scale[batch] + other.scale[batch];
    Found found;
    try (Compiled compiled = new Compiled(loss)) {
      found = compiled.at(Place.STATISTICS, numbers, new Random(1));
    }
    double expected = one.value[batch] + other.value[batch];
    double apart = FormsCompared.relative(found.value(), expected, scale);
    if (!(apart <= FormsCompared.VALUE)) {
      return new FormsOutcome(
          FormsOutcome.Kind.DIFFERED,
          apart,
          0,
          0,
          "value: together " + found.value() + ", by statements " + expected);
    }
    double worst = 0;
    Map<String, double[]> a = one.gradients.get(batch);
    Map<String, String> columns =
        LinkedHashMap.ofEntries(
            sum.other().statistics().keySet().toList().zip(sum.renamed().statistics().keySet()));
    Map<String, double[]> b =
        other.gradients.get(batch).mapKeys(name -> columns.getOrElse(name, name));
    for (String column : a.keySet().addAll(b.keySet()).addAll(found.gradients().keySet())) {
      double[] none = new double[numbers.of(column).length];
      double[] x = a.getOrElse(column, none);
      double[] y = b.getOrElse(column, none);
      double[] together = found.gradients().getOrElse(column, none);
      double largest = Arrays.stream(together).map(Math::abs).max().orElse(0);
      for (int t = 0; t < together.length; t++) {
        double sides = Math.abs(x[t]) + Math.abs(y[t]);
        double off =
            FormsCompared.relative(together[t], x[t] + y[t], Math.max(scale, largest + sides));
        worst = Math.max(worst, off);
        if (!(off <= FormsCompared.SLOPE)) {
          return new FormsOutcome(
              FormsOutcome.Kind.DIFFERED,
              apart,
              off,
              t,
              "d/d"
                  + column
                  + "["
                  + t
                  + "]: together "
                  + together[t]
                  + ", alone "
                  + x[t]
                  + " and "
                  + y[t]);
        }
      }
    }
    return new FormsOutcome(FormsOutcome.Kind.AGREED, apart, worst, 1, "");
  }
}
