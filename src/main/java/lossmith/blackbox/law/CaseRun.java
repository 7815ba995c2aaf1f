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
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import lossmith.blackbox.TensorBatch;
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
 * Holds what nobody sees into to laws, on the cases of the proofs; a case that breaks one is made
 * smaller.
 */
final class CaseRun implements AutoCloseable {
  private final String name;
  private final Subject cases;
  private final Seq<Asked> laws;
  private final Seq<String> own;
  private final Predicate<Trial> moves;

  /**
   * A law.
   *
   * @param law the law
   * @param guess which mistake likely breaks it
   * @param silent why it does not speak of this one, if so
   */
  record Asked(Law law, String guess, Option<String> silent) {}

  /**
   * A run.
   *
   * @param name what to call what is held to laws
   * @param laws the laws
   * @param own the columns of a case that are shown besides what every case has
   * @param moves whether something is learnt of a case
   */
  CaseRun(String name, Seq<Asked> laws, Seq<String> own, Predicate<Trial> moves) {
    this.name = name;
    this.cases = new Subject(name, maximise(drawn()));
    this.laws = laws;
    this.own = own;
    this.moves = moves;
  }

  /** An objective that reads what cases are to have: advantages, and log-probs of the policy. */
  private static lossmith.dsl.Term<Level.Batch> drawn() {
    return logProb()
        .weightedBy(given(TensorBatch.ADVANTAGE, SEQUENCE).per(TOKEN))
        .mean(Over.ALL_TOKENS);
  }

  /** Whether a law is asked, and speaks. */
  boolean speaks(String law) {
    return laws.exists(one -> one.law.name().equals(law) && one.silent.isEmpty());
  }

  /** What came of it. */
  Proof prove(
      int count,
      long seed,
      IntConsumer progress,
      Seq<String> presumed,
      Supplier<Seq<String>> observed) {
    Seq<Asked> open = laws.filter(one -> one.silent.isEmpty());
    Draws draws = Draws.none(cases);
    Map<String, Integer> tried =
        laws.foldLeft(LinkedHashMap.empty(), (all, one) -> all.put(one.law.name(), 0));
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
      draws = draws.with(attempt, trial, List.empty(), moves.test(trial));
      for (Asked one : open) {
        if (one.law.applies(trial)) {
          tried = tried.put(one.law.name(), 1, Integer::sum);
          if (one.law.violations(cases, trial).nonEmpty()) {
            findings = findings.append(smallest(one, trial));
            open = open.remove(one);
          }
        }
      }
    }
    return new Proof(
        name,
        presumed,
        tried,
        leftOut(draws.drawn()),
        draws,
        findings.sortBy(finding -> !BoxLaws.directions().contains(finding.law().name())),
        List.empty(),
        List.empty(),
        observed.get());
  }

  private Map<String, Map<String, Integer>> leftOut(int drawn) {
    return laws.flatMap(one -> one.silent.map(why -> Tuple.of(one.law.name(), why)))
        .toLinkedMap(law -> law._1, law -> LinkedHashMap.of(law._2, drawn));
  }

  /** Leaves out responses one by one as long as the law stays broken. */
  private Finding smallest(Asked broken, Trial first) {
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
        if (fewer.tokens() > 0 && broken.law.violations(cases, next).nonEmpty()) {
          trial = next;
          smaller = true;
        }
      }
    }
    Seq<Violation> violations = broken.law.violations(cases, trial).toList();
    return new Finding(
        broken.law,
        name,
        trial.seed(),
        trial.kind(),
        trial.samples(),
        violations,
        own,
        Option.some(broken.guess),
        Option.none(),
        List.empty());
  }

  @Override
  public void close() {
    cases.close();
  }
}
