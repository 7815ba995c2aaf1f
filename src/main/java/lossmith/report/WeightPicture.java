package lossmith.report;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import java.util.function.DoublePredicate;
import lossmith.score.ClipBounds;
import lossmith.score.SampledTokens;

/**
 * The picture of an objective on rollouts: how hard it pulls on the log-prob of each token, against
 * the token's importance ratio, by the sign of its advantage; beyond a clip's bounds it is shaded.
 */
public final class WeightPicture {
  private static final int PLACES = 4;

  /**
   * Ratios are drawn up to this one: a few tokens that are far out would push all others together.
   */
  private static final int FARTHEST = 8;

  private WeightPicture() {}

  /**
   * {@return the chart of an objective}
   *
   * @param name of the objective
   * @param sample some of its tokens, at least one
   * @param clip where its ratio is clipped, if it is
   */
  public static Chart of(String name, SampledTokens.Sample sample, Option<ClipBounds> clip) {
    List<Chart.Series> series =
        List.of(
            series("A > 0", Chart.Kind.PLUS, sample, a -> a > 0),
            series("A < 0", Chart.Kind.MINUS, sample, a -> a < 0),
            series("A = 0", Chart.Kind.PLAIN, sample, a -> a == 0),
            series("tokens", Chart.Kind.PLAIN, sample, Double::isNaN));
    return new Chart(
        title(name, sample),
        new Chart.Axis(
            "importance ratio π / π_old, log scale"
                + (sample.tokens().exists(token -> edge(token.ratio()) != token.ratio())
                    ? "; beyond 1/" + FARTHEST + " and " + FARTHEST + " at the edge"
                    : ""),
            true),
        Chart.Axis.of("dL/dlog π (loss per nat)"),
        clip.toList().flatMap(WeightPicture::beyond),
        series
            .filter(one -> one.points().nonEmpty())
            .appendAll(
                clip.map(
                    bounds ->
                        new Chart.Series(
                            "beyond the clip " + told(bounds),
                            Chart.Kind.SHADE,
                            false,
                            List.empty()))));
  }

  private static String title(String name, SampledTokens.Sample sample) {
    int drawn = sample.tokens().size();
    return drawn == sample.all()
        ? String.format(Locale.ROOT, "%s: %,d tokens", name, drawn)
        : String.format(
            Locale.ROOT, "%s: %,d of %,d tokens, drawn at random", name, drawn, sample.all());
  }

  private static String told(ClipBounds bounds) {
    return List.of(bounds.low(), bounds.high())
        .map(
            bound ->
                String.format(Locale.ROOT, "%." + PLACES + "f", bound)
                    .replaceAll("0+$", "")
                    .replaceAll("\\.$", ""))
        .mkString("[", ", ", "]");
  }

  private static double edge(double ratio) {
    return Math.max(1.0 / FARTHEST, Math.min(FARTHEST, ratio));
  }

  private static Seq<Chart.Stretch> beyond(ClipBounds bounds) {
    return List.of(
        new Chart.Stretch(0, bounds.low()),
        new Chart.Stretch(bounds.high(), Double.POSITIVE_INFINITY));
  }

  private static Chart.Series series(
      String name, Chart.Kind kind, SampledTokens.Sample sample, DoublePredicate advantage) {
    return new Chart.Series(
        name,
        kind,
        false,
        sample
            .tokens()
            .filter(token -> advantage.test(token.advantage()))
            .map(token -> new Chart.Dot(edge(token.ratio()), token.weight())));
  }
}
