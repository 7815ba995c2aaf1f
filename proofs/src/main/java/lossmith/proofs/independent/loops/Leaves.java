package lossmith.proofs.independent.loops;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.trainable;
import static lossmith.dsl.Terms.uniform;
import static lossmith.dsl.Terms.value;

import java.util.Arrays;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;

/** What terms begin with, and how loops read it. */
public final class Leaves {
  /** The seed of random numbers inside an objective. */
  private static final long SEED = 11;

  private static final long STEP = 3;

  private Leaves() {}

  public static Made<Token> logProbs() {
    return new Made<>(logProb(), (live, detached) -> live.each(Level.Name.TOKEN, live::logProb));
  }

  public static Made<Token> entropies() {
    return new Made<>(entropy(), (live, detached) -> live.each(Level.Name.TOKEN, live::entropy));
  }

  /** log π_old, or what log π is where nobody gave it. */
  public static double old(PlainBatch live, PlainBatch detached, int token) {
    return live.has(Columns.OLD_LOG_PROB)
        ? live.of(Columns.OLD_LOG_PROB, token)
        : detached.logProb(token);
  }

  static Made<Token> ratios() {
    return new Made<>(
        ratio(),
        (live, detached) ->
            live.each(Level.Name.TOKEN, t -> Math.exp(live.logProb(t) - old(live, detached, t))));
  }

  static Fixed<Token> olds() {
    return new Fixed<>(
        oldLogProb(), (live, detached) -> live.each(Level.Name.TOKEN, t -> old(live, detached, t)));
  }

  static Fixed<Token> references() {
    return column(referenceLogProb(), Columns.REFERENCE_LOG_PROB);
  }

  static Made<Token> values() {
    return new Made<>(value(), (live, detached) -> live.of(Columns.VALUE).clone());
  }

  static <L extends Level> Made<L> trained(String name, Axis<L> axis) {
    return new Made<>(trainable(name, axis), (live, detached) -> live.of(name).clone());
  }

  static Fixed<Token> positions() {
    return column(position(), Columns.POSITION);
  }

  static <L extends Level> Fixed<L> data(String name, Axis<L> axis) {
    return column(given(name, axis), name);
  }

  static Fixed<Sequence> rewards() {
    return column(reward(), Columns.REWARD);
  }

  static Fixed<Sequence> lengths() {
    return new Fixed<>(
        length(),
        (live, detached) -> live.each(Level.Name.SEQUENCE, s -> live.layout().lengths()[s]));
  }

  static Fixed<Group> sizes() {
    return new Fixed<>(
        groupSize(),
        (live, detached) -> live.each(Level.Name.GROUP, g -> live.responsesTo(g).length));
  }

  static Fixed<Batch> prompts() {
    return new Fixed<>(
        lossmith.dsl.Terms.groups(), (live, detached) -> new double[] {live.prompts()});
  }

  static <L extends Level> Fixed<L> number(double x, Axis<L> axis) {
    return new Fixed<>(constant(x, axis), (live, detached) -> live.each(axis.name(), i -> x));
  }

  private static <L extends Level> Fixed<L> column(lossmith.dsl.Detached<L> term, String name) {
    return new Fixed<>(term, (live, detached) -> live.of(name).clone());
  }

  /** A number in [0, 1) per token: SplitMix64's finaliser over seed, step, response, position. */
  static Fixed<Token> drawn() {
    return new Fixed<>(
        uniform(
            parameter("seed", SEED, 0, Integer.MAX_VALUE),
            parameter("step", STEP, 0, Integer.MAX_VALUE)),
        (live, detached) ->
            live.each(
                Level.Name.TOKEN,
                t -> {
                  long id = live.layout().ids()[live.response(t)];
                  long mixed = mix(mix(mix(mix(SEED) ^ STEP) ^ id) ^ live.layout().positions()[t]);
                  return (mixed >>> 11) / (double) (1L << 53);
                }));
  }

  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static Fixed<Token> ofToken(int which) {
    return switch (which) {
      case 0 -> data(Columns.TOKEN_REWARD, TOKEN);
      case 1 -> data("q_value", TOKEN);
      case 2 -> olds();
      case 3 -> references();
      case 4 -> data(Columns.ROLLOUT_LOG_PROB, TOKEN);
      case 5 -> data("state", TOKEN);
      case 6 -> positions();
      default -> drawn();
    };
  }

  static Fixed<Sequence> ofResponse(int which) {
    return switch (which) {
      case 0 -> data("score", SEQUENCE);
      case 1 -> lengths();
      case 2 -> data(Columns.FINISHED, SEQUENCE);
      default -> rewards();
    };
  }

  static Fixed<Group> ofPrompt(int which) {
    return switch (which) {
      case 0 -> sizes();
      case 1 -> data("tracked_reward", GROUP);
      default -> data("difficulty", GROUP);
    };
  }

  static Fixed<Batch> ofBatch(int which) {
    return switch (which) {
      case 0 -> prompts();
      case 1 -> number(0.7, BATCH);
      default -> data("reward_shift", BATCH);
    };
  }

  /** The numbers of each element of a finer level. */
  static Loops spread(Loops coarse, Level.Name from, Level.Name to) {
    return (live, detached) -> {
      double[] numbers = coarse.of(live, detached);
      return Arrays.stream(live.layout().owners(from, to)).mapToDouble(i -> numbers[i]).toArray();
    };
  }
}
