package lossmith.proofs;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;

/** Holds objectives to laws, case by case; a case that breaks one is made smaller. */
public final class Prover {
  private Prover() {}

  /**
   * {@return what came of trying laws on an objective}
   *
   * @param subject the objective
   * @param laws the laws
   * @param cases how many cases
   * @param seed the first of the seeds; case i has the seed {@code seed + i}
   */
  public static Proof prove(Subject subject, Seq<Law> laws, int cases, long seed) {
    return prove(subject, laws, cases, seed, done -> {});
  }

  /**
   * {@return what came of holding an objective to all its laws}
   *
   * @param subject the objective
   * @param cases how many cases
   * @param seed the first of the seeds
   * @param progress is told how many cases are done
   */
  public static Proof prove(Subject subject, int cases, long seed, IntConsumer progress) {
    return prove(subject, subject.laws(), cases, seed, progress);
  }

  /**
   * {@return what came of holding an objective to some laws}
   *
   * @param subject the objective
   * @param laws the laws
   * @param cases how many cases
   * @param seed the first of the seeds
   * @param progress is told how many cases are done
   */
  public static Proof prove(
      Subject subject, Seq<Law> laws, int cases, long seed, IntConsumer progress) {
    Map<String, Integer> tried = LinkedHashMap.empty();
    Seq<Finding> findings = List.empty();
    Seq<Law> open = laws;
    for (int i = 0; i < cases && open.nonEmpty(); i++) {
      Trial trial = subject.trial(seed + i);
      progress.accept(i);
      for (Law law : open) {
        if (i > 0 && law.scope() == Law.Scope.OBJECTIVE) {
          continue;
        }
        tried = tried.put(law.name(), 1, Integer::sum);
        if (law.violations(subject, trial).nonEmpty()) {
          findings = findings.append(smallest(law, subject, trial));
          open = open.remove(law);
        }
      }
    }
    Seq<Mutant> repairs =
        findings.isEmpty() ? List.empty() : Repairs.of(subject, findings.map(Finding::law), seed);
    Seq<String> observed =
        findings.isEmpty() && subject.claimed() ? List.empty() : Observations.of(subject, seed);
    return new Proof(subject.name(), tried, findings, repairs, observed);
  }

  /** Leaves out sequences one by one as long as the law stays broken. */
  private static Finding smallest(Law law, Subject subject, Trial broken) {
    Trial trial = broken;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      // Pairs are left out as pairs.
      Samples samples = trial.samples();
      Level.Name unit =
          samples.columns().contains(Columns.SIGN) ? Level.Name.GROUP : Level.Name.SEQUENCE;
      int sequences = samples.size(Level.Name.SEQUENCE);
      int[] units =
          unit == Level.Name.GROUP
              ? samples.parents(Level.Name.SEQUENCE, unit)
              : IntStream.range(0, sequences).toArray();
      for (int out = 0; out < samples.size(unit) && !smaller; out++) {
        int without = out;
        int[] rest = IntStream.range(0, sequences).filter(s -> units[s] != without).toArray();
        Samples fewer = Batches.of(samples, rest);
        Trial next = new Trial(trial.seed(), trial.kind(), fewer, trial.settings());
        if (fewer.tokens() > 0 && law.violations(subject, next).nonEmpty()) {
          trial = next;
          smaller = true;
        }
      }
    }
    return new Finding(
        law,
        subject.name(),
        trial.seed(),
        trial.kind(),
        trial.samples(),
        law.violations(subject, trial));
  }
}
