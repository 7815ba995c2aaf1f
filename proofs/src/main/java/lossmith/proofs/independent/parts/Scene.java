package lossmith.proofs.independent.parts;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.proofs.independent.loops.Leaves;
import lossmith.proofs.independent.loops.PlainBatch;

/**
 * The batch that the loops of a part read: once live, once detached.
 *
 * @param live what gradient flows through
 * @param detached the same where gradient is stopped
 */
record Scene(PlainBatch live, PlainBatch detached) {
  /** A parameter of a part: by its own name, or with the part's where two parts have that name. */
  double set(String part, String name, double otherwise) {
    return live.parameters()
        .get(part.replace('-', '_') + "_" + name)
        .getOrElse(() -> live.set(name, otherwise));
  }

  double[] tokens(IntToDoubleFunction f) {
    return live.each(Level.Name.TOKEN, f);
  }

  double[] responses(IntToDoubleFunction f) {
    return live.each(Level.Name.SEQUENCE, f);
  }

  int length(int response) {
    return live.layout().lengths()[response];
  }

  int[] all(int size) {
    return IntStream.range(0, size).toArray();
  }

  int[] allTokens() {
    return all(live.tokens());
  }

  int[] allResponses() {
    return all(live.responses());
  }

  /** The responses to the same prompt as this one. */
  int[] group(int response) {
    return live.responsesTo(live.prompt(response));
  }

  /** The tokens of the same response as this one. */
  int[] siblings(int token) {
    return live.tokensOf(live.response(token));
  }

  /** The tokens of the responses to the same prompt as this one. */
  int[] groupTokens(int token) {
    int prompt = live.prompt(live.response(token));
    return Arrays.stream(allTokens())
        .filter(t -> live.prompt(live.response(t)) == prompt)
        .toArray();
  }

  /** A number of each response at its tokens. */
  double[] spread(double[] ofResponses) {
    return tokens(t -> ofResponses[live.response(t)]);
  }

  double logProb(int token) {
    return live.logProb(token);
  }

  double old(int token) {
    return Leaves.old(live, detached, token);
  }

  double reference(int token) {
    return live.of(Columns.REFERENCE_LOG_PROB, token);
  }

  double ratio(int token) {
    return Math.exp(logProb(token) - old(token));
  }

  double detachedRatio(int token) {
    return Math.exp(detached.logProb(token) - old(token));
  }

  double reward(int response) {
    return live.of(Columns.REWARD, response);
  }

  /** log π_old − log π_rollout. */
  double drift(int token) {
    return old(token) - live.of(Columns.ROLLOUT_LOG_PROB, token);
  }

  static double mean(double[] x) {
    return Arrays.stream(x).average().orElse(0);
  }

  static double mean(int[] of, IntToDoubleFunction x) {
    return Arrays.stream(of).mapToDouble(x).average().orElse(0);
  }

  static double sum(int[] of, IntToDoubleFunction x) {
    return Arrays.stream(of).mapToDouble(x).sum();
  }

  /** The std with n in the denominator; exactly 0 where all are equal. */
  static double std(int[] of, IntToDoubleFunction x) {
    if (of.length == 0
        || Arrays.stream(of).allMatch(i -> x.applyAsDouble(i) == x.applyAsDouble(of[0]))) {
      return 0;
    }
    double mean = mean(of, x);
    return Math.sqrt(mean(of, i -> Math.pow(x.applyAsDouble(i) - mean, 2)));
  }

  double[] yes(IntPredicate kept) {
    return tokens(t -> kept.test(t) ? 1 : 0);
  }

  static double clip(double x, double low, double high) {
    return Math.max(low, Math.min(high, x));
  }
}
