package lossmith.bench;

import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * All figures of one run.
 *
 * @param rows how many tokens
 * @param vocabulary how many entries
 * @param width how many hidden units
 * @param runs how many runs a median is of
 * @param peers what else is run
 */
public record Bench(int rows, int vocabulary, int width, int runs, Seq<Peer> peers) {
  /** Rows and vocabulary at which recipes are compared with each other. */
  private static final int RECIPE_ROWS = 256;

  private static final int RECIPE_VOCABULARY = 16_384;

  /**
   * {@return the figures, each measured when it is taken}
   *
   * @param grpo the loss at which most is measured
   * @param recipes those that are compared with it
   */
  public Stream<Figure> figures(Recipe grpo, Seq<Recipe> recipes) {
    Loss loss = grpo.loss(Conventions.paper());
    return Stream.<Seq<Figure>>empty()
        .appendAll(Stream.of(0).map(i -> new LogitsFigures(loss, rows, vocabulary, runs).start()))
        .appendAll(
            Stream.of(0).map(i -> new LogitsFigures(loss, rows, vocabulary, runs).all(peers)))
        .appendAll(
            Stream.of(0).map(i -> new HiddenFigures(loss, rows, vocabulary, width, runs).all()))
        .appendAll(Stream.of(0).map(i -> Growth.of(loss, runs)))
        .appendAll(Stream.of(0).map(i -> ratios(loss, recipes)))
        .flatMap(figures -> figures);
  }

  private Seq<Figure> ratios(Loss grpo, Seq<Recipe> recipes) {
    double base = time(grpo);
    return recipes.map(
        recipe -> {
          Loss loss = recipe.loss(Conventions.paper());
          boolean local = lossmith.dsl.schedule.Schedule.of(loss).sweeps() <= 1;
          return Figure.plain(
                  recipe.name() + " over grpo",
                  time(loss) / base,
                  "x",
                  (local ? "one sweep" : "two sweeps or more")
                      + ", logits "
                      + RECIPE_ROWS
                      + "x"
                      + RECIPE_VOCABULARY)
              .atMost(local ? 1.15 : 1.6);
        });
  }

  private double time(Loss loss) {
    return new LogitsFigures(loss, RECIPE_ROWS, RECIPE_VOCABULARY, runs).milliseconds();
  }
}
