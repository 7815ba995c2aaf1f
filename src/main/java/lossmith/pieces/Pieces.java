package lossmith.pieces;

import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/** A batch in pieces of whole prompts, each of which fits into memory. */
public interface Pieces {
  /** {@return how many pieces there are, at least one} */
  int count();

  /** {@return a piece: every response with its id in the whole batch} */
  Samples piece(int index);

  /** {@return how many elements a level has in the whole batch} */
  long size(Level.Name level);

  /**
   * {@return where the elements of a piece are among those of the whole batch, which is in the
   * order of its responses, whatever prompts they belong to}
   *
   * @param index the piece
   * @param level the level, from token to group
   */
  long[] places(int index, Level.Name level);

  /** {@return samples as their own only piece} */
  static Pieces of(Samples samples) {
    return new Pieces() {
      @Override
      public int count() {
        return 1;
      }

      @Override
      public Samples piece(int index) {
        return samples;
      }

      @Override
      public long size(Level.Name level) {
        return samples.size(level);
      }

      @Override
      public long[] places(int index, Level.Name level) {
        return IntStream.range(0, samples.size(level)).asLongStream().toArray();
      }
    };
  }
}
