package lossmith.proofs.independent;

import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Random;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.proofs.independent.loops.Loops;
import lossmith.proofs.independent.loops.Oracle;
import lossmith.proofs.independent.loops.PlainBatch;

/**
 * An objective in two forms.
 *
 * @param name what to call it
 * @param loss as a term
 * @param oracle as loops over plain arrays
 * @param statistics what it reads of the policy per token, by the name that is fed, as loops
 * @param parameters the names of its parameters
 * @param trained the columns it trains beside the policy
 * @param throughLogits whether its loops read the policy's logits alone, so that slopes of its
 *     numbers per token are compared by what moving logits does
 * @param batches draws a batch for it
 */
record TwoForms(
    String name,
    Loss loss,
    Oracle oracle,
    Map<String, Loops> statistics,
    Set<String> parameters,
    Set<String> trained,
    boolean throughLogits,
    Function<Random, PlainBatch> batches) {

  /** A batch as it is given at a place. */
  PlainBatch batch(Place place, Random random) {
    PlainBatch drawn = batches.apply(random);
    return switch (place) {
      case STATISTICS -> fed(drawn);
      case LOGITS, WHOLE, WINDOW -> drawn.without(PlainBatch.HIDDEN).without(PlainBatch.WEIGHT);
      case HIDDEN -> drawn.without(PlainBatch.LOGITS);
    };
  }

  /** The batch with the policy's numbers per token, worked out from its logits. */
  PlainBatch fed(PlainBatch drawn) {
    PlainBatch plain = drawn.without(PlainBatch.HIDDEN).without(PlainBatch.WEIGHT);
    return statistics.foldLeft(
        plain, (all, s) -> all.with(s._1, Level.Name.TOKEN, s._2.of(all, all)));
  }

  /** The slopes that were found at a place, by what they are with respect to; 0 where none was. */
  Map<String, Along> slopes(Place place, PlainBatch numbers, Found found) {
    if (throughLogits && place == Place.STATISTICS) {
      return trained
          .add(PlainBatch.LOGITS)
          .toLinkedMap(name -> name, name -> new Pulled(this, numbers, found.gradients(), name));
    }
    Set<String> all = inputs(place, numbers).addAll(found.gradients().keySet());
    return all.toLinkedMap(name -> name, name -> written(numbers, found, name));
  }

  private static Along written(PlainBatch numbers, Found found, String name) {
    double[] none = new double[numbers.of(name).length];
    return new Along.Written(found.gradients().getOrElse(name, none));
  }

  /** What its gradient is with respect to, at a place. */
  private Set<String> inputs(Place place, PlainBatch numbers) {
    Set<String> policy =
        switch (place) {
          case STATISTICS -> statistics.keySet().filter(name -> !fixed(name));
          case LOGITS, WHOLE, WINDOW -> io.vavr.collection.HashSet.of(PlainBatch.LOGITS);
          case HIDDEN ->
              io.vavr.collection.HashSet.of(PlainBatch.HIDDEN, PlainBatch.WEIGHT, PlainBatch.BIAS)
                  .filter(numbers::has);
        };
    return policy.addAll(trained);
  }

  /** What a statistic is called that is known of the reference too, and has no gradient. */
  private static boolean fixed(String name) {
    return name.equals(Columns.REFERENCE_LOG_PROB);
  }
}
