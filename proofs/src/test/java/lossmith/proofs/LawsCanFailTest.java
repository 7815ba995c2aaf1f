package lossmith.proofs;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import java.util.function.UnaryOperator;
import lossmith.dsl.Axis;
import lossmith.dsl.BinaryOp;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Direction;
import lossmith.dsl.Fold;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Nodes;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Rebuild;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.UnaryOp;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.print.Formula;
import lossmith.proofs.law.BatchLaws;
import lossmith.proofs.law.FlowLaws;
import lossmith.proofs.law.GuardLaws;
import lossmith.proofs.law.Laws;
import lossmith.proofs.law.ScanLaws;
import lossmith.proofs.law.SoftmaxLaws;
import lossmith.proofs.law.SplitLaws;
import lossmith.proofs.law.UnscoredLaws;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.part.Composition;
import lossmith.recipes.policy.Cispo;
import lossmith.recipes.policy.Dro;
import lossmith.recipes.policy.Grpo;
import lossmith.recipes.policy.Gspo;
import lossmith.recipes.policy.Misprints;
import org.junit.jupiter.api.Test;

/**
 * A law that nothing can break proves nothing: each is broken here by one wrong thing.
 *
 * <p>Long because one wrong thing for each law is here; those of sums are in {@link
 * SumLawsCanFailTest}, those of guards in {@link GuardLawsCanFailTest}.
 */
final class LawsCanFailTest {
  private static final int CASES = 24;
  private static final Loss GRPO = new Grpo().loss(Conventions.paper());

  private static Set<String> broken(Subject subject) {
    try (subject) {
      return Prover.prove(subject, Laws.of(subject), CASES, 1)
          .findings()
          .map(f -> f.law().name())
          .toSet();
    }
  }

  private static Set<String> broken(
      UnaryOperator<BoundLoss> referred, UnaryOperator<BoundLoss> translated) {
    return broken(
        new Subject(
            "tampered", GRPO, List.empty(), Option.none(), Narrowing.NONE, referred, translated));
  }

  private static BoundLoss with(BoundLoss b, UnaryOperator<Map<String, Node>> gradients) {
    return new BoundLoss(b.surface(), b.parts(), b.metrics(), gradients.apply(b.gradients()));
  }

  private static Node twice(Node node) {
    return Nodes.binary(BinaryOp.PLUS, node, node);
  }

  private static BoundLoss doubledParts(BoundLoss b) {
    return new BoundLoss(
        b.surface(), b.parts().mapValues(LawsCanFailTest::twice), b.metrics(), b.gradients());
  }

  private static BoundLoss doubledMetrics(BoundLoss b) {
    return new BoundLoss(
        b.surface(), b.parts(), b.metrics().mapValues(LawsCanFailTest::twice), b.gradients());
  }

  private static BoundLoss doubledGradient(BoundLoss b) {
    return with(b, gradients -> gradients.mapValues(LawsCanFailTest::twice));
  }

  /** The gradient with respect to log π in place of that with respect to the logits. */
  private static BoundLoss softmaxForgotten(BoundLoss b) {
    Node sampled =
        Nodes.select(
            Nodes.sampled(),
            Nodes.constant(1, Level.Name.VOCABULARY),
            Nodes.constant(0, Level.Name.VOCABULARY));
    return with(
        b,
        gradients ->
            gradients.containsKey(BoundLoss.LOGITS)
                ? gradients.put(BoundLoss.LOGITS, sampled)
                : gradients);
  }

  /** The square of the raw logits added: z-loss, which a softmax does not close. */
  private static BoundLoss rawLogits(BoundLoss b) {
    Node logits = Nodes.given(BoundLoss.LOGITS, Level.Name.VOCABULARY);
    Node square =
        Nodes.reduce(
            lossmith.dsl.ReduceOp.MEAN,
            Nodes.unary(UnaryOp.SQUARE, logits),
            Level.Name.BATCH,
            0,
            Option.none());
    return new BoundLoss(
        b.surface(),
        b.parts().mapValues(part -> Nodes.binary(BinaryOp.PLUS, part, square)),
        b.metrics(),
        b.gradients());
  }

  @Test
  void grpoBreaksNone() {
    assertEquals(HashSet.empty(), broken(b -> b, b -> b));
  }

  @Test
  void anotherValueBreaksValue() {
    assertTrue(broken(b -> b, LawsCanFailTest::doubledParts).contains("value"));
  }

  @Test
  void anotherMetricBreaksMetrics() {
    assertEquals(HashSet.of("metrics"), broken(b -> b, LawsCanFailTest::doubledMetrics));
  }

  @Test
  void anotherGradientBreaksGradientAndBothOracles() {
    Set<String> broken = broken(LawsCanFailTest::doubledGradient, LawsCanFailTest::doubledGradient);
    assertTrue(
        broken.containsAll(List.of("central-difference", "automatic", "fused")), "" + broken);
    assertTrue(broken(b -> b, LawsCanFailTest::doubledGradient).contains("gradient"));
  }

