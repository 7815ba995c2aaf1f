package lossmith.rollouts;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import lossmith.dsl.Level;

/**
 * Where responses that are read together are in the whole batch, and the pieces they are cut into.
 *
 * @param numbers the row of each in the files, from 0
 * @param existing how many tokens of each are the policy's
 * @param starts how many tokens of the policy the batch has before each
 * @param entries how many tokens the files have before each, masked ones too
 * @param sequences how many responses the batch has before each
 * @param groups the number of each one's prompt in the batch
 * @param pieces the responses of each piece, whole prompts of them
 * @param unscored how many responses of the batch have no reward
 * @param responses how many responses the batch has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and nobody changes them
public record Placement(
    int[] numbers,
    int[] existing,
    long[] starts,
    long[] entries,
    int[] sequences,
    int[] groups,
    int[][] pieces,
    int unscored,
    int responses)
    implements Serializable {

  /** {@return how many tokens the pieces have} */
  long tokens() {
    return Arrays.stream(existing).asLongStream().sum();
  }

  /** {@return how many tokens of the policy some of the responses have} */
  int tokens(int[] chosen) {
    return Math.toIntExact(Arrays.stream(chosen).mapToLong(i -> existing[i]).sum());
  }

  /** {@return where the elements of a level of a piece are among those of the batch} */
  long[] places(int piece, Level.Name level) {
    int[] chosen = pieces[piece];
    return switch (level) {
      case VOCABULARY, TOKEN -> {
        long[] places = new long[tokens(chosen)];
        int at = 0;
        for (int i : chosen) {
          for (int t = 0; t < existing[i]; t++) {
            places[at++] = starts[i] + t;
          }
        }
        yield places;
      }
      case SEQUENCE -> Arrays.stream(chosen).mapToLong(i -> sequences[i]).toArray();
      case GROUP -> Arrays.stream(chosen).map(i -> groups[i]).distinct().asLongStream().toArray();
      case BATCH -> new long[] {0};
    };
  }

  /**
   * Responses by prompt, as many prompts as come up to so many tokens; in each piece in the order
   * of the file. A piece has at least one token of the policy, if there is one.
   *
   * @param byGroup the responses of each prompt
   * @param tokens of each response
   * @param most how many tokens a piece has where a prompt has no more by itself
   */
  static int[][] cut(int[][] byGroup, int[] tokens, long most) {
    List<int[]> pieces = new java.util.ArrayList<>();
    List<Integer> open = new java.util.ArrayList<>();
    long openTokens = 0;
    for (int[] group : byGroup) {
      long own = Arrays.stream(group).mapToLong(i -> tokens[i]).sum();
      if (openTokens > 0 && openTokens + own > most && own > 0) {
        pieces.add(sorted(open));
        open.clear();
        openTokens = 0;
      }
      Arrays.stream(group).forEach(open::add);
      openTokens += own;
    }
    if (!open.isEmpty()) {
      pieces.add(sorted(open));
    }
    return pieces.toArray(int[][]::new);
  }

  private static int[] sorted(List<Integer> responses) {
    return responses.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
