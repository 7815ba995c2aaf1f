package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;
import lossmith.dsl.schedule.TokenSum;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/** An objective that is cut where the policy enters has the value and the gradient it had. */
final class TokenSumTest {
  private static final double TOLERANCE = 1e-9;
  private static final Set<String> HANDED =
      io.vavr.collection.HashSet.of("old_log_prob", "ref_log_prob", "rollout_log_prob", "position");

  @Test
  void whatIsCutIsTheSameObjective() {
    int cut = 0;
    for (Recipe recipe : Recipes.all()) {
      Loss loss = recipe.loss(Conventions.paper());
      Set<String> columns = Inputs.withDefaults(loss).columns().map(Node.Input::name).toSet();
      Either<String, TokenSum> sum = TokenSum.of(loss, columns.removeAll(HANDED), HANDED);
      for (TokenSum one : sum) {
        cut++;
        same(recipe, loss, one);
      }
    }
    assertTrue(cut > Recipes.all().size() / 3, cut + " of " + Recipes.all().size());
  }

  private static void same(Recipe recipe, Loss loss, TokenSum cut) {
    try (Subject subject = Subject.of(recipe)) {
      for (Trial trial : subject.trials(5, 2)) {
        Samples samples = trial.samples();
        Set<String> there = samples.columns().addAll(samples.grids());
        Reference reference = new Reference(samples, trial.parameters());
        BoundLoss whole = BoundLoss.of(loss, Surface.STATISTICS, there);
        Samples known =
            cut.prepared()
                .foldLeft(
                    samples
                        .columns()
                        .removeAll(HANDED)
                        .retainAll(cut.prepared().keySet())
                        .foldLeft(samples, Samples::without),
                    (all, one) -> all.with(one._1, one._2.level(), reference.of(one._2)));
        BoundLoss live =
            BoundLoss.of(cut.live(), Surface.STATISTICS, known.columns().addAll(known.grids()));
        Reference after = new Reference(known, trial.parameters());
        String what = recipe.name() + ", seed " + trial.seed();
        close(what, whole.value(), reference, live.value(), after);
        Map<String, Node> slopes = live.gradients();
        assertEquals(whole.gradients().keySet(), slopes.keySet(), what);
        whole
            .gradients()
            .forEach(
                (name, node) ->
                    close(what + ", " + name, node, reference, slopes.get(name).get(), after));
      }
    }
  }

  private static void close(String what, Node expected, Reference in, Node found, Reference after) {
    double[] x = in.of(expected);
    double[] y = after.of(found);
    double scale = Math.max(Scale.of(expected, in), Scale.size(x));
    assertEquals(x.length, y.length, what);
    for (int i = 0; i < x.length; i++) {
      double far = Math.abs(x[i] - y[i]);
      assertTrue(far <= TOLERANCE * scale, what + "[" + i + "]: " + y[i] + " for " + x[i]);
    }
  }

  @Test
  void whatNeedsItsWholeBatchSaysWhy() {
    Seq<String> names = Recipes.all().map(Recipe::name);
    assertTrue(names.contains("clip-cov"));
    HashMap<String, String> why =
        HashMap.of(
            "clip-cov", "more than one response",
            "forking-tokens", "which tokens count, reads the policy",
            "v-mpo", "a function of a sum over more than one response");
    why.forEach(
        (name, reason) -> {
          Loss loss = Recipes.get(name).loss(Conventions.paper());
          Set<String> columns = Inputs.withDefaults(loss).columns().map(Node.Input::name).toSet();
          String said = TokenSum.of(loss, columns, HANDED).swap().getOrElse("cut");
          assertTrue(said.contains(reason), name + ": " + said);
        });
  }
}
