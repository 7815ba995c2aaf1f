package lossmith.score;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;

/**
 * The responses that matter most to some objectives, with the numbers of all of them on each token:
 * those on which an objective pulls hardest in sum, for each objective in turn until there are
 * enough tokens. An objective whose gradient is not one of log π alone chooses none; where that is
 * so of all, the first responses of the file are shown. Of a long response the part about its
 * hardest token is kept.
 */
public final class ShownResponses implements TokenSink {
  private static final Comparator<Response> ORDER =
      Comparator.<Response>comparingDouble(response -> -response.pull())
          .thenComparingLong(response -> response.response().row());

  /** No response takes more than its part of what is shown. */
  private static final int PARTS = 4;

  private final Rollouts rollouts;
  private final int objectives;
  private final int most;
  private final int longest;
  private final java.util.Map<String, NavigableSet<Response>> kept =
      new java.util.LinkedHashMap<>();

  private final GatheredPieces pieces = new GatheredPieces(this::offer);
  private long seen;

  /**
   * Responses that are yet to be seen.
   *
   * @param rollouts what they are of
   * @param objectives of how many objectives numbers are kept, the first ones
   * @param most how many tokens are kept
   */
  public ShownResponses(Rollouts rollouts, int objectives, int most) {
    this.rollouts = rollouts;
    this.objectives = objectives;
    this.most = most;
    this.longest = Math.max(1, most / PARTS);
  }

  /** A piece and what objectives make of its tokens. */
  private record Piece(int index, Samples samples, Map<String, TokenScores> scores) {}

  /** A response and how hard one objective pulls on it. */
  private record Response(Shown response, double pull) {}

  /**
   * A response that is shown, or a part of it.
   *
   * @param row the row in the file, from 0
   * @param entries how many entries the lists of the row have
   * @param slots the place of each shown token in those lists, in their order
   * @param sampled the ids of the shown tokens, if they are known
   * @param reward of the response, if there is one
   * @param left how many tokens of the policy are left out
   * @param scores the numbers of each objective on the shown tokens, by its name
   */
  public record Shown(
      long row,
      int entries,
      Seq<Integer> slots,
      Option<Seq<Integer>> sampled,
      Option<Double> reward,
      int left,
      Map<String, TokenScores> scores) {}

  @Override
  public void take(int index, Samples samples, String objective, TokenScores tokens) {
    pieces.add(index, samples, objective, tokens);
  }

  private void offer(int index, Samples samples, Map<String, TokenScores> all) {
    Piece piece = new Piece(index, samples, all.take(objectives));
    int responses = samples.size(Level.Name.SEQUENCE);
    int[] from = starts(samples, responses);
    boolean anyPulls = piece.scores().values().exists(scores -> scores.weight().isDefined());
    for (var one : piece.scores()) {
      Option<double[]> weight = one._2.weight();
      for (int i = 0; i < responses && (weight.isDefined() || !anyPulls); i++) {
        offer(kept(one._1), piece, i, from[i], from[i + 1], weight);
      }
    }
    seen += responses;
  }

  /** The first token of each response, and at the end how many tokens there are. */
  private static int[] starts(Samples samples, int responses) {
    int[] from = new int[responses + 1];
    for (int t = 0; t < samples.size(Level.Name.TOKEN); t++) {
      from[samples.parent(Level.Name.TOKEN, t, Level.Name.SEQUENCE) + 1] = t + 1;
    }
    for (int i = 1; i <= responses; i++) {
      from[i] = Math.max(from[i], from[i - 1]);
    }
    return from;
  }

  private void offer(
      NavigableSet<Response> best,
      Piece piece,
      int response,
      int from,
      int to,
      Option<double[]> weight) {
    double pull = 0;
    int hardest = from;
    for (double[] w : weight) {
      for (int t = from; t < to; t++) {
        pull += Math.abs(w[t]);
        hardest = Math.abs(w[t]) > Math.abs(w[hardest]) ? t : hardest;
      }
    }
    if (from == to || (tokens(best) >= most && pull <= best.last().pull())) {
      return;
    }
    int first = Math.max(from, Math.min(hardest - longest / 2, to - longest));
    boolean unused =
        best.add(
            new Response(
                shown(piece, response, first, Math.min(to, first + longest), to - from), pull));
    while (best.size() > 1 && tokens(best) - best.last().response().slots().size() >= most) {
      Response unusedLast = best.pollLast();
    }
  }

  private Shown shown(Piece piece, int response, int first, int last, int tokens) {
    Samples samples = piece.samples();
    return new Shown(
        samples.sequenceIds()[response],
        rollouts.entries(piece.index())[response],
        ints(rollouts.slots(piece.index()), first, last),
        samples.sampled().map(ids -> ints(ids, first, last)),
        samples.column(Columns.REWARD).map(rewards -> rewards[response]),
        tokens - (last - first),
        piece.scores().mapValues(scores -> cut(scores, first, last)));
  }

  private NavigableSet<Response> kept(String name) {
    return kept.computeIfAbsent(name, n -> new TreeSet<>(ORDER));
  }

  private static int tokens(NavigableSet<Response> responses) {
    return responses.stream().mapToInt(one -> one.response().slots().size()).sum();
  }

  private static Seq<Integer> ints(int[] all, int from, int to) {
    return Vector.ofAll(Arrays.copyOfRange(all, from, to));
  }

  private static TokenScores cut(TokenScores scores, int from, int to) {
    Function<Option<double[]>, Option<double[]>> part =
        numbers -> numbers.map(all -> Arrays.copyOfRange(all, from, to));
    return new TokenScores(
        part.apply(scores.ratio()),
        part.apply(scores.advantage()),
        part.apply(scores.weight()),
        part.apply(scores.below()),
        part.apply(scores.above()),
        part.apply(scores.entropy()),
        part.apply(scores.natural()),
        part.apply(scores.onLogits()),
        scores.notes());
  }

  /** {@return how many responses were seen} */
  public long seen() {
    pieces.end();
    return seen;
  }

  /** {@return the responses, in the order of the file} */
  public Seq<Shown> found() {
    pieces.end();
    Set<Long> rows = new HashSet<>();
    java.util.List<Shown> chosen = new ArrayList<>();
    Seq<Iterator<Response>> turns = List.ofAll(kept.values()).map(NavigableSet::iterator);
    int tokens = 0;
    while (tokens < most && turns.exists(Iterator::hasNext)) {
      for (Iterator<Response> turn : turns.filter(Iterator::hasNext)) {
        Shown one = turn.next().response();
        if (tokens < most && rows.add(one.row())) {
          chosen.add(one);
          tokens += one.slots().size();
        }
      }
    }
    Collections.sort(chosen, Comparator.comparingLong(Shown::row));
    return Vector.ofAll(chosen);
  }
}
