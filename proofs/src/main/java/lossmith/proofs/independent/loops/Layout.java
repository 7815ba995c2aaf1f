package lossmith.proofs.independent.loops;

import java.util.Arrays;
import java.util.stream.IntStream;
import lossmith.dsl.Level;

/**
 * Which token belongs to which response and which response to which prompt.
 *
 * @param lengths the tokens of each response, 0 included
 * @param prompts the prompt of each response
 * @param positions the position of each token in its response
 * @param ids a number of each response that a cut does not change
 * @param sampled the sampled entry of each token
 * @param vocabulary how many entries there are
 */
@SuppressWarnings("ArrayRecordComponent") // arrays are what the loops run over; nobody writes them
public record Layout(
    int[] lengths, int[] prompts, int[] positions, long[] ids, int[] sampled, int vocabulary) {

  int tokens() {
    return sampled.length;
  }

  int size(Level.Name level) {
    return switch (level) {
      case VOCABULARY -> tokens() * vocabulary;
      case TOKEN -> tokens();
      case SEQUENCE -> lengths.length;
      case GROUP -> Arrays.stream(prompts).max().orElse(-1) + 1;
      case BATCH -> 1;
    };
  }

  /** The response of a token. */
  int response(int token) {
    int response = 0;
    int behind = lengths[0];
    while (token >= behind) {
      response++;
      behind += lengths[response];
    }
    return response;
  }

  /** For every element of a level, its element of a coarser one, or of the same. */
  int[] owners(Level.Name from, Level.Name to) {
    int[] owners = new int[size(from)];
    Arrays.setAll(owners, i -> owner(from, i, to));
    return owners;
  }

  private int owner(Level.Name from, int index, Level.Name to) {
    if (from == to) {
      return index;
    }
    return switch (from) {
      case VOCABULARY -> owner(Level.Name.TOKEN, index / vocabulary, to);
      case TOKEN -> owner(Level.Name.SEQUENCE, response(index), to);
      case SEQUENCE -> owner(Level.Name.GROUP, prompts[index], to);
      case GROUP, BATCH -> 0;
    };
  }

  /** The elements of a level inside each element of a coarser one, in their order. */
  int[][] members(Level.Name from, Level.Name to) {
    int[] owners = owners(from, to);
    return IntStream.range(0, size(to))
        .mapToObj(i -> IntStream.range(0, owners.length).filter(m -> owners[m] == i).toArray())
        .toArray(int[][]::new);
  }
}
