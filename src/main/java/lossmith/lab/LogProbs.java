package lossmith.lab;

import lossmith.dsl.reference.LogSoftmax;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Texts;
import lossmith.ops.memory.Matrix;

/** log π of logits in double precision, whatever they were computed in. */
final class LogProbs {
  private LogProbs() {}

  /** log π of all symbols by a policy, a row for each token of some texts. */
  static double[][] of(Network network, NetworkWeights weights, Texts texts, double temperature) {
    try (Network.Forward forward = network.forward(weights, texts)) {
      return rows(forward.logits(), temperature);
    }
  }

  /** The same of logits. */
  static double[][] rows(Matrix logits, double temperature) {
    double[][] rows = new double[(int) logits.rows()][];
    for (int t = 0; t < rows.length; t++) {
      rows[t] = LogSoftmax.of(logits.row(t), temperature);
    }
    return rows;
  }

  /** log π of the symbol that was sampled for each token. */
  static double[] at(double[][] rows, int[] sampled) {
    double[] found = new double[sampled.length];
    for (int t = 0; t < found.length; t++) {
      found[t] = rows[t][sampled[t]];
    }
    return found;
  }

  /** The sum over the tokens of each response. */
  static double[] sums(double[] tokens, int[] lengths) {
    double[] sums = new double[lengths.length];
    int token = 0;
    for (int i = 0; i < sums.length; i++) {
      for (int end = token + lengths[i]; token < end; token++) {
        sums[i] += tokens[token];
      }
    }
    return sums;
  }
}
