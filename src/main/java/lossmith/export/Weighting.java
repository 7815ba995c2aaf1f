package lossmith.export;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.dsl.reference.Reference;

/**
 * What each token counts in an objective, where every prompt has as many responses, up to a factor.
 */
public enum Weighting {
  /** The same for all: a mean over all tokens. */
  TOKENS {
    @Override
    double of(int tokens, int responses, int length) {
      return 1.0 / tokens;
    }

    @Override
    String words() {
      return "a mean over all tokens";
    }

    @Override
    String python(boolean ofResponses) {
      return ones(ofResponses) + " / tokens";
    }
  },
  /** One over the length of its response: a mean over responses of means over their tokens. */
  RESPONSE_MEANS {
    @Override
    double of(int tokens, int responses, int length) {
      return 1.0 / (length * responses);
    }

    @Override
    String words() {
      return "a mean over responses of means over their tokens";
    }

    @Override
    String python(boolean ofResponses) {
      return ones(ofResponses) + " / (mask.sum(1, keepdim=True).clamp(min=1) * responses)";
    }
  },
  /** The same for all, by the number of responses: a mean over responses. */
  RESPONSES {
    @Override
    double of(int tokens, int responses, int length) {
      return 1.0 / responses;
    }

    @Override
    String words() {
      return "a mean over responses";
    }

    @Override
    String python(boolean ofResponses) {
      return ones(ofResponses) + " / responses";
    }
  };

  /** Batches of two prompts with three responses each. */
  private static final List<int[]> LENGTHS =
      List.of(
          new int[] {1, 3, 2, 4, 2, 5}, new int[] {2, 2, 7, 1, 1, 3}, new int[] {4, 1, 1, 6, 3, 2});

  /** The prompts of these responses. */
  private static final int[] EQUAL = {0, 0, 0, 1, 1, 1};

  private static final int[] UNEQUAL = {0, 0, 1, 1, 1, 1};

  private static final double TOLERANCE = 1e-9;

  /** {@return what mean that is} */
  abstract String words();

  /**
   * {@return the line of Python by which each token counts, of a {@code mask} and the numbers of
   * {@code tokens} and {@code responses} of the whole batch}
   *
   * @param ofResponses whether it is one number for each response
   */
  abstract String python(boolean ofResponses);

  private static String ones(boolean ofResponses) {
    return "each = torch.ones_like(mask" + (ofResponses ? "[:, 0]" : "") + ", dtype=torch.float64)";
  }

  /** The share of a token of a response of some length. */
  abstract double of(int tokens, int responses, int length);

  /**
   * {@return which this is of a weight, and the factor; none where it is none of them, where a
   * parameter or a column is in it}
   *
   * @param weight a number of each token, or response, known before the policy is
   */
  static Option<Tuple2<Weighting, Double>> of(Node weight) {
    boolean depends =
        !Inputs.of(List.of(weight)).parameters().isEmpty()
            || !Inputs.of(List.of(weight)).columns().isEmpty();
    return depends
        ? Option.none()
        : List.of(values())
            .flatMap(kind -> kind.factor(weight).map(factor -> Tuple.of(kind, factor)))
            .headOption();
  }

  /**
   * {@return whether a weight is this one only where every prompt has as many responses, as a mean
   * over prompts of means over their responses}
   *
   * @param weight a number of each token, or response, known before the policy is
   */
  boolean needsEqualPrompts(Node weight) {
    Seq<Double> factors = factors(weight, LENGTHS.head(), UNEQUAL);
    double first = factors.head();
    return factors.exists(f -> Math.abs(f - first) > TOLERANCE * Math.abs(first));
  }

  private Option<Double> factor(Node weight) {
    Seq<Double> factors = LENGTHS.flatMap(lengths -> factors(weight, lengths, EQUAL));
    double first = factors.head();
    return factors.forAll(f -> Math.abs(f - first) <= TOLERANCE * Math.abs(first))
        ? Option.some(Math.rint(first * 1e9) / 1e9)
        : Option.none();
  }

  private Seq<Double> factors(Node weight, int[] lengths, int[] prompts) {
    Samples samples = new SamplesBuilder(lengths, prompts).build();
    double[] weights = new Reference(samples, HashMap.empty()).of(weight);
    int[] responses = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    return List.range(0, weights.length)
        .map(
            i -> {
              int response = weight.level() == Level.Name.TOKEN ? responses[i] : i;
              return weights[i] / of(samples.tokens(), lengths.length, lengths[response]);
            });
  }
}
