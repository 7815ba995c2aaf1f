package lossmith.lab;

import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.task.Seeds;

/**
 * 1 for a response of the reference, 0 for one of the policy. Each response of the policy is paired
 * with one that the reference gives to the same prompt, and the one with the higher reward is the
 * chosen one, as exploratory preference optimisation has it (Xie et al., 2405.21046, algorithm 1).
 * From a pair of equal rewards nothing is learnt.
 */
final class RivalResponses implements GivenColumn {
  static final String NAME = "from_reference";

  private static final int PAIR = 2;

  private final Answers answers;
  private final Network network;
  private final long seed;

  /** The rival of each response of the batch; responses are told apart as objects. */
  private Map<Drawn, Rival> rivals = HashMap.empty();

  /** log π_ref of each token of a rival, as it was drawn. */
  private Map<Drawn, double[]> drawnWith = HashMap.empty();

  RivalResponses(Answers answers, Network network, long seed) {
    this.answers = answers;
    this.network = network;
    this.seed = seed;
  }

  /**
   * A response of the reference.
   *
   * @param drawn with log π of the policy that the updates of the step begin with
   * @param reward what it is worth
   */
  private record Rival(Drawn drawn, double reward) {}

  @Override
  public int begin(TrainingState state, Batch batch) {
    Batch theirs =
        answers.of(
            state.reference,
            batch.prompts(),
            batch.group(),
            row -> Seeds.random(seed, Streams.RIVALS, state.step, row));
    Seq<Drawn> known = theirs.drawn().zipWith(logProbs(state, theirs), RivalResponses::known);
    rivals = HashMap.ofEntries(batch.drawn().zip(known.zipWith(theirs.rewards(), Rival::new)));
    drawnWith = HashMap.ofEntries(known.zip(theirs.drawn().map(Drawn::logProbs)));
    return theirs.texts().tokens();
  }

  /** log π of the policy of each token, response by response. */
  private Seq<double[]> logProbs(TrainingState state, Batch batch) {
    Seq<Integer> lengths = Vector.ofAll(batch.texts().lengths());
    double[][] rows = LogProbs.of(network, state.policy, batch.texts(), answers.temperature());
    double[] all = LogProbs.at(rows, batch.texts().sampled());
    return lengths
        .scanLeft(0, Integer::sum)
        .zipWith(lengths, (from, length) -> Arrays.copyOfRange(all, from, from + length));
  }

  private static Drawn known(Drawn drawn, double[] logProbs) {
    return new Drawn(drawn.text(), logProbs, drawn.entropies(), drawn.finished());
  }

  @Override
  public int most(int group) {
    return PAIR * group;
  }

  /** Pairs of a chosen and a rejected response, in this order. */
  @Override
  public Batch rows(Batch part) {
    Seq<Rival> both =
        part.drawn()
            .zipWith(part.rewards(), Rival::new)
            .flatMap(own -> Vector.of(own, rivals.get(own.drawn()).get()));
    return new Batch(
            part.prompts().flatMap(prompt -> Vector.of(prompt, prompt)),
            both.map(Rival::drawn),
            both.map(Rival::reward),
            PAIR)
        .pairs();
  }

  /** A response was drawn with the log-probs of the policy that gave it. */
  @Override
  public Samples with(Samples samples, Update update) {
    Seq<Drawn> drawn = update.rows().drawn();
    return samples
        .with(
            NAME,
            Level.Name.SEQUENCE,
            drawn.toJavaStream().mapToDouble(one -> drawnWith.containsKey(one) ? 1 : 0).toArray())
        .with(
            Columns.ROLLOUT_LOG_PROB,
            Level.Name.TOKEN,
            Batch.joined(drawn.map(one -> drawnWith.get(one).getOrElse(one::logProbs))));
  }
}
