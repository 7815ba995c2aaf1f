package lossmith.lab;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Sampler.Drawn;
import lossmith.lab.policy.Texts;
import lossmith.lab.policy.Texts.Text;

/**
 * Σ_t (log π(y'_t) − log π_ref(y'_t)) in nats, where y' answers another prompt than the one that it
 * is read after; one for each response. Kahneman-Tversky optimisation takes its reference point
 * from them (Ethayarajh et al., 2402.01306, section 3.3).
 *
 * <p>Each prompt of a batch is followed by the responses to the prompt before it, the first by
 * those to the last, so that all responses serve. From a batch of one prompt nothing is learnt.
 */
final class MismatchedResponses implements GivenColumn {
  static final String NAME = "mismatched_log_ratio";

  private final Network network;
  private final double temperature;

  /** The responses that a prompt of the batch is followed by; none where it has no other prompt. */
  private Map<String, Seq<Drawn>> others = HashMap.empty();

  MismatchedResponses(Network network, double temperature) {
    this.network = network;
    this.temperature = temperature;
  }

  @Override
  public int begin(TrainingState state, Batch batch) {
    Seq<String> prompts = batch.prompts().distinct();
    others =
        HashMap.ofEntries(
            prompts
                .zip(prompts.init().prepend(prompts.last()))
                .filter(pair -> !pair._1.equals(pair._2))
                .map(pair -> pair.map2(before -> responses(batch, before))));
    return 0;
  }

  private static Seq<Drawn> responses(Batch batch, String prompt) {
    return batch.drawn().drop(batch.prompts().indexOf(prompt)).take(batch.group());
  }

  @Override
  public Batch rows(Batch part) {
    return others.isEmpty() ? part.of(List.empty()) : part;
  }

  /** What is read in the place of some responses. */
  Texts mismatched(Batch rows) {
    return new Texts(
        rows.prompts()
            .zipWithIndex(
                (prompt, row) -> {
                  Seq<Drawn> answers = others.get(prompt).get();
                  Text own = rows.drawn().get(row).text();
                  return Text.of(
                      Arrays.copyOf(own.ids(), own.prompt()),
                      answers.get(row % answers.size()).text().response());
                }));
  }

  @Override
  public Samples with(Samples samples, Update update) {
    Texts texts = mismatched(update.rows());
    double[] policy = sums(update.state().policy, texts);
    double[] reference = sums(update.state().reference, texts);
    double[] ratios = new double[policy.length];
    Arrays.setAll(ratios, i -> policy[i] - reference[i]);
    update.tell(NAME, UpdateNumbers.mean(ratios));
    return samples.with(NAME, Level.Name.SEQUENCE, ratios);
  }

  private double[] sums(NetworkWeights weights, Texts texts) {
    double[][] rows = LogProbs.of(network, weights, texts, temperature);
    return LogProbs.sums(LogProbs.at(rows, texts.sampled()), texts.lengths());
  }
}
