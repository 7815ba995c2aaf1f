package lossmith.score;

import lossmith.dsl.data.Samples;
import lossmith.pieces.PieceView;

/**
 * A piece of rollouts with every statistic of the policy from one source ({@link OnePolicy}).
 *
 * @param temperature T that is asked for
 * @param recordedAt T of the columns
 */
record OnePolicyView(double temperature, double recordedAt) implements PieceView {
  @Override
  public Samples of(Samples piece) {
    return OnePolicy.of(piece, temperature, recordedAt);
  }
}
