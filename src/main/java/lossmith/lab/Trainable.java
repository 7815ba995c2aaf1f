package lossmith.lab;

import io.vavr.collection.HashMap;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.StatisticsSplit;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;

/**
 * An objective that can be trained by sampling: all that it reads of a batch is known of responses
 * with rewards.
 */
public final class Trainable {
  /** What is known of sampled responses. */
  private static final Map<String, Level.Name> GIVEN =
      HashMap.of(
              Columns.LOG_PI, Level.Name.VOCABULARY,
              Columns.OLD_LOG_PROB, Level.Name.TOKEN,
              Columns.ROLLOUT_LOG_PROB, Level.Name.TOKEN,
              Columns.REFERENCE_LOG_PROB, Level.Name.TOKEN,
              Columns.REFERENCE_LOG_PI, Level.Name.VOCABULARY,
              Columns.POSITION, Level.Name.TOKEN,
              Columns.REWARD, Level.Name.SEQUENCE,
              Columns.SIGN, Level.Name.SEQUENCE,
              Columns.FINISHED, Level.Name.SEQUENCE)
          .put(Columns.TOKEN_REWARD, Level.Name.TOKEN)
          .merge(Critic.LEVELS)
          .merge(GivenColumns.LEVELS);

  private final String name;
  private final Loss loss;

  /** The columns that it reads, which are asked for in every update. */
  private final Set<String> read;

  /**
   * Refuses an objective that reads what sampling does not give, and one that is dead.
   *
   * @param name of the objective
   * @param loss the objective
   */
  public Trainable(String name, Loss loss) {
    Flow.refuseDead(loss);
    Problem.throwAll(missing(name, loss));
    this.name = name;
    this.loss = loss;
    this.read = read(loss);
  }

  private static Set<String> read(Loss loss) {
    return Inputs.withDefaults(loss).columns().map(Node.Input::name).toSet();
  }

  /** {@return the name of the objective} */
  public String name() {
    return name;
  }

  /** {@return the objective} */
  public Loss loss() {
    return loss;
  }

  /**
   * {@return what an objective reads that sampled responses do not have, or not together, if
   * anything}
   *
   * @param name of the objective
   * @param loss the objective
   */
  public static Seq<Problem> missing(String name, Loss loss) {
    Seq<String> absent =
        Inputs.withDefaults(loss)
            .columns()
            .filter(input -> input.otherwise().isEmpty())
            .filter(input -> !GIVEN.get(input.name()).contains(input.level()))
            .map(Node.Input::name)
            .distinct();
    return absent.isEmpty()
        ? GivenColumns.problems(name, loss, read(loss))
            .appendAll(Critic.problems(name, loss, read(loss)))
        : List.of(
            Problem.of(
                "recipe",
                name + ", which reads " + absent.mkString(", "),
                "an objective of sampled responses and their rewards: it may read "
                    + GIVEN.keySet().toList().sorted().mkString(", "),
                "an objective that 'train --list' has"));
  }

  /** {@return whether the objective compares the policy with a reference} */
  public boolean readsReference() {
    return reads(Columns.REFERENCE_LOG_PROB)
        || reads(Columns.REFERENCE_LOG_PI)
        || GivenColumns.OF_REFERENCE.exists(this::reads);
  }

  /** {@return the columns of responses that are made for what its updates learn from} */
  Seq<String> made() {
    return GivenColumns.LEVELS.keySet().add(Columns.SIGN).toVector().filter(this::reads);
  }

  /** {@return whether it reads what a critic says} */
  public boolean readsCritic() {
    return Critic.LEVELS.keySet().exists(this::reads);
  }

  /** {@return whether it makes its own advantages of the rewards of tokens} */
  public boolean readsTokenRewards() {
    return reads(Columns.TOKEN_REWARD);
  }

  /** {@return what the lab makes for it beside the columns of every batch, a line each} */
  public Seq<String> given() {
    return GivenColumns.TOLD
        .merge(Critic.TOLD)
        .filterKeys(this::reads)
        .map(line -> line._1 + ": " + line._2)
        .toVector();
  }

  /** {@return whether it learns from rewards, as they are or by which of two is higher} */
  boolean readsRewards() {
    return reads(Columns.REWARD) || readsPairs() || reads(Triples.NAME);
  }

  /** {@return whether it is one of a chosen and a rejected response} */
  boolean readsPairs() {
    return reads(Columns.SIGN) || reads(RivalResponses.NAME);
  }

  /** {@return whether its gradient moves the policy by log π of the sampled tokens alone} */
  boolean movesLogProbAlone() {
    Set<String> there = GIVEN.filterValues(level -> level != Level.Name.VOCABULARY).keySet();
    Set<String> statistics = StatisticsSplit.of(loss, there).statistics().keySet();
    return BoundLoss.of(loss, Surface.STATISTICS, there.addAll(statistics))
        .gradients()
        .filterValues(node -> !(node instanceof Node.Constant zero && zero.value() == 0))
        .keySet()
        .filter(statistics::contains)
        .equals(HashSet.of(Columns.LOG_PROB));
  }

  /** {@return whether it reads a column} */
  boolean reads(String column) {
    return read.contains(column);
  }
}
