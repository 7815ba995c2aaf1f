package lossmith.score;

import io.vavr.control.Option;
import java.util.Objects;
import java.util.function.Function;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.pieces.Pieces;
import org.jspecify.annotations.Nullable;

/** Collects the numbers per token of one objective from all pieces, in the order of the batch. */
final class CollectedTokens implements TokenSink {
  private final Pieces pieces;
  private @Nullable TokenScores whole;

  CollectedTokens(Pieces pieces) {
    this.pieces = pieces;
  }

  /** {@return the numbers of all tokens} */
  TokenScores whole() {
    return Objects.requireNonNull(whole);
  }

  @Override
  public void take(int index, Samples piece, String objective, TokenScores own) {
    TokenScores before = whole;
    long[] places = pieces.places(index, Level.Name.TOKEN);
    whole =
        new TokenScores(
            put(before, TokenScores::ratio, own, places),
            put(before, TokenScores::advantage, own, places),
            put(before, TokenScores::weight, own, places),
            put(before, TokenScores::below, own, places),
            put(before, TokenScores::above, own, places),
            put(before, TokenScores::entropy, own, places),
            put(before, TokenScores::natural, own, places),
            put(before, TokenScores::onLogits, own, places),
            own.notes());
  }

  private Option<double[]> put(
      @Nullable TokenScores before,
      Function<TokenScores, Option<double[]>> column,
      TokenScores own,
      long[] places) {
    return column
        .apply(own)
        .map(
            numbers -> {
              double[] all =
                  before == null
                      ? new double[Math.toIntExact(pieces.size(Level.Name.TOKEN))]
                      : column.apply(before).get();
              for (int i = 0; i < places.length; i++) {
                all[(int) places[i]] = numbers[i];
              }
              return all;
            });
  }
}
