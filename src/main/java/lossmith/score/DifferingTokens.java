package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.Comparator;
import java.util.PriorityQueue;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;

/**
 * The tokens whose dL/dlog π differs most between two objectives, and how much of the difference
 * others make, which are the first with a sub-term of the second.
 */
public final class DifferingTokens implements TokenSink {
  private static final Comparator<Token> ORDER =
      Comparator.<Token>comparingDouble(token -> -Math.abs(token.second() - token.first()))
          .thenComparingLong(Token::row)
          .thenComparingInt(Token::entry);

  private final Rollouts rollouts;
  private final String first;
  private final String second;
  private final int most;
  private final PriorityQueue<Token> found = new PriorityQueue<>(ORDER.reversed());
  private final GatheredPieces pieces = new GatheredPieces(this::compared);

  private Map<String, Double> along = LinkedHashMap.empty();
  private double squares;
  private long tokens;
  private long differing;

  /**
   * A token and what objectives make of it.
   *
   * @param row the row in the file, from 0
   * @param entry its place in the lists of the row, from 0
   * @param entries how many entries these have
   * @param first dL/dlog π by the first objective
   * @param second by the second
   * @param others by the others, by name
   */
  public record Token(
      long row, int entry, int entries, double first, double second, Map<String, Double> others) {
    /** {@return which share of the difference another objective makes here} */
    public Option<Double> share(String other) {
      return others.get(other).map(weight -> (weight - first) / (second - first));
    }
  }

  /**
   * A comparison that has seen nothing.
   *
   * @param rollouts what the tokens are of
   * @param first the name of an objective
   * @param second the name of another
   * @param most how many tokens are found
   */
  public DifferingTokens(Rollouts rollouts, String first, String second, int most) {
    this.rollouts = rollouts;
    this.first = first;
    this.second = second;
    this.most = most;
  }

  @Override
  public void take(int index, Samples samples, String objective, TokenScores scores) {
    pieces.add(index, samples, objective, scores);
  }

  private void compared(int index, Samples samples, Map<String, TokenScores> all) {
    Map<String, double[]> weights =
        all.toVector()
            .flatMap(one -> one._2.weight().map(w -> io.vavr.Tuple.of(one._1, w)))
            .foldLeft(LinkedHashMap.<String, double[]>empty(), LinkedHashMap::put);
    double[] one = weights.get(first).get();
    double[] other = weights.get(second).get();
    Map<String, double[]> changed = weights.remove(first).remove(second);
    int[] slots = rollouts.slots(index);
    int[] entries = rollouts.entries(index);
    long[] rows = samples.sequenceIds();
    for (int t = 0; t < one.length; t++) {
      double apart = other[t] - one[t];
      tokens++;
      if (apart == 0) {
        continue;
      }
      differing++;
      squares += apart * apart;
      int at = t;
      for (var change : changed) {
        along = along.put(change._1, (change._2[t] - one[t]) * apart, Double::sum);
      }
      int response = samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE);
      found.add(
          new Token(
              rows[response],
              slots[t],
              entries[response],
              one[t],
              other[t],
              changed.mapValues(w -> w[at])));
      if (found.size() > most) {
        Token unused = found.remove();
      }
    }
  }

  /** {@return the tokens that differ most, the largest difference first} */
  public Seq<Token> found() {
    pieces.end();
    return Vector.ofAll(found).sorted(ORDER);
  }

  /** {@return how many tokens there are} */
  public long tokens() {
    pieces.end();
    return tokens;
  }

  /** {@return at how many of them the objectives differ} */
  public long differing() {
    pieces.end();
    return differing;
  }

  /**
   * {@return which share of the difference each of the other objectives makes: how far it goes from
   * the first towards the second, over all tokens (Σ (w − w₁)(w₂ − w₁) / Σ (w₂ − w₁)²)}
   */
  public Map<String, Double> shares() {
    pieces.end();
    return along.mapValues(sum -> sum / squares);
  }
}
