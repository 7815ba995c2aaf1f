package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a loss makes of what each token earned. */
final class EarnedLaws {
  private static final double SMALL = 1e-9;

  private EarnedLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        of(
            "nothing-earned",
            "Where nothing was earned and nothing expected, nothing is learnt",
            "dL/dlog π = 0 where all rewards and values are 0, on the policy itself",
            "the value of a state that does not exist: the last token is followed by nothing",
            EarnedLaws::nothing),
        of(
                "later-rewards",
                "What is earned later is learnt from",
                "dL/dlog π_t moves with r_s for some s > t",
                "the reward of one step where the return is meant, or a recurrence that reads"
                    + " itself before it is made",
                (q, allowed) ->
                    fact("no slope is another where the last token of each response earns 1 more"))
            .unless(
                (box, seen) ->
                    Option.when(
                            !box.reads(Columns.TOKEN_REWARD) || !box.reads(Columns.LOG_PROB),
                            () -> "it is given no rewards of tokens")
                        .orElse(
                            Option.when(
                                later(box), () -> "earlier slopes are seen to move with them"))));
  }

  private static BoxLaw of(
      String name, String statement, String formula, String guess, BoxLaw.Check check) {
    return BoxLaw.of(name, statement, formula, guess, check)
        .on(Trial.Kind.ORDINARY)
        .unless(
            (box, seen) ->
                Option.when(
                    !box.reads(Columns.TOKEN_REWARD) || !box.reads(Columns.LOG_PROB),
                    () -> "it is given no rewards of tokens"));
  }

  /** Whether the slope of some token moves with what the last of its response earns. */
  private static boolean later(BlackBox box) {
    return Probes.offPolicy(0.4)
        .exists(
            any -> {
              TensorBatch batch = any.onPolicy();
              double[] earned = batch.slots(Columns.TOKEN_REWARD);
              double[] before = DirectionLaws.slopes(box, batch);
              double[] after =
                  DirectionLaws.slopes(
                      box,
                      batch.with(
                          Columns.TOKEN_REWARD,
                          slot -> earned[slot] + (earned[slot] == 0 ? 0 : 1)));
              return before.length != after.length
                  || List.range(0, before.length)
                      .exists(
                          slot ->
                              earned[slot] == 0 && Math.abs(before[slot] - after[slot]) > SMALL);
            });
  }

  private static Seq<Violation> nothing(Question q, double tolerance) {
    TensorBatch batch =
        q.batch()
            .onPolicy()
            .with(Columns.REFERENCE_LOG_PROB, Columns.LOG_PROB)
            .with(Columns.TOKEN_REWARD, slot -> 0)
            .with(Columns.VALUE, slot -> 0)
            .withResponses(Columns.REWARD, row -> 0);
    double[] slopes = DirectionLaws.slopes(q.box(), batch);
    return List.range(0, slopes.length)
        .filter(slot -> Math.abs(slopes[slot]) > SMALL)
        .map(slot -> String.format(Locale.ROOT, "dL/dlog_prob[%d] = %.6g", slot, slopes[slot]))
        .flatMap(BoxLaw::fact)
        .take(2);
  }
}
