package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Comparator;
import java.util.PriorityQueue;
import lossmith.dsl.Level;
import lossmith.dsl.data.KeyedHash;
import lossmith.dsl.data.Samples;

/**
 * Some tokens of each objective, drawn at random, of which a picture is made: so many are kept
 * however many there are. A token is drawn by a hash of its row and of its place in it, so that
 * every run, whatever its pieces, draws the same.
 *
 * <p>An objective whose gradient is not one of log π alone, or that has no importance ratio, has
 * none. Tokens whose ratio or weight is not a number that can be drawn are counted and left out.
 */
public final class SampledTokens implements TokenSink {
  private static final long SEED = 0;

  private final int most;
  private Map<String, Kept> found = LinkedHashMap.empty();

  /**
   * A token.
   *
   * @param ratio the importance ratio, above 0
   * @param weight dL/dlog π
   * @param advantage the advantage, NaN where the objective has none
   */
  public record Token(double ratio, double weight, double advantage) {}

  /**
   * The tokens that were drawn of an objective.
   *
   * @param tokens those
   * @param all how many there were
   * @param undrawn how many of them have numbers that cannot be drawn
   */
  public record Sample(Seq<Token> tokens, long all, long undrawn) {}

  private record Drawn(double lot, Token token) {}

  private static final class Kept {
    private final PriorityQueue<Drawn> tokens =
        new PriorityQueue<>(Comparator.comparingDouble(Drawn::lot).reversed());
    private long all;
    private long undrawn;
  }

  /**
   * A sample that has seen nothing.
   *
   * @param most how many tokens of each objective are kept
   */
  public SampledTokens(int most) {
    this.most = most;
  }

  @Override
  public void take(int index, Samples piece, String objective, TokenScores tokens) {
    for (double[] weight : tokens.weight()) {
      for (double[] ratio : tokens.ratio()) {
        take(piece, kept(objective), weight, ratio, tokens.advantage().getOrElse(new double[0]));
      }
    }
  }

  private Kept kept(String objective) {
    Kept kept = found.get(objective).getOrElse(Kept::new);
    found = found.put(objective, kept);
    return kept;
  }

  private void take(Samples piece, Kept kept, double[] weight, double[] ratio, double[] advantage) {
    long[] ids = piece.sequenceIds();
    int last = -1;
    int position = 0;
    for (int t = 0; t < weight.length; t++) {
      int response = piece.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE);
      position = response == last ? position + 1 : 0;
      last = response;
      kept.all++;
      if (!Double.isFinite(weight[t]) || !Double.isFinite(ratio[t]) || !(ratio[t] > 0)) {
        kept.undrawn++;
        continue;
      }
      double lot = KeyedHash.uniform(SEED, 0, ids[response], position);
      if (kept.tokens.size() == most && lot >= kept.tokens.element().lot()) {
        continue;
      }
      double a = advantage.length == 0 ? Double.NaN : advantage[t];
      kept.tokens.add(new Drawn(lot, new Token(ratio[t], weight[t], a)));
      if (kept.tokens.size() > most) {
        Drawn unused = kept.tokens.remove();
      }
    }
  }

  /** {@return what was drawn of each objective that has tokens to draw} */
  public Map<String, Sample> found() {
    return found
        .filterValues(kept -> !kept.tokens.isEmpty())
        .mapValues(
            kept ->
                new Sample(
                    Vector.ofAll(kept.tokens)
                        .sorted(Comparator.comparingDouble(Drawn::lot))
                        .map(Drawn::token),
                    kept.all,
                    kept.undrawn));
  }
}
