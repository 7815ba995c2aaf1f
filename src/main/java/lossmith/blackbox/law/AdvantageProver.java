package lossmith.blackbox.law;

import io.vavr.Lazy;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.IntConsumer;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.AdvantageProfile;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Rewarded;
import lossmith.blackbox.Setting;
import lossmith.blackbox.Settings;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.proofs.Proof;
import lossmith.proofs.subject.Law;
import lossmith.proofs.trial.Trial;

/** Holds what makes advantages to laws, on the cases of the proofs. */
public final class AdvantageProver implements AutoCloseable {
  private final AdvantageBox box;
  private final AdvantageProfile seen;
  private final Lazy<SettingEffects> effects;
  private final CaseRun run;

  /**
   * What holds advantages to laws.
   *
   * @param box what makes them
   * @param wanted the names of the laws; all where none
   */
  public AdvantageProver(AdvantageBox box, Seq<String> wanted) {
    this.box = box;
    this.seen = AdvantageProfile.of(box);
    this.effects = Lazy.of(() -> new SettingEffects(new AsLoss(box), "no advantage"));
    Seq<CaseRun.Asked> laws =
        AdvantageBoxLaws.all()
            .filter(law -> wanted.isEmpty() || wanted.contains(law.name()))
            .map(law -> new CaseRun.Asked(law(law), law.guess(), silent(law)));
    this.run = new CaseRun(box.name(), laws, List.empty(), this::differs);
  }

  private Law law(AdvantageLaw law) {
    return new Law(
            law.name(),
            law.statement(),
            law.formula(),
            law.tolerance(),
            law.reason(),
            (subject, trial, allowed) -> law.check().of(question(trial), allowed))
        .on(law.kinds().toJavaArray(Trial.Kind[]::new));
  }

  private AdvantageQuestion question(Trial trial) {
    int padding = Math.floorMod(trial.seed(), 2);
    TensorBatch batch = Rewarded.of(TensorBatch.of(trial.samples(), padding));
    return new AdvantageQuestion(box, seen, effects, batch, box.of(batch));
  }

  private Option<String> silent(AdvantageLaw law) {
    boolean call = AdvantageBoxLaws.ANSWERS.equals(law.name());
    return Option.when(!seen.answers() && !call, () -> "it gives no number for any ordinary batch")
        .orElse(() -> law.unless().of(box, seen));
  }

  private boolean differs(Trial trial) {
    return question(trial)
        .answer()
        .exists(given -> Arrays.stream(given.slots()).anyMatch(x -> x != 0));
  }

  /** {@return what is seen of it} */
  public AdvantageProfile seen() {
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
    return run.prove(count, seed, progress, presumed, List::empty);
  }

  @Override
  public void close() {
    run.close();
  }

  /**
   * What its settings change is asked of it as of a loss: advantages stand for slopes.
   *
   * @param box what makes them
   */
  private record AsLoss(AdvantageBox box) implements BlackBox {
    @Override
    public String name() {
      return box.name();
    }

    @Override
    public Set<String> columns() {
      return HashSet.ofAll(box.columns()).add(Columns.REWARD);
    }

    @Override
    public boolean knowsWhole() {
      return false;
    }

    @Override
    public Map<String, Double> parameters() {
      return box.parameters();
    }

    @Override
    public Settings settings() {
      return box.settings();
    }

    @Override
    public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
      return of(batch, LinkedHashMap.empty());
    }

    @Override
    public Answer of(TensorBatch batch, Map<String, Setting> moved) {
      return box.of(Rewarded.of(batch), false, moved)
          .fold(
              Answer.Failure::new,
              given ->
                  new Answer.Numbers(
                      0,
                      LinkedHashMap.of(TensorBatch.ADVANTAGE, masked(batch, given.slots())),
                      LinkedHashMap.empty(),
                      List.empty(),
                      false));
    }

    private static double[] masked(TensorBatch batch, double[] a) {
      double[] counted = a.clone();
      Arrays.setAll(counted, slot -> batch.mask()[slot] == 1 ? counted[slot] : 0);
      return counted;
    }
  }
}
