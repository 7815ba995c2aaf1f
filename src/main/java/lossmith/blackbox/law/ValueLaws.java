package lossmith.blackbox.law;

import static lossmith.blackbox.law.BoxLaw.fact;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Locale;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What a loss pulls values to. */
final class ValueLaws {
  private static final double SMALL = 1e-12;

  private static final double FAR = 30;

  /** What is turned where values are, and what is not turned but stays. */
  private static final Set<String> OF_VALUES =
      HashSet.of(
              Columns.VALUE,
              TensorBatch.OLD_VALUE,
              TensorBatch.RETURN,
              Columns.TOKEN_REWARD,
              Columns.REWARD,
              Columns.RESPONSE_MASK,
              TensorBatch.GROUP,
              TensorBatch.BATCH_TOKENS,
              TensorBatch.BATCH_RESPONSES)
          .addAll(TensorBatch.MASKS);

  private ValueLaws() {}

  static Seq<BoxLaw> all() {
    return List.of(
        of(
            "value-far",
            "A value that is far from all that it may be aimed at is pulled back",
            "dL/dV > 0 where V ≫ V_old, returns and rewards; < 0 where V ≪",
            "the smaller of two errors where the larger is meant, an error that is cut at a bound,"
                + " or a sign",
            ValueLaws::far),
        of(
                "value-mirror",
                "A value too high is held as one too low is",
                "L(−V, −V_old, −R) = L(V, V_old, R)",
                "the larger of two errors before they are squared, not of two squares",
                ValueLaws::mirrored)
            .unless(
                (box, seen) ->
                    Option.when(
                        !OF_VALUES.containsAll(box.columns()) || !pulls(box),
                        () -> "it is no loss of values alone")),
        of(
                "value-causal",
                "What a token earned does not pull the values of those after it",
                "dL/dV_t does not move with r_s, s < t",
                "the value of the next state is in the target, and is not detached",
                ValueLaws::causal)
            .unless(
                (box, seen) ->
                    Option.when(
                        !pulls(box) || !box.reads(Columns.TOKEN_REWARD),
                        () -> "it pulls no value to what tokens earned")),
        of(
                "value-own",
                "Values are pulled alike whatever the policy is",
                "dL/dV does not move with log π",
                "a baseline that is not detached: the gradient of the policy's term goes into the"
                    + " critic",
                ValueLaws::own)
            .unless(
                (box, seen) ->
                    Option.when(
                        !pulls(box) || !box.reads(Columns.LOG_PROB),
                        () -> "it does not train values beside a policy")));
  }

  private static BoxLaw of(
      String name, String statement, String formula, String guess, BoxLaw.Check check) {
    return BoxLaw.of(name, statement, formula, guess, check)
        .on(Trial.Kind.ORDINARY)
        .unless((box, seen) -> Option.when(!pulls(box), () -> "its gradient reaches no value"));
  }

  /** Whether values are trained. */
  private static boolean pulls(BlackBox box) {
    return box.reads(Columns.VALUE)
        && Probes.offPolicy(0.4)
            .exists(batch -> List.ofAll(slopes(box, batch)).exists(x -> Math.abs(x) > SMALL));
  }

  private static double[] slopes(BlackBox box, TensorBatch batch) {
    return box.of(batch) instanceof Answer.Numbers numbers && numbers.finite()
        ? numbers.gradient(Columns.VALUE, batch.size())
        : new double[batch.size()];
  }

  private static Seq<Violation> far(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    return List.of(FAR, -FAR)
        .flatMap(
            v -> {
              double[] slopes = slopes(q.box(), batch.with(Columns.VALUE, slot -> v));
              return List.range(0, batch.size())
                  .filter(slot -> batch.mask()[slot] == 1)
                  .find(slot -> !(slopes[slot] * v > SMALL))
                  .toList()
                  .flatMap(
                      slot ->
                          fact(
                              String.format(
                                  Locale.ROOT,
                                  "dL/dvalue[%d] = %.6g where all values are %.0f",
                                  slot,
                                  slopes[slot],
                                  v)));
            });
  }

  private static Seq<Violation> mirrored(Question q, double tolerance) {
    TensorBatch turned = q.batch();
    for (String column :
        List.of(Columns.VALUE, TensorBatch.OLD_VALUE, TensorBatch.RETURN, Columns.TOKEN_REWARD)) {
      double[] x = turned.slots(column);
      turned = turned.with(column, slot -> -x[slot]);
    }
    double[] rewards = turned.responses().get(Columns.REWARD).get();
    turned = turned.withResponses(Columns.REWARD, row -> -rewards[row]);
    return q.answer() instanceof Answer.Numbers numbers
            && numbers.finite()
            && q.box().of(turned) instanceof Answer.Numbers other
        ? Violation.between(
            "L, all turned", numbers.loss(), other.loss(), tolerance * numbers.scale())
        : List.empty();
  }

  private static Seq<Violation> causal(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    double[] before = slopes(q.box(), batch);
    double[] earned = batch.slots(Columns.TOKEN_REWARD);
    double[] after =
        slopes(
            q.box(),
            batch.with(
                Columns.TOKEN_REWARD, slot -> earned[slot] + (slot % batch.width() == 0 ? 1 : 0)));
    return List.range(0, batch.size())
        .filter(slot -> slot % batch.width() > 0 && batch.mask()[slot] == 1)
        .flatMap(
            slot ->
                Violation.between(
                    "dL/dvalue[" + slot + "], first tokens having earned 1 more",
                    before[slot],
                    after[slot],
                    tolerance * (1 + Math.abs(before[slot]))))
        .take(2);
  }

  private static Seq<Violation> own(Question q, double tolerance) {
    TensorBatch batch = q.batch();
    double[] before = slopes(q.box(), batch);
    double[] lp = batch.slots(Columns.LOG_PROB);
    double[] after = slopes(q.box(), batch.with(Columns.LOG_PROB, slot -> lp[slot] - 0.3));
    return List.range(0, batch.size())
        .filter(slot -> batch.mask()[slot] == 1)
        .flatMap(
            slot ->
                Violation.between(
                    "dL/dvalue[" + slot + "], all log π lower by 0.3",
                    before[slot],
                    after[slot],
                    tolerance * (1 + Math.abs(before[slot]))))
        .take(2);
  }
}
