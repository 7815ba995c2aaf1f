package lossmith.proofs;

import io.vavr.Lazy;
import io.vavr.collection.Iterator;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.proofs.estimator.EstimatorLaws;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.mutation.Mutant;
import lossmith.proofs.repair.Causes;
import lossmith.proofs.repair.Diagnosis;
import lossmith.proofs.repair.Remedies;
import lossmith.proofs.repair.Repairs;
import lossmith.proofs.subject.Attempt;
import lossmith.proofs.subject.Draws;
import lossmith.proofs.subject.Evaluations;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Ties;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Batches;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/** Holds objectives to laws, case by case; a case that breaks one is made smaller. */
public final class Prover {
  private static final Attempt NOT_TRIED =
      new Attempt(Option.none(), LinkedHashMap.empty(), List.empty());

  /** The laws that an objective is held to whatever is claimed of it. */
  private static final Lazy<Set<String>> PRESUMED =
      Lazy.of(() -> Laws.ofRoles().map(Law::name).toSet());

  private Prover() {}

  /**
   * {@return what came of trying laws on an objective}
   *
   * @param subject the objective
   * @param laws the laws
   * @param cases how many cases
   * @param seed the first of the seeds; each further case has the next seed of a kind of data that
   *     is an input of the objective
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
   * @param progress receives the number of cases done
   */
  public static Proof prove(Subject subject, int cases, long seed, IntConsumer progress) {
    return prove(subject, Laws.of(subject), cases, seed, progress);
  }

  /**
   * {@return what came of holding an objective to some laws}
   *
   * @param subject the objective
   * @param laws the laws
   * @param cases how many cases
   * @param seed the first of the seeds
   * @param progress receives the number of cases done
   */
  public static Proof prove(
      Subject subject, Seq<Law> laws, int cases, long seed, IntConsumer progress) {
    if (laws.exists(law -> law.name().equals(KnownLaws.NAME))) {
      KnownLaws.prepare();
    }
    if (laws.exists(Laws::compiles)) {
      subject.compileAhead();
    }
    Trying trying = new Trying(subject, laws);
    EnumMap<Trial.Kind, Integer> vain = new EnumMap<>(Trial.Kind.class);
    Iterator<Long> seeds =
        Trial.Kind.ordinaryFirst(seeds(subject, seed).take(cases).toList()).iterator();
    for (int i = 0; i < cases && trying.open.nonEmpty(); i++) {
      long next = seeds.next();
      Trial.Kind kind = Trial.Kind.of(next);
      progress.accept(i);
      Attempt attempt =
          vain.getOrDefault(kind, 0) < Draws.GIVE_UP ? subject.attempt(next, kind) : NOT_TRIED;
      if (attempt.trial().isDefined()) {
        vain.remove(kind);
        trying.on(attempt, attempt.trial().get());
      } else {
        vain.merge(kind, 1, Integer::sum);
        trying.draws = trying.draws.without(kind, attempt);
      }
    }
    trying.withoutAnyCase(
        () -> {
          long any = seeds(subject, seed).next();
          return subject.draw(any, Trial.Kind.of(any));
        });
    Seq<Finding> findings = trying.findings;
    Seq<Mutant> repairs =
        findings.isEmpty() ? List.empty() : Repairs.of(subject, findings.map(Finding::law), seed);
    Seq<String> observed =
        findings.isEmpty() && subject.claimed() ? List.empty() : observed(subject, seed);
    return new Proof(
        subject.name(),
        subject
            .presumed()
            .flatMap(part -> EstimatorLaws.lines(part).prepend(part.presumed().toString()))
            .appendAll(subject.deviations().map(Claim.Deviates::toString)),
        trying.tried,
        trying.leftOut,
        trying.draws,
        findings,
        List.empty(),
        repairs,
        observed);
  }

