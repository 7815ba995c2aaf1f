package lossmith.bench;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lossmith.dsl.Loss;
import lossmith.dsl.schedule.Schedule;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Takes all figures of one run of the command {@code bench}.
 *
 * @param work the sizes and the device
 * @param rivals the other programs that do the same work
 * @param conventions the conventions under which recipes give their losses
 */
public record Bench(BenchSize work, Seq<Rival> rivals, Conventions conventions) {
  /** Recipes are compared with each other on this part of the rows and of the vocabulary. */
  private static final int PART = 2;

  /**
   * {@return the figures, each measured when it is taken; first of all every rival is tried}
   *
   * @param grpo the recipe that the others are compared with
   * @param recipes those others
   * @param report receives each sweep
   */
  public Stream<Figure> figures(Recipe grpo, Seq<Recipe> recipes, Consumer<SizeSweep> report) {
    rivals.forEach(rival -> rival.check(work));
    Loss loss = Workload.surrogate();
    LogitsFigures logits = new LogitsFigures(loss, work);
    HiddenFigures hidden = new HiddenFigures(loss, work);
    return List.<Supplier<Stream<Figure>>>of(
            () -> new Starts(loss, work).all().toStream(),
            () -> logits.all(rivals.filter(rival -> !rival.hidden())).toStream(),
            () -> hidden.all(rivals.filter(Rival::hidden)).toStream(),
            () -> sweeps(loss, report),
            () -> ratios(grpo, recipes))
        .toStream()
        .flatMap(Supplier::get);
  }

  /**
   * {@return how far narrow types are from float64, for each of the recipes, each measured when it
   * is taken}
   *
   * @param recipes the recipes
   */
  public Stream<Figure> errors(Seq<Recipe> recipes) {
    return recipes
        .toStream()
        .flatMap(recipe -> new Errors(recipe.name(), recipe.loss(conventions), work).all());
  }

  private Stream<Figure> sweeps(Loss loss, Consumer<SizeSweep> report) {
    return new SizeSweeps(loss, work)
        .all()
        .map(
            outcome -> {
              report.accept(outcome.sweep());
              return outcome.figure();
            });
  }

  private Stream<Figure> ratios(Recipe grpo, Seq<Recipe> recipes) {
    Loss base = grpo.loss(conventions);
    return recipes
        .toStream()
        .map(recipe -> Tuple.of(recipe.name(), recipe.loss(conventions)))
        .flatMap(one -> List.of(onLogits(one._1, one._2, base), onHidden(one._1, one._2, base)));
  }

  private Figure onLogits(String name, Loss loss, Loss base) {
    LogitsFigures own = new LogitsFigures(loss, part());
    return ratio("logits, " + name, loss, own.over(own.of(base)));
  }

  private Figure onHidden(String name, Loss loss, Loss base) {
    HiddenFigures own = new HiddenFigures(loss, part());
    return ratio("hidden, " + name, loss, own.over(own.of(base)));
  }

  private BenchSize part() {
    return work.ofRows(work.rows() / PART).ofVocabulary(work.vocabulary() / PART);
  }

  private Figure ratio(String name, Loss loss, double ratio) {
    boolean local = Schedule.of(loss).sweeps() <= 1;
    String how =
        (local ? "one sweep, " : "two sweeps or more, ")
            + part().rows()
            + "x"
            + part().vocabulary()
            + ", runs of both in turn";
    return Figure.plain(name + " over grpo", ratio, "x", how).atMost(local ? 1.15 : 1.6);
  }
}
