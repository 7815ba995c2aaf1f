package lossmith.blackbox.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.IntConsumer;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Profile;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.Proof;
import lossmith.proofs.trial.Trial;

/** Holds a loss whose inside nobody sees to laws, on the cases of the proofs. */
public final class BoxProver implements AutoCloseable {
  private final BlackBox box;
  private final Profile seen;
  private final Desk desk;
  private final CaseRun run;

  /**
   * What holds a loss to laws.
   *
   * @param box the loss
   * @param wanted the names of the laws; all where none
   */
  public BoxProver(BlackBox box, Seq<String> wanted) {
    this.box = box;
    this.seen = Profile.of(box);
    this.desk = new Desk(box, seen);
    Seq<CaseRun.Asked> laws =
        BoxLaws.all()
            .filter(law -> wanted.isEmpty() || wanted.contains(law.name()))
            .map(law -> new CaseRun.Asked(law.law(desk), law.guess(), silent(law)));
    Seq<String> own =
        List.of(
                TensorBatch.ADVANTAGE,
                Columns.REFERENCE_LOG_PROB,
                Columns.ROLLOUT_LOG_PROB,
                Columns.ENTROPY)
            .filter(box::reads);
    this.run = new CaseRun(box.name(), laws, own, this::moves);
  }

  /** Why a law does not speak of the loss, if so. */
  private Option<String> silent(BoxLaw law) {
    return Option.when(!speaks(law.name()), () -> "it gives no number on any ordinary batch")
        .orElse(() -> law.unless().of(box, seen));
  }

  private boolean speaks(String law) {
    boolean fails = box.of(Probes.offPolicy(0.4).head()) instanceof Answer.Failure;
    return seen.answers()
        || law.equals(CallLaws.ANSWERS)
        || (law.equals(CallLaws.FINITE) && !fails);
  }

  /** {@return what the loss is seen to do, which laws follow from} */
  public Profile seen() {
    return seen;
  }

  /**
   * {@return what came of it}
   *
   * @param count how many cases
   * @param seed the first of their seeds
   * @param progress receives the number of cases done
   */
  public Proof prove(int count, long seed, IntConsumer progress) {
    Seq<String> presumed = seen.words().map(word -> word._1 + " is " + word._2).toList();
    return run.prove(count, seed, progress, presumed, () -> later().toList());
  }

  /** Which settings the first update of a batch does not see. */
  private Option<String> later() {
    Seq<String> names =
        run.speaks(SettingLaws.ACT) ? desk.effects().onlyLater() : List.<String>empty();
    return Option.when(
        names.nonEmpty(),
        () ->
            "on the policy itself, as in the first update of a batch, nothing moves with "
                + names.mkString(", "));
  }

  private boolean moves(Trial trial) {
    return desk.question(trial).answer() instanceof Answer.Numbers numbers
        && numbers.gradients().values().exists(g -> Arrays.stream(g).anyMatch(x -> x != 0));
  }

  @Override
  public void close() {
    run.close();
  }
}
