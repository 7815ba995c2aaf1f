package lossmith.proofs.role;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.expected;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.Tuple;
import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What each recipe and each part is, as its source says, against what its term reads as. */
final class PresumptionTest {
  /** Each line: the roles of a loss, part by part, and the recipes that have them. */
  private static final String RECIPES =
      """
      objective POLICY_SURROGATE: ppo grpo dapo-as-printed dapo gspo gspo-sequence luspo sapo gmpo
        dr-grpo ppo-token-is ce-gppo aspo decoupled-ppo m2po opsm entropy-shaped forking-tokens
        clip-cov clip-cov-given self-certainty token-entropy trajectory-entropy opd
      objective REINFORCE: reinforce nsr w-reinforce gpg nash-md iw-opd
      objective IMPORTANCE_WEIGHTED: cispo dppo-tv dppo-kl tis topr vespo
      objective IMITATION: psr dft sft
      objective POLICY_SURROGATE, kl REGULARISER: prorl
      objective REINFORCE, objective REGULARISER: dro
      objective POLICY_SURROGATE, objective REGULARISER: kl-cov unified
      objective POLICY_SURROGATE, nll IMITATION: vapo-nll
      objective POLICY_SURROGATE, objective VALUE_REGRESSION, objective ENTROPY_BONUS:
        ppo-actor-critic
      loss VALUE_REGRESSION: value-clipped
      objective UNKNOWN: qpg rmpg prm
      loss UNKNOWN: rpg
      loss UNKNOWN, loss MULTIPLIER, loss REGULARISER: mpo
      loss REINFORCE, loss MULTIPLIER, loss REGULARISER: v-mpo
      loss REWARD_REGRESSION: gvpo tpo flowrl a2po sppo
      objective PREFERENCE_PAIR: dpo cdpo simpo nca bco-pair dpo-length-normalised aot
        aot-unpaired wpo alphapo ld-dpo
      loss PREFERENCE_PAIR: dpo-hinge ipo apo-zero apo-down robust-dpo exo sppo-hard discopop
      preference PREFERENCE_PAIR, nll IMITATION: cpo tpo-triple tpo-l tpo-hinge tpo-ipo
      objective IMITATION, odds PREFERENCE_PAIR: orpo
      objective PREFERENCE_PAIR, objective REINFORCE: xpo
      order PREFERENCE_PAIR, centre UNKNOWN: reward-model
      loss UNPAIRED_PREFERENCE: kto apo-zero-unpaired
      objective UNPAIRED_PREFERENCE: bco implicit-prm
      divergence DISTILLATION: distil-forward-kl distil-reverse-kl distil-jsd distil-tvd
        distil-top-k sdpo distil-mixed-kl distil-adaptive-kl distil-skew-forward
        distil-skew-reverse distil-uld distil-top-k-reverse distil-top-k-mixed distil-top-k-tail
      next DISTILLATION, after POLICY_SURROGATE: minillm
      """;

  /** The part of an objective that is not the clipped surrogate, or what stands beside it. */
  private static final Map<String, String> PARTS =
      List.of(
              Tuple.of("log-prob", "objective REINFORCE"),
              Tuple.of("held-ratio", "objective IMPORTANCE_WEIGHTED"),
              Tuple.of("held-ratio-tapered", "objective IMPORTANCE_WEIGHTED"),
              Tuple.of("held-ratio-inside", "objective IMPORTANCE_WEIGHTED"))
          .toMap(pair -> pair);

  private static final Map<String, Role> BESIDE =
      HashMap.of(
          "negative-entropy", Role.ENTROPY_BONUS,
          "imitation", Role.IMITATION);

  private static Map<String, String> recipes() {
    return List.of(RECIPES.replace("\n  ", " ").strip().split("\n", -1))
        .flatMap(
            line -> {
              String[] both = line.split(":", -1);
              return List.of(both[1].strip().split(" +", -1))
                  .map(name -> Tuple.of(name, both[0].strip()));
            })
        .toMap(pair -> pair);
  }

