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
final class SizeSweeps {
  private static final String TIME = "ms";

  /** Memory is flat where it changes by this part of the budget at most. */
  private static final double FLAT = 0.1;

  /** Fewer entries than asked for, so that many rows take seconds, not minutes. */
  private static final int FEWER = 8;

  private final Loss loss;
  private final BenchSize work;

  SizeSweeps(Loss loss, BenchSize work) {
    this.loss = loss;
    this.work = work;
  }

  /** A sweep and what is read off it. */
  record Outcome(SizeSweep sweep, Figure figure) {}

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

  private static Outcome linear(SizeSweep sweep) {
    return new Outcome(sweep, sweep.growth().atLeast(0.95).atMost(1.05));
  }

  private static Seq<Integer> from(int size) {
    return List.of(1, 2, 4, 8).map(times -> times * size);
  }

  private SizeSweep logitsByRows() {
    BenchSize half = work.ofVocabulary(work.vocabulary() / 2);
    return SizeSweep.of(
        "logits time",
        "rows",
        TIME,
        from(work.rows()),
        n -> new LogitsFigures(loss, half.ofRows(n)).milliseconds());
  }

  private SizeSweep logitsByVocabulary() {
    BenchSize half = work.ofRows(work.rows() / 2);
    return SizeSweep.of(
        "logits time",
        "vocabulary",
        TIME,
        from(work.vocabulary()),
        n -> new LogitsFigures(loss, half.ofVocabulary(n)).milliseconds());
  }

  private SizeSweep hiddenByRows() {
    return SizeSweep.of(
        "hidden time",
        "rows",
        TIME,
        from(work.rows()),
        n -> new HiddenFigures(loss, fewer().ofRows(n)).milliseconds(HiddenFigures.BUDGET));
  }

  private Outcome hiddenByWidth() {
    SizeSweep sweep =
        SizeSweep.of(
            "hidden time",
            "width",
            TIME,
            from(work.width()),
            n -> new HiddenFigures(loss, fewer().ofWidth(n)).milliseconds(HiddenFigures.BUDGET));
    return new Outcome(sweep, sweep.growth());
  }

  private Outcome memoryByRows() {
    SizeSweep sweep =
        SizeSweep.of(
            "hidden memory",
            "rows",
            "MiB",
            List.of(1, 4, 16, 64).map(times -> times * work.rows()),
            n -> new HiddenFigures(loss, fewer().ofRows(n)).mebibytes(HiddenFigures.BUDGET));
    return new Outcome(sweep, sweep.spread().atMost(FLAT * HiddenFigures.BUDGET));
  }

  private BenchSize fewer() {
    return work.ofVocabulary(work.vocabulary() / FEWER);
  }
}
