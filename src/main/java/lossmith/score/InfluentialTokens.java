package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Comparator;
import java.util.PriorityQueue;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;

/**
 * The tokens on which each objective pulls hardest: those with the largest |dL/dlog π|, the first
 * in the file where several are equal. An objective whose gradient is not one of log π alone has
 * none.
 */
public final class InfluentialTokens implements TokenSink {
  private static final Comparator<Token> ORDER =
      Comparator.<Token>comparingDouble(token -> -Math.abs(token.weight()))
          .thenComparing(Token::row)
          .thenComparing(Token::entry);

  private final Rollouts rollouts;
  private final int most;
  private Map<String, PriorityQueue<Token>> found = LinkedHashMap.empty();

  /**
   * A token and what an objective makes of it.
   *
   * @param row the row in the file, from 0
   * @param entry its place in the lists of the row, from 0
   * @param entries how many entries these have
   * @param weight dL/dlog π; where it is negative, descent raises log π
   * @param ratio the importance ratio, NaN where the objective has none
   * @param advantage the advantage, NaN where the objective has none
   */
  public record Token(
      long row, int entry, int entries, double weight, double ratio, double advantage) {}

  /**
   * A search that has seen nothing.
   *
   * @param rollouts what the tokens are of
   * @param most how many tokens of each objective are found
   */
  public InfluentialTokens(Rollouts rollouts, int most) {
    this.rollouts = rollouts;
    this.most = most;
  }

  @Override
  public void take(int index, Samples piece, String objective, TokenScores tokens) {
    PriorityQueue<Token> kept =
        found.get(objective).getOrElse(() -> new PriorityQueue<>(ORDER.reversed()));
    found = found.put(objective, kept);
    int[] slots = rollouts.slots(index);
    int[] entries = rollouts.entries(index);
    long[] ids = piece.sequenceIds();
    for (double[] weight : tokens.weight()) {
      for (int t = 0; t < weight.length; t++) {
        if (weight[t] == 0
            || (kept.size() == most && Math.abs(weight[t]) < Math.abs(kept.element().weight()))) {
          continue;
        }
        int response = piece.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE);
        int at = t;
        kept.add(
            new Token(
                ids[response],
                slots[t],
                entries[response],
                weight[t],
                tokens.ratio().map(x -> x[at]).getOrElse(Double.NaN),
                tokens.advantage().map(x -> x[at]).getOrElse(Double.NaN)));
        if (kept.size() > most) {
          Token unused = kept.remove();
        }
      }
    }
  }

  /** {@return the tokens of each objective, the hardest pull first} */
  public Map<String, Seq<Token>> found() {
    return found.mapValues(kept -> Vector.ofAll(kept).sorted(ORDER));
  }
}
