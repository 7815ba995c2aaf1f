package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Stream;
import java.util.function.Supplier;
import lossmith.dsl.Loss;

/**
 * How time and memory grow: each size is swept to eight times what is asked for, and memory over
 * hidden states to 64 times the rows. Below that the milliseconds that every step costs, however
 * small, would be read as growth less than linear.
 */
final class Sweeps {
  private static final String TIME = "ms";

  /** Memory is flat where it changes by this part of the budget at most. */
  private static final double FLAT = 0.1;

  /** Fewer entries than asked for, so that many rows take seconds, not minutes. */
  private static final int FEWER = 8;

  private final Loss loss;
  private final Work work;

  Sweeps(Loss loss, Work work) {
    this.loss = loss;
    this.work = work;
  }

  /** A sweep and what is read off it. */
  record Outcome(Sweep sweep, Figure figure) {}

  /** Each is measured when it is taken. */
  Stream<Outcome> all() {
    return List.<Supplier<Outcome>>of(
            () -> linear(logitsByRows()),
            () -> linear(logitsByVocabulary()),
            () -> linear(hiddenByRows()),
            this::hiddenByWidth,
            this::memoryByRows)
        .toStream()
        .map(Supplier::get);
  }

  private static Outcome linear(Sweep sweep) {
    return new Outcome(sweep, sweep.growth().atLeast(0.95).atMost(1.05));
  }

  private static Seq<Integer> from(int size) {
    return List.of(1, 2, 4, 8).map(times -> times * size);
  }

  private Sweep logitsByRows() {
    Work half = work.ofVocabulary(work.vocabulary() / 2);
    return Sweep.of(
        "logits time",
        "rows",
        TIME,
        from(work.rows()),
        n -> new LogitsFigures(loss, half.ofRows(n)).milliseconds());
  }

  private Sweep logitsByVocabulary() {
    Work half = work.ofRows(work.rows() / 2);
    return Sweep.of(
        "logits time",
        "vocabulary",
        TIME,
        from(work.vocabulary()),
        n -> new LogitsFigures(loss, half.ofVocabulary(n)).milliseconds());
  }

  private Sweep hiddenByRows() {
    return Sweep.of(
        "hidden time",
        "rows",
        TIME,
        from(work.rows()),
        n -> new HiddenFigures(loss, fewer().ofRows(n)).milliseconds(HiddenFigures.BUDGET));
  }

  private Outcome hiddenByWidth() {
    Sweep sweep =
        Sweep.of(
            "hidden time",
            "width",
            TIME,
            from(work.width()),
            n -> new HiddenFigures(loss, fewer().ofWidth(n)).milliseconds(HiddenFigures.BUDGET));
    return new Outcome(sweep, sweep.growth());
  }

  private Outcome memoryByRows() {
    Sweep sweep =
        Sweep.of(
            "hidden memory",
            "rows",
            "MiB",
            List.of(1, 4, 16, 64).map(times -> times * work.rows()),
            n -> new HiddenFigures(loss, fewer().ofRows(n)).mebibytes(HiddenFigures.BUDGET));
    return new Outcome(sweep, sweep.spread().atMost(FLAT * HiddenFigures.BUDGET));
  }

  private Work fewer() {
    return work.ofVocabulary(work.vocabulary() / FEWER);
  }
}
