package lossmith.score;

import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.pieces.Pieces;

/**
 * Pieces of rollouts, each with every statistic of the policy from one source ({@link OnePolicy}).
 *
 * @param recorded the pieces as they were recorded
 * @param temperature T that is asked for
 * @param recordedAt T of the columns
 */
record OnePolicyPieces(Pieces recorded, double temperature, double recordedAt) implements Pieces {
  @Override
  public int count() {
    return recorded.count();
  }

  @Override
  public Samples piece(int index) {
    return OnePolicy.of(recorded.piece(index), temperature, recordedAt);
  }

  @Override
  public long size(Level.Name level) {
    return recorded.size(level);
  }

  @Override
  public long[] places(int index, Level.Name level) {
    return recorded.places(index, level);
  }
}