  @Test
  void aGradientThatDataWouldNotHaveBreaksStopGradient() {
    Loss cispo = new Cispo().loss(Conventions.paper());
    UnaryOperator<BoundLoss> same = UnaryOperator.identity();
    Subject gradient =
        new Subject(
            "tampered",
            cispo,
            List.empty(),
            Option.none(),
            Narrowing.NONE,
            LawsCanFailTest::doubledGradient,
            same);
    assertTrue(broken(gradient).contains("stop-gradient"));
  }

  @Test
  void aForgottenSoftmaxBreaksTheZeroSum() {
    assertTrue(broken(b -> b, LawsCanFailTest::softmaxForgotten).contains("softmax-zero-sum"));
  }

  @Test
  void rawLogitsBreakTheShift() {
    assertTrue(broken(b -> b, LawsCanFailTest::rawLogits).contains("softmax-shift"));
  }

  /** Beyond the saturation e^d − d − 1 goes on with the slope of −d, away from the reference. */
  @Test
  void anArgumentThatGoesOnBesideItsExponentialIsNotSaturated() {
    Term<Token> d = Terms.referenceLogProb().minus(logProb());
    Term<Token> back = logProb().minus(Terms.referenceLogProb());
    List<Term<Token>> runaway =
        List.of(
            d.expm1().minus(d),
            d.exp().minus(d).shiftedBy(-1),
            back.plus(back.negated().expm1()).scaledBy(0.5),
            d.exp()
                .scaledBy(2)
                .plus(logProb().scaledBy(2))
                .minus(Terms.referenceLogProb().scaledBy(2)));
    for (Term<Token> k3 : runaway) {
      Loss loss = Terms.minimise(k3.mean(ALL_TOKENS));
      assertTrue(!saturates(loss), Formula.unicode(loss));
    }
    List<Term<Token>> right =
        List.of(d.expRemainder(), d.clip(Clip.between(-20, 20)).expm1().minus(back), d.exp());
    for (Term<Token> held : right) {
      Loss loss = Terms.minimise(held.mean(ALL_TOKENS));
      assertTrue(saturates(loss), Formula.unicode(loss));
    }
  }

  private static boolean saturates(Loss loss) {
    try (Subject subject = new Subject("extreme", loss)) {
      return List.range(1, CASES)
          .map(seed -> subject.trial(seed, Trial.Kind.EXTREME))
          .forAll(trial -> GuardLaws.saturated().violations(subject, trial).isEmpty());
    }
  }

  @Test
  void theLogOfALogProbabilityIsNotFinite() {
    Loss loss = maximise(logProb().log().mean(ALL_TOKENS));
    assertTrue(broken(new Subject("log-log", loss)).contains("finite"));
  }

  /** What the largest key belongs to is written to the first place. */
  @Test
  void anOrderThatIsWrittenToPlacesIsNoPermutation() {
    Loss loss =
        maximise(
            logProb()
                .weightedBy(
                    given(Columns.VALUE, Axis.TOKEN)
                        .sortedBy(given("q_value", Axis.TOKEN), ALL_TOKENS))
                .mean(ALL_TOKENS));
    try (Subject placed = new Subject("placed", loss)) {
      assertTrue(
          List.range(1, CASES)
              .map(seed -> placed.trial(seed, Trial.Kind.ORDINARY))
              .exists(trial -> BatchLaws.permutation().violations(placed, trial).nonEmpty()));
    }
  }

  @Test
  void aDeviationOfRoundingBreaksTheTiesOfRounding() {
    var reward = Terms.reward();
    var std = reward.std(Over.SEQUENCES, 0);
    var apart = reward.minus(reward.mean(Over.SEQUENCES).per(Axis.SEQUENCE));
    var a =
        Terms.select(
            std.positive().per(Axis.SEQUENCE),
            apart.dividedBy(std.per(Axis.SEQUENCE)),
            Terms.constant(0, Axis.SEQUENCE));
    Loss loss = maximise(logProb().weightedBy(a.per(Axis.TOKEN).as("A")).mean(ALL_TOKENS));
    assertEquals(HashSet.of("ties-of-rounding"), broken(new Subject("rounding", loss)));
  }

  /** Bound as if every response had a reward. */
  @Test
  void aResponseWithoutARewardIsNoneWithTheReward0() {
    try (Subject grpo = new Subject("grpo", GRPO)) {
      Trial trial = grpo.trial(0, Trial.Kind.ORDINARY);
      assertTrue(
          UnscoredLaws.violations(
                  grpo,
                  trial,
                  1e-9,
                  (loss, columns) ->
                      BoundLoss.of(loss, Surface.STATISTICS, columns.remove(Columns.REWARD_KNOWN)))
              .nonEmpty());
    }
  }

