package lossmith.check;

import io.vavr.Lazy;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;

/**
 * What is checked: rollouts as they were read, with the texts beside them. Tokens are those of the
 * policy; a place is one in the file.
 */
public final class Recorded {
  /** Beyond it, a log-prob above 0 is no rounding of one that is 0. */
  static final double ROUNDING = 1e-5;

  private static final double IMPOSSIBLE = -900;
  private static final double ROUND = 50;

  private final Rollouts rollouts;
  private final Samples samples;
  private final RowTexts texts;
  private final Map<String, Option<double[]>> columns = new HashMap<>();
  private final Lazy<Option<RolloutGap>> gap = Lazy.of(() -> RolloutGap.of(this));
  private final long[] rows;
  private final int[] slots;
  private final int[] starts;

  /** Rollouts and the texts of their file. */
  public Recorded(Rollouts rollouts, RowTexts texts) {
    this.rollouts = rollouts;
    this.samples = rollouts.samples();
    this.texts = texts;
    this.rows = samples.sequenceIds();
    this.slots = rollouts.slots();
    this.starts = new int[responses() + 1];
    System.arraycopy(samples.lengths(), 0, starts, 1, responses());
    Arrays.parallelPrefix(starts, Integer::sum);
  }

  Samples samples() {
    return samples;
  }

  RowTexts texts() {
    return texts;
  }

  /** {@return whether responses are grouped by prompt} */
  boolean grouped() {
    return rollouts.ungrouped().isEmpty();
  }

  /** {@return how many responses there are} */
  public int responses() {
    return samples.size(Level.Name.SEQUENCE);
  }

  /** {@return how many prompts there are} */
  public int prompts() {
    return samples.size(Level.Name.GROUP);
  }

  /** {@return how many tokens of the policy there are} */
  public int tokens() {
    return samples.tokens();
  }

  /** {@return the responses of each prompt} */
  int[][] groups() {
    int[] group = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    int[][] responses = new int[prompts()][];
    int[] sizes = new int[prompts()];
    for (int g : group) {
      sizes[g]++;
    }
    for (int g = 0; g < sizes.length; g++) {
      responses[g] = new int[sizes[g]];
    }
    for (int s = group.length - 1; s >= 0; s--) {
      responses[group[s]][--sizes[group[s]]] = s;
    }
    return responses;
  }

  /** {@return the index of a response's first token; of one more, the end of the last} */
  int start(int response) {
    return starts[response];
  }

  /** {@return how many tokens of the policy a response has} */
  int length(int response) {
    return starts[response + 1] - starts[response];
  }

  /** {@return the response of a token} */
  int response(int token) {
    return samples.parent(Level.Name.TOKEN, token, Level.Name.SEQUENCE);
  }

  /** {@return the place of a token in the lists of its row, from 0} */
  int slot(int token) {
    return slots[token];
  }

  /** {@return the row of a response in the file, from 0} */
  int row(int response) {
    return Math.toIntExact(rows[response]);
  }

  FilePlace token(int token) {
    return new FilePlace(row(response(token)) + 1L, Option.some(slot(token) + 1));
  }

  FilePlace place(int response) {
    return new FilePlace(row(response) + 1L, Option.none());
  }

  /** {@return a column with a number per token} */
  Option<double[]> perToken(String name) {
    return column(name, Level.Name.TOKEN);
  }

  /** {@return which of some responses have a reward} */
  int[] scored(int[] some) {
    return perResponse(Columns.REWARD_KNOWN)
        .map(known -> Arrays.stream(some).filter(s -> known[s] == 1).toArray())
        .getOrElse(some);
  }

  /** {@return a column with a number per response} */
  Option<double[]> perResponse(String name) {
    return column(name, Level.Name.SEQUENCE);
  }

  private Option<double[]> column(String name, Level.Name level) {
    return columns.computeIfAbsent(
        name,
        key -> samples.level(key).filter(level::equals).flatMap(unused -> samples.column(key)));
  }

  /** {@return the trainer's policy beside the engine's, where the file has both} */
  Option<RolloutGap> gap() {
    return gap.get();
  }

  /** {@return the tokens that fit, in order} */
  int[] where(IntPredicate fits) {
    int[] found = new int[16];
    int count = 0;
    for (int t = 0; t < tokens(); t++) {
      if (fits.test(t)) {
        found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
        found[count++] = t;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** {@return a finding of some tokens, with how many there are and the first; none of none} */
  Seq<RolloutFinding> of(int[] tokens, RolloutFinding finding) {
    return tokens.length == 0 ? List.empty() : List.of(finding.at(tokens.length, token(tokens[0])));
  }

  /** {@return a finding of some responses, with how many there are and the first; none of none} */
  Seq<RolloutFinding> ofResponses(int[] responses, RolloutFinding finding) {
    return responses.length == 0
        ? List.empty()
        : List.of(finding.at(responses.length, place(responses[0])));
  }

  /** {@return whether a number can be the log-prob of a token that was sampled} */
  static boolean possible(double logProb) {
    return Double.isFinite(logProb) && logProb <= ROUNDING && !isMark(logProb);
  }

  /**
   * {@return whether a number is one that programs write where they have no log-prob} It is exactly
   * 1, or a multiple of 50 from -50 downwards, or {@value #IMPOSSIBLE} or less: no sampled token is
   * that improbable.
   */
  static boolean isMark(double logProb) {
    return logProb == 1
        || (Double.isFinite(logProb)
            && (logProb <= IMPOSSIBLE || (logProb <= -ROUND && logProb % ROUND == 0)));
  }
}
