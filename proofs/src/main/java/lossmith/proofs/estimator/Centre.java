package lossmith.proofs.estimator;

import static lossmith.proofs.estimator.PlainResponses.mean;
import static lossmith.proofs.estimator.PlainResponses.quantile;
import static lossmith.proofs.estimator.PlainResponses.sum;

import java.util.Arrays;

/** What is subtracted from the reward of a response. */
enum Centre {
  NOTHING("nothing is subtracted"),
  GROUP_MEAN("the mean of the group is subtracted"),
  BATCH_MEAN("the mean is taken over the batch"),
  OTHERS("the mean of the other responses is subtracted"),
  BY_LENGTH("the mean is weighted by length"),
  MEDIAN("the median of the group is subtracted"),
  QUANTILE("a quantile of the group is subtracted"),
  LARGEST("the largest of the group is subtracted"),
  SMALLEST("the smallest of the group is subtracted"),
  OTHERS_OVER_ALL("the sum of the other responses is divided by n, not n-1"),
  ALL_OVER_OTHERS("the sum of all responses is divided by n-1: the response itself is among them"),
  GROUP_SUM("the sum of the group is subtracted, not its mean"),
  OTHERS_SUM("the sum of the other responses is subtracted, not their mean"),
  MEAN_OF_MEANS("the mean is that of the means of all prompts"),
  OTHERS_OF_BATCH("the mean of all other responses of the batch is subtracted");

  private final String words;

  Centre(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** Whether it compares the responses to one prompt. */
  boolean ofGroup() {
    return switch (this) {
      case NOTHING, BATCH_MEAN, MEAN_OF_MEANS, OTHERS_OF_BATCH -> false;
      default -> true;
    };
  }

  /** What is subtracted from the reward of a response. */
  double of(PlainResponses b, int i, double share) {
    int[] group = b.group(i);
    int[] others = b.others(i);
    return switch (this) {
      case NOTHING -> 0;
      case GROUP_MEAN -> mean(group, b::reward);
      case BATCH_MEAN -> mean(b.responses(), b::reward);
      case OTHERS -> mean(others, b::reward);
      case BY_LENGTH -> {
        double tokens = sum(group, b::length);
        yield tokens == 0 ? b.reward(i) : sum(group, j -> b.length(j) * b.reward(j)) / tokens;
      }
      case MEDIAN -> quantile(group, b::reward, 0.5);
      case QUANTILE -> quantile(group, b::reward, share);
      case LARGEST -> quantile(group, b::reward, 1);
      case SMALLEST -> quantile(group, b::reward, 0);
      case OTHERS_OVER_ALL -> sum(others, b::reward) / group.length;
      case ALL_OVER_OTHERS -> sum(group, b::reward) / Math.max(1, others.length);
      case GROUP_SUM -> sum(group, b::reward);
      case OTHERS_SUM -> sum(others, b::reward);
      case MEAN_OF_MEANS -> {
        int[] first = Arrays.stream(b.responses()).filter(j -> b.group(j)[0] == j).toArray();
        yield mean(first, j -> mean(b.group(j), b::reward));
      }
      case OTHERS_OF_BATCH -> mean(PlainResponses.where(b.responses(), j -> j != i), b::reward);
    };
  }
}
