package lossmith.proofs.presumed;

import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/** What a number is compared with: the others of its prompt, and how far they are from it. */
final class Companions {
  /** Numbers that are nearer to each other than this part of them are told apart by few digits. */
  private static final double NEAR = 1e-9;

  private Companions() {}

  /** The elements of prompts with one response: of those conventions differ. */
  static boolean[] alone(Samples samples, Level.Name level) {
    boolean[] found = new boolean[samples.size(level)];
    int[] size = new int[samples.size(Level.Name.GROUP)];
    for (int g : samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)) {
      size[g]++;
    }
    for (int i = 0; i < found.length; i++) {
      found[i] =
          switch (level) {
            case TOKEN, SEQUENCE -> size[samples.parent(level, i, Level.Name.GROUP)] < 2;
            default -> false;
          };
    }
    return found;
  }

  /** Whether two of some numbers are different and equal once so much is added to both. */
  static boolean almostTied(double[] x, double shift) {
    double[] sorted = Arrays.stream(x).sorted().toArray();
    for (int i = 1; i < sorted.length; i++) {
      double apart = sorted[i] - sorted[i - 1];
      if (apart > 0 && apart < NEAR * (Math.abs(sorted[i]) + shift)) {
        return true;
      }
    }
    return false;
  }
}
