package lossmith.proofs.estimator;

import static lossmith.proofs.estimator.PlainResponses.mean;
import static lossmith.proofs.estimator.PlainResponses.variance;

import java.util.Arrays;

/** What the difference of rewards is divided by. */
enum Divisor {
  ONE("is divided by nothing"),
  GROUP_STD("the std is taken over the group"),
  BATCH_STD("the std is taken over the batch"),
  GROUP_MEAN("is divided by the mean of the group"),
  TAUGHT("is scaled by the share of responses whose prompt teaches something"),
  GROUP_VARIANCE("is divided by the variance of the group, not its root"),
  BATCH_VARIANCE("is divided by the variance of the batch, not its root"),
  GROUP_SIZE("is divided by the root of the mean square, of which no mean is subtracted"),
  ERROR_OF_MEAN("is divided by the std over the root of n, the error of the mean"),
  OTHERS_STD("the std is taken over the other responses"),
  STD_OF_MEANS("is divided by the std of the means of all prompts"),
  TURNED_FACTOR("is multiplied by (n-1)/n: to leave one out, it is multiplied by n/(n-1)");

  private final String words;

  Divisor(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** Whether it has a denominator less ddof, and is kept from 0. */
  boolean isStd() {
    return switch (this) {
      case ONE, GROUP_MEAN, TAUGHT, GROUP_SIZE, TURNED_FACTOR -> false;
      default -> true;
    };
  }

  /** The divisor of a response's difference. */
  double of(PlainResponses b, int i, int ddof, Guard guard, double epsilon) {
    int[] group = b.group(i);
    return switch (this) {
      case ONE -> 1;
      case GROUP_STD -> guard.root(variance(group, b::reward, ddof), epsilon);
      case BATCH_STD -> guard.root(variance(b.responses(), b::reward, ddof), epsilon);
      case GROUP_MEAN -> mean(group, b::reward);
      case TAUGHT -> {
        long taught =
            Arrays.stream(b.responses())
                .filter(j -> variance(b.group(j), b::reward, 0) > 0)
                .count();
        yield taught == 0 ? 1 : taught / (double) b.responses().length;
      }
      case GROUP_VARIANCE -> guard.plain(variance(group, b::reward, ddof), epsilon);
      case BATCH_VARIANCE -> guard.plain(variance(b.responses(), b::reward, ddof), epsilon);
      case GROUP_SIZE -> Math.sqrt(mean(group, j -> b.reward(j) * b.reward(j)));
      case TURNED_FACTOR -> group.length / Math.max(1, group.length - 1.0);
      case ERROR_OF_MEAN -> guard.root(variance(group, b::reward, ddof) / group.length, epsilon);
      case OTHERS_STD -> guard.root(variance(b.others(i), b::reward, ddof), epsilon);
      case STD_OF_MEANS -> {
        int[] first = Arrays.stream(b.responses()).filter(j -> b.group(j)[0] == j).toArray();
        yield guard.root(variance(first, j -> mean(b.group(j), b::reward), ddof), epsilon);
      }
    };
  }
}
