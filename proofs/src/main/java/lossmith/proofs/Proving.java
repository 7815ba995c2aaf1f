package lossmith.proofs;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.Loss;
import lossmith.dsl.Range;
import lossmith.dsl.data.Samples;
import lossmith.proofs.law.Laws;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.subject.FromSample;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/**
 * A proof of a loss that is asked for step by step, as in a shell; each step is another such value.
 * What the steps say is what {@link ObjectiveProperties} says in a suite.
 *
 * <pre>{@code
 * Proving.of(loss).from(samples).range("clip_low", new Range(0.2, 0.1, 0.3)).prove()
 * }</pre>
 */
public final class Proving {
  private static final int CASES = 50;

  private final Loss loss;
  private final Seq<Claim> claims;
  private final Option<Statement> statement;
  private final Narrowing narrowing;
  private final int cases;

  private Proving(
      Loss loss, Seq<Claim> claims, Option<Statement> statement, Narrowing narrowing, int cases) {
    this.loss = loss;
    this.claims = claims;
    this.statement = statement;
    this.narrowing = narrowing;
    this.cases = cases;
  }

  /** {@return a proof of a loss of which nothing is claimed, on every case} */
  public static Proving of(Loss loss) {
    Narrowing all = new Narrowing(LinkedHashMap.empty(), UnaryOperator.identity());
    return new Proving(loss, List.empty(), Option.none(), all, CASES);
  }

  private Proving on(
      Map<String, Range> ranges,
      UnaryOperator<Samples> batches,
      Set<String> taken,
      Set<Trial.Kind> kinds) {
    return new Proving(
        loss, claims, statement, new Narrowing(ranges, batches, taken, kinds), cases);
  }

  /** {@return the same, with what the loss is meant to be beyond what is true of every one} */
  public Proving claiming(Claim... those) {
    return new Proving(loss, claims.appendAll(List.of(those)), statement, narrowing, cases);
  }

  /** {@return the same, held to the same objective as loops over plain numbers} */
  public Proving stated(Statement loops) {
    return new Proving(loss, claims, Option.some(loops), narrowing, cases);
  }

  /**
   * {@return the same on batches of some data: a few of its responses at a time, cut to a few
   * tokens; what narrows them is done to these}
   *
   * @param samples the data
   * @throws lossmith.dsl.ProblemException if it has no token
   */
  public Proving from(Samples samples) {
    FromSample some = new FromSample(samples);
    UnaryOperator<Samples> then = narrowing.batches();
    return on(
        narrowing.parameters(),
        drawn -> then.apply(some.apply(drawn)),
        some.taken(),
        narrowing.kinds());
  }

  /**
   * {@return the same, a parameter drawn from less than its range}
   *
   * @param parameter its name
   * @param range a part of its range
   */
  public Proving range(String parameter, Range range) {
    return on(
        narrowing.parameters().put(parameter, range),
        narrowing.batches(),
        narrowing.taken(),
        narrowing.kinds());
  }

  /**
   * {@return the same on batches that are made inputs of the loss, each from one as it is drawn}
   */
  public Proving batch(UnaryOperator<Samples> made) {
    UnaryOperator<Samples> before = narrowing.batches();
    return on(
        narrowing.parameters(),
        drawn -> made.apply(before.apply(drawn)),
        narrowing.taken(),
        narrowing.kinds());
  }

  /** {@return the same on these kinds of data alone} */
  public Proving trying(Trial.Kind... kinds) {
    return on(
        narrowing.parameters(), narrowing.batches(), narrowing.taken(), LinkedHashSet.of(kinds));
  }

  /** {@return the same on so many cases; 50 unless it is said} */
  public Proving cases(int count) {
    return new Proving(loss, claims, statement, narrowing, count);
  }

  /**
   * {@return what came of it}
   *
   * @throws lossmith.dsl.ProblemException where a range is none of a parameter of the loss
   */
  public Proof prove() {
    try (Subject subject = new Subject("mine", loss, claims, statement, narrowing)) {
      return Prover.prove(subject, Laws.of(subject), cases, 1);
    }
  }
}
