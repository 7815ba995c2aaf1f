package lossmith.lab;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.Comparator;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/**
 * 0 for a golden response, which is imitated, 1 for a chosen one and −1 for a rejected one: of the
 * responses to a prompt the one with the highest reward, the second and the one with the lowest, as
 * triple preference optimisation takes them from responses with scores (Saeidi et al., 2405.16681).
 * From a prompt whose second response is worth no more than the last nothing is learnt.
 */
final class Triples implements GivenColumn {
  static final String NAME = "preference";

  /** How many responses to a prompt there must be at least. */
  static final int SIZE = 3;

  private static final double[] PREFERENCES = {0, 1, -1};

  /** Golden, chosen and rejected responses, in this order; of equal ones the one drawn first. */
  @Override
  public Batch rows(Batch part) {
    Seq<Integer> rows = Vector.range(0, part.groups()).flatMap(g -> ranked(part, g));
    return new Batch(
        rows.map(part.prompts()::get),
        rows.map(part.drawn()::get),
        rows.map(part.rewards()::get),
        SIZE);
  }

  private static Seq<Integer> ranked(Batch part, int group) {
    Seq<Integer> best =
        Vector.range(group * part.group(), (group + 1) * part.group())
            .sorted(Comparator.comparing(part.rewards()::get, Comparator.reverseOrder()));
    int chosen = best.get(1);
    int rejected = best.minBy(part.rewards()::get).get();
    return part.rewards().get(chosen) > part.rewards().get(rejected)
        ? List.of(best.head(), chosen, rejected)
        : List.empty();
  }

  @Override
  public Samples with(Samples samples, Update update) {
    double[] preferences = new double[update.rows().drawn().size()];
    Arrays.setAll(preferences, i -> PREFERENCES[i % SIZE]);
    return samples.with(NAME, Level.Name.SEQUENCE, preferences);
  }
}
