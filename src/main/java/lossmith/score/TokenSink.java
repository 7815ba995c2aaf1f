package lossmith.score;

import lossmith.dsl.data.Samples;

/** Takes the numbers per token of each objective, piece by piece. */
@FunctionalInterface
public interface TokenSink {
  /** Takes none, so that none is computed. */
  TokenSink NONE = (index, piece, objective, tokens) -> {};

  /**
   * Takes the numbers of one objective on the tokens of one piece.
   *
   * @param index the piece
   * @param piece its samples
   * @param objective what the objective is called
   * @param tokens a number for each token of the piece in each column
   */
  void take(int index, Samples piece, String objective, TokenScores tokens);

  /** {@return one that gives to this one and to another} */
  default TokenSink and(TokenSink other) {
    if (this == NONE || other == NONE) {
      return this == NONE ? other : this;
    }
    return (index, piece, objective, tokens) -> {
      take(index, piece, objective, tokens);
      other.take(index, piece, objective, tokens);
    };
  }
}
