package lossmith.check;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** All that is looked for in rollouts, from the numbers of a token to those of a prompt. */
public final class RolloutChecks {
  /** What needs no more than the columns that every command reads. */
  private static final Seq<RolloutCheck> OF_COLUMNS =
      List.of(
          new PossibleLogProbs(),
          new UnrecordedLogProbs(),
          new TruncatedSupport(),
          new EndTokens(),
          new Overlong(),
          new GroupInformation(),
          new RewardRange());

  private RolloutChecks() {}

  /**
   * {@return what is found, the worst first}
   *
   * @param recorded the rollouts
   * @param temperature at which their log-probs were recorded
   */
  public static Seq<RolloutFinding> all(Recorded recorded, double temperature) {
    return of(
        OF_COLUMNS.appendAll(
            List.of(new RatioSpread(true), new LogitsFit(temperature), new PromptTexts())),
        recorded);
  }

  /** {@return the errors and warnings that texts and logits are not read for, the worst first} */
  public static Seq<RolloutFinding> ofColumns(Recorded recorded) {
    return of(OF_COLUMNS.append(new RatioSpread(false)), recorded)
        .filter(finding -> finding.severity() != Severity.NOTE);
  }

  private static Seq<RolloutFinding> of(Seq<RolloutCheck> checks, Recorded recorded) {
    return checks.flatMap(check -> check.of(recorded)).sortBy(RolloutFinding::severity);
  }
}
