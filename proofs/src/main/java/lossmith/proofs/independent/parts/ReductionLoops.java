package lossmith.proofs.independent.parts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From a number of each token that counts to numbers whose sum is the objective. */
final class ReductionLoops {
  private ReductionLoops() {}

  /** Summands, of all tokens or of those that a selection keeps. */
  interface Reduced {
    double[] of(Scene s, double[] x, double @Nullable [] kept);
  }

  static Map<String, Reduced> all() {
    return LinkedHashMap.<String, Reduced>of("token-mean", ReductionLoops::tokenMean)
        .put("group-mean", ReductionLoops::groupMean)
        .put("sequence-mean-token-mean", (s, x, kept) -> responseMean(s, x, kept, true))
        .put("sequence-mean-token-sum", (s, x, kept) -> responseMean(s, x, kept, false))
        .put("constant-length", ReductionLoops::constantLength)
        .put("prompt-mean", ReductionLoops::promptMean)
        .put("token-sum", ReductionLoops::tokenSum);
  }

  private static int[] counted(int[] tokens, double @Nullable [] kept) {
    return Arrays.stream(tokens).filter(t -> kept == null || kept[t] != 0).toArray();
  }

  private static double[] tokenSum(Scene s, double[] x, double @Nullable [] kept) {
    return Arrays.stream(counted(s.allTokens(), kept)).mapToDouble(t -> x[t]).toArray();
  }

  private static double[] over(double[] summands, double n) {
    return Arrays.stream(summands).map(x -> x / n).toArray();
  }

  private static double[] tokenMean(Scene s, double[] x, double @Nullable [] kept) {
    double[] all = tokenSum(s, x, kept);
    return over(all, all.length);
  }

  private static double[] constantLength(Scene s, double[] x, double @Nullable [] kept) {
    double most = s.set("constant-length", "max_length", 4096);
    return over(tokenSum(s, x, kept), most * s.live().responses());
  }

  /** The responses of which something counts; without a selection all, the empty ones too. */
  private static int[] responses(Scene s, int[] of, double @Nullable [] kept) {
    return Arrays.stream(of)
        .filter(i -> kept == null || counted(s.live().tokensOf(i), kept).length > 0)
        .toArray();
  }

  private static double[] responseMean(
      Scene s, double[] x, double @Nullable [] kept, boolean tokenMean) {
    int[] responses = responses(s, s.allResponses(), kept);
    return Arrays.stream(responses)
        .mapToDouble(
            i -> {
              int[] tokens = counted(s.live().tokensOf(i), kept);
              double one = tokenMean ? Scene.mean(tokens, t -> x[t]) : Scene.sum(tokens, t -> x[t]);
              return one / responses.length;
            })
        .toArray();
  }

  /** The tokens of a prompt that count. */
  private static int[] ofPrompt(Scene s, int prompt, double @Nullable [] kept) {
    return Arrays.stream(s.live().responsesTo(prompt))
        .flatMap(i -> Arrays.stream(counted(s.live().tokensOf(i), kept)))
        .toArray();
  }

  private static int[] prompts(Scene s, double @Nullable [] kept) {
    return IntStream.range(0, s.live().prompts())
        .filter(g -> kept == null || ofPrompt(s, g, kept).length > 0)
        .toArray();
  }

  private static double[] groupMean(Scene s, double[] x, double @Nullable [] kept) {
    int[] prompts = prompts(s, kept);
    return Arrays.stream(prompts)
        .mapToDouble(
            g ->
                Scene.mean(
                        responses(s, s.live().responsesTo(g), kept),
                        i -> Scene.mean(counted(s.live().tokensOf(i), kept), t -> x[t]))
                    / prompts.length)
        .toArray();
  }

  private static double[] promptMean(Scene s, double[] x, double @Nullable [] kept) {
    int[] prompts = prompts(s, kept);
    return Arrays.stream(prompts)
        .mapToDouble(g -> Scene.mean(ofPrompt(s, g, kept), t -> x[t]) / prompts.length)
        .toArray();
  }
}
