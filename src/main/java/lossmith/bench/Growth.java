package lossmith.bench;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.IntToDoubleFunction;
import lossmith.dsl.Loss;

/** How time grows: the slope of its logarithm by that of a size. */
final class Growth {
  private static final int SMALL = 256;
  private static final int ROWS = 512;
  private static final int VOCABULARY = 16_384;

  private Growth() {}

  /** With rows and with the vocabulary, each at three sizes. */
  static Seq<Figure> of(Loss loss, int runs) {
    return List.of(
        exponent(
            "growth with rows",
            List.of(SMALL, 2 * SMALL, 4 * SMALL),
            rows -> new LogitsFigures(loss, rows, VOCABULARY, runs).milliseconds()),
        exponent(
            "growth with the vocabulary",
            List.of(VOCABULARY / 2, VOCABULARY, 2 * VOCABULARY),
            entries -> new LogitsFigures(loss, ROWS, entries, runs).milliseconds()));
  }

  private static Figure exponent(String name, Seq<Integer> sizes, IntToDoubleFunction time) {
    Seq<Double> times = sizes.map(time::applyAsDouble);
    double rise = Math.log(times.last() / times.head());
    double run = Math.log((double) sizes.last() / sizes.head());
    String how =
        sizes
            .zip(times)
            .map(p -> p._1 + ": " + Math.round(p._2 * 10) / 10.0 + " ms")
            .mkString(", ");
    return Figure.plain(name, rise / run, "exponent", how).atLeast(0.95).atMost(1.05);
  }
}
