package lossmith.proofs.estimator;

import static lossmith.proofs.estimator.PlainResponses.mean;
import static lossmith.proofs.estimator.PlainResponses.variance;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import java.util.Arrays;

/**
 * The reward of a response less something, over something: (r − c) / s.
 *
 * @param centre c
 * @param divisor s
 * @param form how the three are put together
 * @param ddof what is subtracted from the number of elements of a std
 * @param guard how a std is kept from 0
 * @param epsilon by which number
 * @param share which quantile is subtracted
 * @param lone what a response has that is alone in its group
 * @param whitened what it is whitened over in the end, with the same conventions
 */
record ResponseEstimate(
    Centre centre,
    Divisor divisor,
    Form form,
    int ddof,
    Guard guard,
    double epsilon,
    double share,
    Lone lone,
    Whitened whitened)
    implements Estimate {
  /** How reward, centre and divisor are put together. */
  enum Form {
    /** (r − c) / s. */
    QUOTIENT(""),
    /** r − c / s. */
    CENTRE_DIVIDED("the mean alone is divided by the std, before it is subtracted"),
    /** (r − c) · s. */
    PRODUCT("it is multiplied by the std, not divided"),
    /** (r + c) / s. */
    SUM("the mean is added, not subtracted"),
    /** (c − r) / s. */
    TURNED("the reward is subtracted from its mean: the sign is turned");

    private final String words;

    Form(String words) {
      this.words = words;
    }
  }

  /** What an advantage is brought to mean 0 and std 1 over. */
  enum Whitened {
    /** Nothing. */
    NOT(""),
    /** All tokens of the batch. */
    TOKENS(", whitened over all tokens"),
    /** All responses of the batch. */
    RESPONSES(", whitened over all responses");

    private final String words;

    Whitened(String words) {
      this.words = words;
    }
  }

  /** What a response has that is alone in its group. */
  enum Lone {
    /** What the formula gives. */
    FORMULA(""),
    /** 0. */
    NOTHING(""),
    /** Its reward. */
    REWARD(", a response that is alone keeps its reward"),
    /** Its reward over what the others are divided by. */
    SCALED(", a response that is alone keeps its reward, scaled as the others"),
    /** Its reward over 1 + ε. */
    DIVIDED(", a response that is alone keeps its reward, over 1 + ε");

    private final String words;

    Lone(String words) {
      this.words = words;
    }
  }

  private static final Map<Centre, String> OF_REWARDS =
      HashMap.of(
          Centre.NOTHING, "the reward itself",
          Centre.GROUP_MEAN, "mean-centred",
          Centre.BATCH_MEAN, "the reward less the mean of the batch",
          Centre.OTHERS, "leave-one-out",
          Centre.BY_LENGTH, "the reward less the length-weighted mean of the group",
          Centre.MEDIAN, "the reward less the median of the group",
          Centre.QUANTILE, "the reward less a quantile of the group",
          Centre.LARGEST, "the reward less the largest of the group");

  private static final Map<Centre, String> OVER_GROUP_STD =
      HashMap.of(
          Centre.GROUP_MEAN, "group-normalised",
          Centre.OTHERS, "leave-one-out over the std of the group",
          Centre.BY_LENGTH, "less the length-weighted mean, over the std of the group",
          Centre.MEDIAN, "less the median, over the std of the group",
          Centre.QUANTILE, "less a quantile, over the std of the group",
          Centre.LARGEST, "less the largest, over the std of the group");

  private static final Map<Centre, String> OVER_BATCH_STD =
      HashMap.of(
          Centre.GROUP_MEAN, "batch-scaled (mean of the group, std of the batch)",
          Centre.BATCH_MEAN, "batch-normalised (mean and std of the batch)",
          Centre.OTHERS, "leave-one-out over the std of the batch");

  private Option<String> name() {
    return switch (divisor) {
      case ONE -> OF_REWARDS.get(centre);
      case GROUP_STD -> OVER_GROUP_STD.get(centre);
      case BATCH_STD -> OVER_BATCH_STD.get(centre);
      case GROUP_MEAN ->
          Option.when(centre == Centre.GROUP_MEAN, "normalised by the pass rate (r - mean)/mean");
      case OTHERS_STD ->
          Option.when(centre == Centre.OTHERS, "leave-one-out over the std of the others");
      case TAUGHT ->
          Option.when(
              centre == Centre.GROUP_MEAN, "mean-centred, scaled up by the share that teaches");
      default -> Option.none();
    };
  }

  private ResponseEstimate as(Centre other, Divisor by, Form put) {
    return new ResponseEstimate(other, by, put, ddof, guard, epsilon, share, lone, whitened);
  }

  ResponseEstimate with(Lone other) {
    return new ResponseEstimate(
        centre, divisor, form, ddof, guard, epsilon, share, other, whitened);
  }

  @Override
  public String words() {
    return name().getOrElse("unnamed")
        + (centre == Centre.QUANTILE ? ", quantile " + share : "")
        + whitened.words
        + (whitened != Whitened.NOT || divisor.isStd()
            ? ", std with ddof " + ddof + guard.words(epsilon)
            : "")
        + lone.words;
  }

  @Override
  public boolean named() {
    return form == Form.QUOTIENT && name().isDefined();
  }

  @Override
  public Option<String> difference() {
    if (form != Form.QUOTIENT) {
      return as(centre, divisor, Form.QUOTIENT)
          .name()
          .map(named -> "as " + named + ", but " + form.words);
    }
    return named() || isOfScale()
        ? Option.none()
        : nearest().map(near -> "as " + near.name().get() + ", but " + apart(near));
  }

  /** Rewards in other units, from which nothing is subtracted. */
  private boolean isOfScale() {
    return centre == Centre.NOTHING && divisor != Divisor.GROUP_STD;
  }

  /** The named one with another centre, or else with another divisor. */
  private Option<ResponseEstimate> nearest() {
    Divisor by =
        switch (divisor) {
          case BATCH_VARIANCE -> Divisor.BATCH_STD;
          case TURNED_FACTOR -> Divisor.ONE;
          case GROUP_VARIANCE, GROUP_SIZE, ERROR_OF_MEAN, OTHERS_STD, STD_OF_MEANS ->
              Divisor.GROUP_STD;
          default -> divisor;
        };
    Centre of =
        switch (centre) {
          case OTHERS_OVER_ALL, OTHERS_SUM, OTHERS_OF_BATCH -> Centre.OTHERS;
          case MEAN_OF_MEANS -> Centre.BATCH_MEAN;
          case SMALLEST, ALL_OVER_OTHERS, GROUP_SUM -> Centre.GROUP_MEAN;
          default -> centre;
        };
    return List.of(as(of, by, form), as(Centre.GROUP_MEAN, by, form))
        .find(near -> near.name().isDefined());
  }

  private String apart(ResponseEstimate near) {
    return List.of(
            centre == near.centre ? "" : centre.words(),
            divisor == near.divisor ? "" : divisor.words())
        .filter(words -> !words.isEmpty())
        .mkString(" and ");
  }

  @Override
  public double[] of(PlainResponses b) {
    double[] each = new double[b.size()];
    for (int i : b.responses()) {
      each[i] = ofResponse(b, i);
    }
    return switch (whitened) {
      case NOT -> b.spread(i -> each[i]);
      case TOKENS -> whitened(b.counted(), b.spread(i -> each[i]));
      case RESPONSES -> {
        double[] white = whitened(b.responses(), each);
        yield b.spread(i -> white[i]);
      }
    };
  }

  private double ofResponse(PlainResponses b, int i) {
    if (centre.ofGroup() && lone != Lone.FORMULA && b.group(i).length == 1) {
      return switch (lone) {
        case REWARD -> b.reward(i);
        case SCALED -> quotient(b.reward(i), divisor.of(b, i, ddof, guard, epsilon));
        case DIVIDED -> b.reward(i) / (1 + epsilon);
        default -> 0;
      };
    }
    double c = centre.of(b, i, share);
    double s = divisor.of(b, i, ddof, guard, epsilon);
    return switch (form) {
      case QUOTIENT -> quotient(b.reward(i) - c, s);
      case CENTRE_DIVIDED -> b.reward(i) - quotient(c, s);
      case PRODUCT -> (b.reward(i) - c) * s;
      case SUM -> quotient(b.reward(i) + c, s);
      case TURNED -> quotient(c - b.reward(i), s);
    };
  }

  private static double quotient(double x, double s) {
    return s == 0 ? 0 : x / s;
  }

  private double[] whitened(int[] over, double[] x) {
    double mean = mean(over, i -> x[i]);
    double std = guard.root(variance(over, i -> x[i], ddof), epsilon);
    return Arrays.stream(x).map(y -> quotient(y - mean, std)).toArray();
  }
}
