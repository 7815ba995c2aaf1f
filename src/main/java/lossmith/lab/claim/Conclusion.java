package lossmith.lab.claim;

import io.vavr.collection.Seq;
import lossmith.score.StudentInterval;
import org.hipparchus.stat.descriptive.StreamingStatistics;

/**
 * What an experiment came to.
 *
 * @param experiment which
 * @param effects of the seeds
 * @param mean of the effects
 * @param low the lower end of its 95 % interval, by Student's t over the seeds; NaN for fewer than
 *     two
 * @param high the upper end
 */
public record Conclusion(
    Experiment experiment, Seq<Double> effects, double mean, double low, double high) {
  /** Fewer seeds decide nothing. */
  static final int FEWEST = 5;

  /** What an experiment says of its claim. */
  public enum Answer {
    /** The whole interval is where the claim says. */
    SEEN("seen"),
    /** The interval reaches beyond that, and beyond the opposite. */
    NOT_SEEN("not seen at this scale"),
    /** The whole interval is where the opposite would be. */
    OPPOSITE("opposite"),
    /** Fewer than five seeds. */
    OPEN("too few seeds");

    private final String words;

    Answer(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** {@return what the runs of some seeds say, one entry a seed} */
  public static Conclusion of(Experiment experiment, Seq<SeedRuns> seeds) {
    Seq<Double> effects =
        seeds
            .filter(runs -> experiment.treatments().forAll(runs.rows()::containsKey))
            .map(experiment.effect()::applyAsDouble);
    StreamingStatistics all = new StreamingStatistics();
    effects.forEach(all::addValue);
    double margin = StudentInterval.margin(all);
    return new Conclusion(
        experiment, effects, all.getMean(), all.getMean() - margin, all.getMean() + margin);
  }

  /** {@return what that says of the claim} */
  public Answer answer() {
    if (effects.size() < FEWEST) {
      return Answer.OPEN;
    }
    if (experiment.seen().holds(low, high)) {
      return Answer.SEEN;
    }
    return experiment.opposite().holds(low, high) ? Answer.OPPOSITE : Answer.NOT_SEEN;
  }
}
