package lossmith.proofs;

import io.vavr.collection.List;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.stream.IntStream;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Surface;

/**
 * Whether a rank is taken of numbers that are equal, or equal but for rounding, so that their
 * places or their last bits decide.
 */
final class Ties {
  private static final double NEAR = 1e-12;

  private Ties() {}

  static boolean decide(Subject subject, Trial trial) {
    Known known = subject.on(trial);
    Deque<Node> open = new ArrayDeque<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List.of(subject.bound(Surface.LOGITS).value()).forEach(open::push);
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      if (node instanceof Node.Rank rank) {
        double[] values = known.of(rank.of());
        if (close(values, NEAR * known.scale(rank.of()))) {
          return true;
        }
      }
      node.children().forEach(open::push);
    }
    return false;
  }

  private static boolean close(double[] values, double near) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    return IntStream.range(1, sorted.length).anyMatch(i -> sorted[i] - sorted[i - 1] <= near);
  }
}