  @Test
  void theMisprintedCispoDeclaresWhatItDoesNotReach() {
    Loss printed = Misprints.cispo(Conventions.paper());
    assertTrue(FlowLaws.violations(printed).nonEmpty());
    assertTrue(FlowLaws.violations(Terms.minimise(logProb().mean(ALL_TOKENS))).isEmpty());
  }

  /** A penalty made of steps is dead for ever, beside a surrogate that is not. */
  @Test
  void aPartWithoutAGradientIsNoneThatTrains() {
    var steps = logProb().above(Terms.constant(-1, Axis.TOKEN)).indicator().mean(ALL_TOKENS);
    Loss loss = maximise(logProb().mean(ALL_TOKENS)).plus(Terms.minimise(steps).as("steps"));
    Subject subject = new Subject("steps", loss);
    assertTrue(broken(subject).contains("declared-inputs"));
    assertTrue(
        FlowLaws.violations(maximise(logProb().mean(ALL_TOKENS)).log("steps", steps)).isEmpty());
  }

  @Test
  void aSequenceRatioIsNotSplitByTokens() {
    try (Subject gspo = new Subject("gspo", new Gspo().loss(Conventions.paper()))) {
      assertTrue(
          List.range(1, CASES)
              .map(seed -> gspo.trial(seed, Trial.Kind.ORDINARY))
              .exists(
                  t ->
                      SplitLaws.violations(
                              gspo, t, 1e-12, Level.Name.SEQUENCE, Option.some(Level.Name.TOKEN))
                          .nonEmpty()));
    }
  }

  private static Set<String> broken(Loss loss, Claim claim) {
    return broken(new Subject("claims", loss, List.of(claim), Option.none()));
  }

  @Test
  void aPenaltyIsNotHomogeneousInTheAdvantage() {
    Loss dro = new Dro().loss(Conventions.paper());
    assertEquals(HashSet.of("homogeneous"), broken(dro, new Claim.Homogeneous("A")));
  }

  @Test
  void aRewardIsNotCentred() {
    Loss raw =
        maximise(logProb().weightedBy(Terms.reward().per(Axis.TOKEN).as("A")).mean(ALL_TOKENS));
    assertEquals(HashSet.of("centred"), broken(raw, new Claim.Centred("A")));
  }

  @Test
  void anotherMeanIsNotReinforceOfThatMean() {
    Claim sums = new Claim.OnPolicy("A", x -> x.sum(ALL_TOKENS));
    assertEquals(HashSet.of("on-policy", "natural-gradient"), broken(GRPO, sums));
  }

  @Test
  void aScanFromTheOtherEndBreaksTheScan() {
    Rebuild turned =
        new Rebuild() {
          @Override
          public Node scan(Node.Scan node, Node addend, Node coefficient) {
            return Nodes.scan(addend, coefficient, Direction.FORWARD);
          }
        };
    Loss gae = Composition.of("gae").loss(Conventions.paper());
    UnaryOperator<BoundLoss> referred =
        b ->
            new BoundLoss(
                b.surface(),
                b.parts().mapValues(new Fold<>(turned)::of),
                b.metrics(),
                b.gradients());
    try (Subject subject =
            new Subject(
                "turned",
                gae,
                List.empty(),
                Option.none(),
                Narrowing.NONE,
                referred,
                UnaryOperator.identity());
        Subject right = new Subject("gae", gae)) {
      Seq<Trial> trials = List.range(1, CASES).map(seed -> right.trial(seed, Trial.Kind.ORDINARY));
      assertTrue(trials.exists(t -> ScanLaws.unrolled().violations(subject, t).nonEmpty()));
      assertTrue(trials.forAll(t -> ScanLaws.unrolled().violations(right, t).isEmpty()));
    }
  }

  @Test
  void aForgottenSoftmaxBreaksTheClosedForm() {
    Set<String> broken =
        broken(LawsCanFailTest::softmaxForgotten, LawsCanFailTest::softmaxForgotten);
    assertTrue(broken.contains("softmax-closed-form"), "" + broken);
  }

  @Test
  void anOrderThatIsWrittenToPlacesKnowsTheVocabulary() {
    var sorted =
        given("action_value", Axis.VOCABULARY_ENTRY)
            .sortedBy(Terms.referenceLogPi(), Over.VOCABULARY);
    Loss loss = maximise(Terms.expected(Terms.logPi(), sorted).mean(ALL_TOKENS));
    try (Subject placed = new Subject("placed", loss)) {
      assertTrue(
          List.range(1, CASES)
              .map(seed -> placed.trial(seed, Trial.Kind.ORDINARY))
              .exists(trial -> SoftmaxLaws.relabelled().violations(placed, trial).nonEmpty()));
    }
  }

  @Test
  void aClaimAboutASymbolThatIsNotThereSaysSo() {
    ProblemException wrong =
        assertThrows(ProblemException.class, () -> broken(GRPO, new Claim.Sign("advantage")));
    assertTrue(wrong.toString().contains("a claim about advantage"), wrong.toString());
  }
}