  private static String part(Part<?> part) {
    if (part.kind() == Part.Kind.SCORE) {
      return "objective PREFERENCE_PAIR";
    }
    if (part.kind() == Part.Kind.REGULARISER) {
      Role role =
          BESIDE.getOrElse(
              part.name(),
              part.name().startsWith("value-") ? Role.VALUE_REGRESSION : Role.REGULARISER);
      return "objective POLICY_SURROGATE, " + part.name() + " " + role.name();
    }
    return PARTS.getOrElse(part.name(), "objective POLICY_SURROGATE");
  }

  private static String roles(Loss loss) {
    return Presumption.of(loss)
        .map(reading -> reading.part() + " " + reading.role().name())
        .mkString(", ");
  }

  @TestFactory
  Stream<DynamicTest> everyRecipeReadsAsWhatItIs() {
    Map<String, String> table = recipes();
    return Recipes.all()
        .toJavaStream()
        .map(
            recipe ->
                DynamicTest.dynamicTest(
                    recipe.name(),
                    () ->
                        assertEquals(
                            table.getOrElse(recipe.name(), "a line in the table"),
                            roles(recipe.loss(Conventions.paper())))));
  }

  @TestFactory
  Stream<DynamicTest> everyPartReadsAsWhatItIs() {
    return Parts.all()
        .toJavaStream()
        .map(
            part ->
                DynamicTest.dynamicTest(
                    part.name(),
                    () ->
                        assertEquals(
                            part(part),
                            roles(Composition.of(part.name()).loss(Conventions.paper())))));
  }

  @Test
  void everyPresumptionOfTheCatalogueIsComplete() {
    Seq<String> missing =
        Recipes.all()
            .flatMap(recipe -> Presumption.of(recipe.loss(Conventions.paper())))
            .filter(reading -> reading.missing().isDefined())
            .map(PresumedRole::toString);
    assertEquals(List.empty(), missing);
  }

  private static String only(Loss loss) {
    Seq<PresumedRole> readings = Presumption.of(loss);
    assertEquals(1, readings.size(), readings::toString);
    return readings.head() + readings.head().missing().map(what -> ", " + what).getOrElse("");
  }

  @Test
  void itSaysWhatItWasDerivedFrom() {
    Detached<Token> a = reward().per(TOKEN);
    assertEquals(
        "objective reads as a policy surrogate: exp(log π(y_t) - log π_old(y_t)) carries the"
            + " gradient, times a detached term of reward",
        only(maximise(ratio().times(a).mean(ALL_TOKENS))));
    assertEquals(
        "loss reads as a regulariser towards ref_log_prob: (log π(y_t) - log π_ref(y_t))^2 carries"
            + " the gradient",
        only(minimise(logProb().minus(referenceLogProb()).square().mean(ALL_TOKENS))));
  }

  @Test
  void itSaysWhatIsMissing() {
    assertTrue(only(maximise(ratio().mean(ALL_TOKENS))).endsWith(", no advantage"));
    assertTrue(
        only(minimise(value().square().mean(ALL_TOKENS)).training(Columns.VALUE))
            .endsWith(", no return"));
    assertTrue(
        only(minimise(logProb().minus(referenceLogProb()).logSigmoid().mean(ALL_TOKENS)))
            .endsWith(", neither a reward nor a label"));
  }

  @Test
  void theSameWrittenOtherwiseReadsTheSame() {
    Detached<Token> a = reward().per(TOKEN);
    var d = referenceLogProb().minus(logProb());
    var k3 = d.exp().minus(d).shiftedBy(-1);
    var entropy = logPi().exp().times(logPi()).sum(lossmith.dsl.Over.VOCABULARY).negated();
    Loss loss =
        maximise(
            logProb()
                .times(a)
                .minus(k3.scaledBy(0.1))
                .plus(entropy.scaledBy(0.01))
                .mean(ALL_TOKENS));
    assertEquals(
        "objective REINFORCE, objective REGULARISER, objective ENTROPY_BONUS", roles(loss));
    Loss apart =
        maximise(logProb().times(a).mean(ALL_TOKENS))
            .plus(minimise(expected(logPi(), logPi()).mean(ALL_TOKENS)).as("bonus"));
    assertEquals("objective REINFORCE, bonus ENTROPY_BONUS", roles(apart));
  }
}
