package lossmith.blackbox.law;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;

import io.vavr.Tuple;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Profile;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Over;
import lossmith.dsl.data.Samples;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;
import lossmith.proofs.subject.Attempt;
import lossmith.proofs.subject.Draws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;

/**
 * Holds a loss whose inside nobody sees to laws, on the cases of the proofs; a case that breaks one
 * is made smaller.
 */
public final class BoxProver implements AutoCloseable {
  private final BlackBox box;
  private final Subject cases;
  private final Profile seen;
  private final Desk desk;
  private final Seq<BoxLaw> laws;
  private final Map<String, String> silent;

  /**
   * What holds a loss to laws.
   *
   * @param box the loss
   * @param wanted the names of the laws; all where none
   */
  public BoxProver(BlackBox box, Seq<String> wanted) {
    this.box = box;
    this.cases = new Subject(box.name(), maximise(drawn()));
    this.seen = Profile.of(box);
    this.desk = new Desk(box, seen);
    this.laws = BoxLaws.all().filter(law -> wanted.isEmpty() || wanted.contains(law.name()));
    this.silent =
        laws.flatMap(law -> silent(law).map(why -> Tuple.of(law.name(), why)))
            .toLinkedMap(law -> law);
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

  /** An objective that reads what cases are to have: advantages, and log-probs of the policy. */
  private static lossmith.dsl.Term<Level.Batch> drawn() {
    return logProb()
        .weightedBy(given(TensorBatch.ADVANTAGE, SEQUENCE).per(TOKEN))
        .mean(Over.ALL_TOKENS);
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
    Seq<BoxLaw> open = laws.filter(law -> !silent.containsKey(law.name()));
    Draws draws = Draws.none(cases);
    Map<String, Integer> tried =
        laws.foldLeft(LinkedHashMap.empty(), (all, law) -> all.put(law.name(), 0));
    Seq<Finding> findings = List.empty();
    for (int i = 0; i < count; i++) {
      progress.accept(i);
      long next = seed + i;
      Attempt attempt = cases.attempt(next, Trial.Kind.of(next));
      if (attempt.trial().isEmpty()) {
        draws = draws.without(Trial.Kind.of(next), attempt);
        continue;
      }
      Trial trial = attempt.trial().get();
      draws = draws.with(attempt, trial, List.empty(), moves(trial));
      for (BoxLaw law : open) {
        if (law.kinds().contains(trial.kind())) {
          tried = tried.put(law.name(), 1, Integer::sum);
          if (law.law(desk).violations(cases, trial).nonEmpty()) {
            findings = findings.append(smallest(law, trial));
            open = open.remove(law);
          }
        }
      }
    }
    return new Proof(
        box.name(),
        seen.words().map(word -> word._1 + " is " + word._2).toList(),
        tried,
        leftOut(draws),
        draws,
        findings,
        List.empty(),
        List.empty(),
        leaks().appendAll(later()));
  }

  /** Which settings the first update of a batch does not see. */
  private Option<String> later() {
    boolean asked =
        laws.exists(law -> law.name().equals(SettingLaws.ACT) && !silent.containsKey(law.name()));
    Seq<String> names = asked ? desk.effects().onlyLater() : List.empty();
    return Option.when(
        names.nonEmpty(),
        () ->
            "on the policy itself, as in the first update of a batch, nothing moves with "
                + names.mkString(", "));
  }

  private Map<String, Map<String, Integer>> leftOut(Draws draws) {
    return silent.mapValues(why -> LinkedHashMap.of(why, draws.drawn()));
  }

  private Seq<String> leaks() {
    return CallLaws.leaks(box, Probes.offPolicy(0.3).head())
        .map(
            name ->
                "a gradient goes into "
                    + name
                    + ", were it of a graph: the caller has to detach it");
  }

  private boolean moves(Trial trial) {
    return desk.question(trial).answer() instanceof Answer.Numbers numbers
        && numbers.gradients().values().exists(g -> Arrays.stream(g).anyMatch(x -> x != 0));
  }

  /** Leaves out responses one by one as long as the law stays broken. */
  private Finding smallest(BoxLaw broken, Trial first) {
    Law law = broken.law(desk);
    Trial trial = first;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      Samples samples = trial.samples();
      int sequences = samples.size(Level.Name.SEQUENCE);
      for (int out = 0; out < sequences && sequences > 1 && !smaller; out++) {
        int without = out;
        int[] rest = IntStream.range(0, sequences).filter(s -> s != without).toArray();
        Samples fewer = Batches.of(samples, rest);
        Trial next = new Trial(trial.seed(), trial.kind(), fewer, trial.parameters());
        if (fewer.tokens() > 0 && law.violations(cases, next).nonEmpty()) {
          trial = next;
          smaller = true;
        }
      }
    }
    Seq<Violation> violations = law.violations(cases, trial).toList();
    Seq<String> own =
        List.of(
                TensorBatch.ADVANTAGE,
                Columns.REFERENCE_LOG_PROB,
                Columns.ROLLOUT_LOG_PROB,
                Columns.ENTROPY)
            .filter(box::reads);
    return new Finding(
        law,
        box.name(),
        trial.seed(),
        trial.kind(),
        trial.samples(),
        violations,
        own,
        Option.some(broken.guess()),
        List.empty());
  }

  @Override
  public void close() {
    cases.close();
  }
}