  /**
   * {@return what is true of an objective that nobody claims, whatever else is claimed}
   *
   * @param subject the objective
   * @param seed the first of the seeds
   */
  public static Seq<String> observed(Subject subject, long seed) {
    return Diagnosis.of(subject, seed);
  }

  /** The seeds, from one on, of the kinds of data that are inputs of an objective. */
  private static Iterator<Long> seeds(Subject subject, long first) {
    return Iterator.from(first).filter(seed -> subject.tries(Trial.Kind.of(seed)));
  }

  /** What has come of a proof so far. */
  private static final class Trying {
    private final Subject subject;
    private Seq<Law> open;
    private Map<String, Integer> tried = LinkedHashMap.empty();
    private Map<String, Map<String, Integer>> leftOut = LinkedHashMap.empty();
    private Seq<Finding> findings = List.empty();
    private Draws draws;
    private boolean objective = true;

    /** Laws that wait for TensorFlow are asked last. */
    private Trying(Subject subject, Seq<Law> laws) {
      this.subject = subject;
      this.open = laws.reject(Laws::compiles).appendAll(laws.filter(Laws::compiles));
      this.tried = laws.foldLeft(tried, (all, law) -> all.put(law.name(), 0));
      this.draws = Draws.none(subject);
    }

    private void on(Attempt attempt, Trial trial) {
      draws = draws.with(attempt, trial, Ties.tied(subject, trial), moves(trial));
      for (Law law : open) {
        if (law.scope() == Law.Scope.CASE
            && law.applies(trial)
            && tried.get(law.name()).get() < law.most()) {
          Option<String> silent = law.silent().of(subject, trial);
          for (String why : silent) {
            Map<String, Integer> known = leftOut.getOrElse(law.name(), LinkedHashMap.empty());
            leftOut = leftOut.put(law.name(), known.put(why, 1, Integer::sum));
          }
          if (silent.isEmpty()) {
            hold(law, trial);
          }
        } else if (law.scope() == Law.Scope.OBJECTIVE && objective) {
          hold(law, trial);
        }
      }
      objective = false;
    }

    /** Laws of the objective itself need no case in which rounding decides nothing. */
    private void withoutAnyCase(Supplier<Trial> any) {
      if (objective) {
        Trial trial = any.get();
        open.filter(law -> law.scope() == Law.Scope.OBJECTIVE).forEach(law -> hold(law, trial));
      }
    }

    private void hold(Law law, Trial trial) {
      tried = tried.put(law.name(), 1, Integer::sum);
      if (broken(law, subject, trial).nonEmpty()) {
        findings = findings.append(smallest(law, subject, trial));
        open = open.remove(law);
      }
    }

    private boolean moves(Trial trial) {
      Evaluations known = subject.on(trial);
      return subject
          .bound(Surface.STATISTICS)
          .gradients()
          .values()
          .exists(gradient -> Arrays.stream(known.of(gradient)).anyMatch(x -> x != 0));
    }
  }

  /** Where a law is broken; one that nobody asked for and that cannot be tried hides no other. */
  private static Seq<Violation> broken(Law law, Subject subject, Trial trial) {
    try {
      return law.violations(subject, trial);
    } catch (ProblemException refused) {
      if (!PRESUMED.get().contains(law.name())) {
        throw refused;
      }
      return List.of(
          new Violation.Fact(
              "this law cannot be tried on this loss, which may be right all the same: "
                  + refused.getMessage()));
    }
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
        Trial next = new Trial(trial.seed(), trial.kind(), fewer, trial.parameters());
        if (fewer.tokens() > 0 && broken(law, subject, next).nonEmpty()) {
          trial = next;
          smaller = true;
        }
      }
    }
    Seq<Violation> violations = broken(law, subject, trial).toList();
    return new Finding(
        law,
        subject.name(),
        trial.seed(),
        trial.kind(),
        trial.samples(),
        violations,
        subject.particular(),
        Causes.of(law, subject, trial, violations),
        Remedies.of(law.name()),
        List.empty());
  }
}
