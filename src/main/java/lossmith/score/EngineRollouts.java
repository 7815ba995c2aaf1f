package lossmith.score;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.ops.memory.Precision;
import lossmith.pieces.PieceEngine;
import lossmith.rollouts.Rollouts;
import lossmith.rollouts.RowTexts;
import lossmith.storage.MemoryBudget;

/** Rollouts that an engine has read. */
public interface EngineRollouts extends AutoCloseable {
  /** {@return who computes on them} */
  PieceEngine engine();

  /** {@return why responses are not grouped by prompt, if they are not} */
  Option<String> ungrouped();

  /** {@return why the responses are not in pairs, if they have signs and are not} */
  Option<String> unpaired();

  /**
   * {@return a scorer of them, which refuses objectives that need prompts or pairs where they have
   * none}
   *
   * @param parameters values by name, and the temperature; without it that of the columns
   * @param precision the type of the numbers
   * @param device {@code CPU} or {@code GPU:0}
   * @param recorded the temperature at which log π, entropy and other statistics were recorded
   */
  default Scorer scorer(
      Map<String, Double> parameters, Precision precision, String device, double recorded) {
    return Scorer.of(engine(), parameters, precision, device, recorded)
        .ungrouped(ungrouped())
        .unpaired(unpaired());
  }

  /** {@return what was recognised, left out and counted, one sentence each} */
  Seq<String> notes();

  /** {@return what is left of the memory of this process for them} */
  MemoryBudget budget();

  /** {@return some responses, whole prompts of them, that have about so many tokens} */
  Rollouts first(long tokens);

  /** {@return an output of the numbers per token} */
  TokenOutput tokens();

  /** {@return an output of the gradients per row} */
  TokenOutput gradients();

  /**
   * {@return a search for the tokens on which objectives pull hardest}
   *
   * @param most how many of each objective are found
   */
  InfluentialTokens influential(int most);

  /**
   * {@return a search for the responses that matter most to objectives}
   *
   * @param objectives of how many objectives numbers are kept, the first ones
   * @param most how many tokens are kept
   */
  ShownResponses shown(int objectives, int most);

  /**
   * {@return a search for the tokens at which two objectives differ most}
   *
   * @param first the name of one
   * @param second the name of the other
   * @param most how many tokens are found
   */
  DifferingTokens differing(String first, String second, int most);

  /** {@return what tokens are as text, as far as this process knows} */
  RowTexts texts();

  @Override
  void close();
}
