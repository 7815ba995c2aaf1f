package lossmith.report;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.RowTexts;
import lossmith.score.ShownResponses.Shown;
import lossmith.score.TokenScores;

/** Pages about runs that are made up, with numbers that tell one from another. */
final class ReportPages {
  static final Seq<String> NAMES = List.of("grpo", "dapo", "cispo", "gspo", "nsr", "sapo");

  private static final String TERM =
      "(1/G) Σ_i (1/|y_i|) Σ_t min(r·A, clip(r, 1 - low, 1 + high)·A)";

  private ReportPages() {}

  /** A run whose entropy falls while its reward rises as the law says, nearly. */
  private static TrainedArm arm(String recipe, long seed, int steps) {
    Random random = new Random(recipe.hashCode() + seed);
    return new TrainedArm(
        recipe,
        seed,
        Vector.range(0, steps + 1)
            .map(
                step -> {
                  double entropy =
                      0.1 + 0.5 * Math.exp(-step / 40.0) + 0.01 * random.nextGaussian();
                  double change = 0.01 * random.nextGaussian();
                  Map<String, Double> row =
                      LinkedHashMap.of("step", (double) step, "training/tokens", 2400.0 * step);
                  Map<String, Double> numbers =
                      row.put("actor/entropy", entropy)
                          .put("critic/rewards/mean", 2 - 0.9 * Math.exp(entropy))
                          .put("actor/ppo_kl", 0.001 * random.nextDouble())
                          .put("lossmith/clip_fraction_high", 0.01 * random.nextDouble())
                          .put("lossmith/clip_fraction_low", 0.02 * random.nextDouble())
                          .put("response_length/mean", 18 + random.nextGaussian())
                          .put("actor/grad_norm", 1 + random.nextDouble())
                          .put("lossmith/entropy_change", change)
                          .put("lossmith/entropy_change_forecast", 2 * change)
                          .put("lossmith/entropy_change_natural", random.nextGaussian());
                  return step % 25 > 0
                      ? step == 0 ? row : numbers
                      : (step == 0 ? row : numbers)
                          .put("val-core/addition/pass@1", 0.3 + step / 400.0)
                          .put("val-core/addition/pass@8", 0.9)
                          .put("val-core/addition/distinct_solutions", 3.0);
                }));
  }

  private static Map<String, Loss> losses(Seq<String> names) {
    return names.foldLeft(
        LinkedHashMap.empty(),
        (all, name) ->
            all.put(
                name,
                Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper())));
  }

  /** Numbers that tell row, token and objective apart. */
  private static TokenScores scores(int row, int tokens, int objective) {
    double[] weight = new double[tokens];
    double[] ratio = new double[tokens];
    double[] above = new double[tokens];
    double[] entropy = new double[tokens];
    for (int t = 0; t < tokens; t++) {
      weight[t] = (row % 2 == 0 ? 1e-3 : -1e-3) * (1 + row) * (1 + objective);
      ratio[t] = 1 + 0.01 * t;
      above[t] = t == 3 + objective ? 1 : 0;
      entropy[t] = t % 5 == 0 ? 1 : 0.01;
    }
    return new TokenScores(
        Option.some(ratio),
        Option.some(weight),
        Option.some(weight),
        Option.some(new double[tokens]),
        Option.some(above),
        Option.some(entropy),
        Option.some(weight),
        Option.none(),
        LinkedHashMap.empty());
  }

  private static Microscope microscope(Seq<String> names, int responses, int tokens) {
    return new Microscope(
        losses(names),
        Option.none(),
        Vector.range(0, responses)
            .map(
                row ->
                    new Shown(
                        row,
                        tokens,
                        Vector.range(0, tokens),
                        Option.some(Vector.range(100, 100 + tokens)),
                        Option.some(row % 2 == 0 ? 0.0 : 1.0),
                        0,
                        names
                            .zipWithIndex()
                            .foldLeft(
                                LinkedHashMap.<String, TokenScores>empty(),
                                (all, one) -> all.put(one._1, scores(row, tokens, one._2))))),
        RowTexts.none(),
        "All of them.");
  }

  static Path written(Path folder, int seeds, int steps) throws IOException {
    return written(folder, NAMES, seeds, steps);
  }

  static Path written(Path folder, Seq<String> names, int seeds, int steps) throws IOException {
    ReportPage page =
        new ReportPage(
            "six </script> on \"addition\"",
            List.of("a task", "200 steps"),
            Option.some(
                new TrainingCurves(
                    names.flatMap(
                        name -> Vector.rangeClosed(1, seeds).map(seed -> arm(name, seed, steps))))),
            List.of(
                new PageTable(
                    "Effects",
                    NAMES.map(name -> name + " − clip-cov").prepend(""),
                    List.of(
                        NAMES
                            .map(unused -> "−0.00391 [−0.0136, −0.0058]")
                            .prepend("held-out reward, mean of 16")),
                    "a note"),
                new PageTable(
                    "What differs",
                    List.of("change", "share of the difference", "sub-term", "grpo", "dapo"),
                    List.of(
                        List.of("1", "100%", "how tokens are added up", TERM, TERM + " + " + TERM)),
                    "a note")),
            Option.some(microscope(names, 40, 20)));
    return Files.writeString(folder.resolve("report.html"), page.html());
  }
}
