package lossmith.proofs;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.GROUPS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.data.Grid;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.proofs.law.Laws;
import lossmith.proofs.stated.Plain;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.subject.FromSample;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import org.junit.jupiter.api.Test;

/** Any loss can be proved: on the data that it is meant for, beside loops of its own. */
final class ProvingTest {
  private static final int WIDTH = 9;
  private static final double[] PRICES = {0.5, 2, 0.25, 8};

  /** Four responses to two prompts, one of a single token, each with a price above 0. */
  private static Samples sample() {
    int[] lengths = {3, 6, 1, 2};
    int tokens = Arrays.stream(lengths).sum();
    double[] logTeacher = new double[tokens * WIDTH];
    for (int i = 0; i < logTeacher.length; i++) {
      boolean inside = i % WIDTH % 3 == 0;
      logTeacher[i] = inside ? -Math.log(3) : Double.NEGATIVE_INFINITY;
    }
    return new SamplesBuilder(lengths, new int[] {0, 0, 1, 1})
        .sampled(new int[tokens])
        .grid("teacher_log_pi", Grid.of(logTeacher, WIDTH))
        .column(Columns.REWARD, Level.Name.SEQUENCE, new double[] {0, 1, 1, 0})
        .column("price", Level.Name.SEQUENCE, PRICES)
        .column(Columns.SIGN, Level.Name.SEQUENCE, new double[] {1, -1, -1, 1})
        .build();
  }

  /** Of any price it is not defined: a logarithm of what is below 0. */
  private static Loss priced() {
    Detached<Level.Token> weight = given("price", SEQUENCE).log().per(TOKEN);
    return maximise(logProb().times(weight).mean(ALL_TOKENS));
  }

  private static Seq<String> broken(Proof proof) {
    return proof.findings().map(finding -> finding.law().name());
  }

  @Test
  void whatIsNotDefinedOfAnyNumberHoldsOnTheDataThatItIsMeantFor() {
    assertTrue(broken(Proving.of(priced()).cases(20).prove()).contains("finite"));
    Proof proof = Proving.of(priced()).from(sample()).cases(20).prove();
    assertEquals(List.empty(), broken(proof), proof::toString);
    assertTrue(
        proof.report().contains("from the data that was given: reward, price"), proof::report);
  }

  @Test
  void casesHaveTheNumbersOfTheDataAndPoliciesOfTheirOwn() {
    Narrowing from =
        new Narrowing(
            io.vavr.collection.HashMap.empty(),
            new FromSample(sample()),
            HashSet.of("price"),
            HashSet.of(Trial.Kind.ORDINARY));
    try (Subject subject =
        new Subject("priced", priced(), List.empty(), io.vavr.control.Option.none(), from)) {
      for (long seed = 0; seed < 50; seed += Trial.Kind.ROUND) {
        Samples samples = subject.trial(seed).samples();
        assertTrue(
            Arrays.stream(samples.column("price").get())
                .allMatch(x -> Arrays.stream(PRICES).anyMatch(y -> x == y)));
        assertTrue(Arrays.stream(samples.lengths()).allMatch(n -> n <= 4));
        assertTrue(samples.tokens() > 0);
      }
    }
  }

  @Test
  void pairsStayPairs() {
    Loss dpo =
        maximise(logProb().sum(TOKENS).weightedBy(sign()).sum(SEQUENCES).logSigmoid().mean(GROUPS));
    Proof proof = Proving.of(dpo).from(sample()).cases(10).prove();
    assertEquals(List.empty(), broken(proof), proof::toString);
  }

  /** Σ_v q_v (log q_v − log π_v) of a teacher that excludes most entries. */
  private static Loss distilled() {
    Detached<Vocabulary> teacher = given("teacher_log_pi", VOCABULARY_ENTRY);
    return minimise(expected(teacher, teacher.minus(logPi())).mean(ALL_TOKENS));
  }

  @Test
  void anOwnGridMayExcludeEntries() {
    Proof proof = Proving.of(distilled()).from(sample()).cases(20).prove();
    assertEquals(List.empty(), broken(proof), proof::toString);
  }

  private static double loss(Plain x, double times) {
    double sum = 0;
    for (int t = 0; t < x.tokens(); t++) {
      sum += times * x.logProb(t);
    }
    return -sum / x.tokens();
  }

  @Test
  void aLossIsHeldToLoopsOfItsOwn() {
    Loss raised = maximise(logProb().mean(ALL_TOKENS));
    Proving proving = Proving.of(raised).cases(10);
    assertEquals(List.empty(), broken(proving.stated((x, held) -> loss(x, 1)).prove()));
    assertEquals(List.of("stated"), broken(proving.stated((x, held) -> loss(x, 2)).prove()));
  }

  /** A user's class that says twice what it is, the second time with half of it. */
  private record Halved() implements Recipe, Statement {
    @Override
    public Card card() {
      return Card.of("halved", "log π", new Source("notes", "page 1", ""));
    }

    @Override
    public Loss loss(Conventions c) {
      return maximise(logProb().mean(ALL_TOKENS));
    }

    @Override
    public double loss(Plain live, Plain detached) {
      return ProvingTest.loss(live, 0.5);
    }
  }

  @Test
  void aClassIsHeldToItsOwnLoops() {
    try (Subject subject = Subject.of(new Halved())) {
      assertEquals(List.of("stated"), broken(Prover.prove(subject, Laws.of(subject), 5, 1)));
    }
  }

  @Test
  void theKindsAreThoseAskedFor() {
    Proof proof = Proving.of(priced()).from(sample()).trying(Trial.Kind.TIED).cases(7).prove();
    assertEquals(7, proof.draws().drawn());
  }

  @Test
  void aSampleWithoutTokensIsAMistake() {
    Samples none = new SamplesBuilder(new int[] {0}, new int[] {0}).build();
    assertThrows(ProblemException.class, () -> Proving.of(priced()).from(none));
  }
}
