package lossmith.proofs.known;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.next;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.rolloutLogProb;
import static lossmith.dsl.Terms.scanBackward;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.sign;
import static lossmith.dsl.Terms.value;
import static lossmith.proofs.known.HandWritten.NEAR;
import static lossmith.proofs.known.HandWritten.cispo;
import static lossmith.proofs.known.HandWritten.clipped;
import static lossmith.proofs.known.HandWritten.critic;
import static lossmith.proofs.known.HandWritten.dapo;
import static lossmith.proofs.known.HandWritten.dpo;
import static lossmith.proofs.known.HandWritten.grpo;
import static lossmith.proofs.known.HandWritten.gspo;
import static lossmith.proofs.known.HandWritten.ipo;
import static lossmith.proofs.known.HandWritten.klCov;
import static lossmith.proofs.known.HandWritten.logRatio;
import static lossmith.proofs.known.HandWritten.margin;
import static lossmith.proofs.known.HandWritten.meanLogRatio;
import static lossmith.proofs.known.HandWritten.normalised;
import static lossmith.proofs.known.HandWritten.penalty;
import static lossmith.proofs.known.HandWritten.ratio;
import static lossmith.proofs.known.HandWritten.room;
import static lossmith.proofs.known.HandWritten.tilted;
import static lossmith.proofs.known.HandWritten.tpo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.dsl.Clip;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Term;
import lossmith.dsl.print.Formula;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.subject.Violation;
import lossmith.recipes.Aggregation;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is said of objectives that are written by hand, right, wrong in one place, and invented.
 *
 * <p>Long because it is a table of losses, each of which stands alone.
 */
final class KnownLawsTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Written(String name, Loss loss, String... said) {}

  private static DynamicTest test(Written one) {
    return DynamicTest.dynamicTest(
        one.name(),
        () -> {
          Seq<Violation> found = KnownLaws.violations(one.loss());
          assertEquals(one.said().length > 0, found.nonEmpty(), found::toString);
          for (String words : one.said()) {
            assertTrue(found.head().toString().contains(words), () -> words + "\n" + found.head());
          }
        });
  }

  /** The policies and the ratio as they should be. */
  private static Term<Token> surrogate() {
    return clipped(ratio(), normalised());
  }

  private static Term<Token> ratioTo(Detached<Token> other) {
    return logProb().minus(other).exp();
  }

  private static Detached<Sequence> centred() {
    return reward().minus(reward().mean(SEQUENCES).per(SEQUENCE));
  }

  private static Detached<Sequence> punishment() {
    return room().clip(Clip.between(-1, 0));
  }

  private static Detached<Token> overMean() {
    Detached<Token> w =
        oldLogProb().minus(rolloutLogProb()).exp().clip(Clip.atMost(constant(2, BATCH)));
    return w.dividedBy(w.mean(ALL_TOKENS).per(TOKEN));
  }

  private static Loss unweightedKto() {
    Detached<Batch> z =
        max(given("mismatched_log_ratio", SEQUENCE).mean(ALL_SEQUENCES), constant(0, BATCH));
    Condition<Sequence> good = reward().above(constant(0, SEQUENCE));
    Detached<Sequence> label = select(good, constant(1, SEQUENCE), constant(-1, SEQUENCE));
    Term<Sequence> x = logRatio().sum(TOKENS).minus(z.per(SEQUENCE)).times(label).scaledBy(-0.1);
    return minimise(x.sigmoid().mean(ALL_SEQUENCES));
  }

  private static Loss unlikelihood() {
    Detached<Sequence> wrong = reward().positive().not().indicator();
    Term<Token> otherwise = logProb().exp().negated().shiftedBy(1).log();
    return maximise(otherwise.weightedBy(wrong.per(TOKEN)).mean(ALL_TOKENS));
  }

  private static Detached<Token> lambdaReturns() {
    Detached<Token> v = given("old_value", TOKEN);
    Detached<Token> mixed = given("token_reward", TOKEN).plus(next(v, 0).scaledBy(0.0495));
    return scanBackward(mixed, constant(0.9405, TOKEN)).minus(v);
  }

  private static Detached<Token> weight() {
    return ratio().clip(NEAR).stopGradient();
  }

  private static Term<Token> response() {
    return logProb().minus(logProb().stopGradient()).plus(meanLogRatio());
  }

  private static Term<Token> near(Detached<Token> old) {
    return value().clipBetween(old.shiftedBy(-0.2), old.shiftedBy(0.2));
  }

  @TestFactory
  Stream<DynamicTest> oneMistakeIsNamed() {
    Detached<Token> a = normalised();
    Term<Token> r = ratio();
    Detached<Sequence> std = reward().std(SEQUENCES, 1).shiftedBy(1e-6).per(SEQUENCE);
    return Stream.of(
            new Written(
                "grpo with max for min",
                grpo(max(a.times(r), a.times(r.clip(NEAR)))),
                "an operation is another",
                "min(",
                "max("),
            new Written(
                "grpo against the reference",
                grpo(clipped(ratioTo(referenceLogProb()), a)),
                "a column stands in the place of another",
                "has log π_old(y_t), this has log π_ref(y_t)"),
            new Written(
                "grpo multiplied by the std",
                grpo(clipped(r, centred().times(std).per(TOKEN))),
                "upside down"),
            new Written(
                "grpo with the mean added",
                grpo(
                    clipped(
                        r,
                        reward()
                            .plus(reward().mean(SEQUENCES).per(SEQUENCE))
                            .dividedBy(std)
                            .per(TOKEN))),
                "the sign is turned"),
            new Written(
                "dapo with a punishment that is subtracted",
                dapo(punishment().negated()),
                "the sign is turned"),
            new Written(
                "dapo with a punishment that is not bounded", dapo(room()), "a term is missing"),
            new Written(
                "cispo without stopGradient",
                maximise(normalised().times(logProb()).times(r.clip(NEAR)).mean(ALL_TOKENS)),
                "what is held constant is another"),
            new Written(
                "cispo weighed by a log-ratio",
                cispo(logProb().minus(oldLogProb()).clip(NEAR).stopGradient()),
                "a function is missing"),
            new Written(
                "gspo without the policy's own log-prob held",
                gspo(logProb().plus(meanLogRatio())),
                "gspo",
                "a term is missing"),
            new Written(
                "gspo with the sign of the held log-prob turned",
                gspo(logProb().plus(logProb().stopGradient()).plus(meanLogRatio())),
                "gspo",
                "the sign is turned"),
            new Written(
                "dpo with the reference added",
                dpo(margin(logProb().plus(referenceLogProb()))),
                "dpo",
                "Direct Preference Optimization",
                "the sign is turned"),
            new Written(
                "dpo with the mean of the pair for its difference",
                dpo(logRatio().weightedBy(sign().per(TOKEN)).sum(TOKENS).mean(SEQUENCES)),
                "dpo",
                "an operation is another"),
            new Written(
                "dpo against the policy that sampled",
                dpo(margin(logProb().minus(oldLogProb()))),
                "dpo",
                "a column stands in the place of another"),
            new Written(
                "kl-cov with a penalty that is added",
                klCov(r.times(a).plus(penalty())),
                "kl-cov",
                "the sign is turned",
                "Deviates(\"known-objective\", why)"),
            new Written(
                "kl-cov without its penalty in the chosen branch's absolute value",
                klCov(
                    r.times(a)
                        .minus(logProb().minus(oldLogProb()).scaledBy(parameter("c", 1, 0, 10)))),
                "kl-cov",
                "a function is missing"),
            new Written(
                "tpo of the reference's tilted distribution",
                tpo(logProb().sum(TOKENS), tilted(referenceLogProb())),
                "tpo",
                "a column stands in the place of another"),
            new Written(
                "a clipped value with min for max",
                critic(lossmith.dsl.Terms::min, near(given("old_value", TOKEN))),
                "an operation is another"))
        .map(KnownLawsTest::test);
  }

  /** Of two objectives that are long, one mistake each is made where the term is that it is at. */
  @TestFactory
  Stream<DynamicTest> oneMistakeInALongObjectiveIsNamed() {
    return Stream.of(
            mutant("v-mpo", "/ → *", "exp(A_t / η - m) / Z", "upside down"),
            mutant("sdpo", "- → +", "log π(v) - m", "the sign is turned"),
            mutant("mpo", "+ → -", "epsilon_alpha - sg(KL)", "epsilon_alpha has the other sign"),
            mutant("ld-dpo", "branches swapped", "{ld_alpha if", "has 1, this has ld_alpha"),
            mutant("discopop", "* → /", "beta·Σ_i", "beta divides where it should multiply"),
            mutant("flowrl", "first operand dropped", "beta·R", "a term is missing"),
            mutant(
                "distil-top-k-mixed",
                "second operand dropped",
                "forward_weight·F + (1",
                "half of a mixture is missing"))
        .map(KnownLawsTest::test);
  }

  private static Written mutant(String recipe, String change, String at, String said) {
    Loss wrong =
        Mutants.of(Recipes.get(recipe).loss(Conventions.paper()))
            .find(one -> one.change().equals(change) && Formula.line(one.site()).startsWith(at))
            .get()
            .loss()
            .get();
    return new Written(recipe + ", " + change + " at " + at, wrong, recipe, said);
  }

  @TestFactory
  Stream<DynamicTest> whatIsRightOrInventedIsNot() {
    Detached<Token> a = normalised();
    Term<Token> r = ratio();
    Detached<Token> own = given("difficulty_weight", TOKEN);
    return Stream.of(
            new Written("grpo", grpo(surrogate())),
            new Written("dapo", dapo(punishment())),
            new Written("cispo", cispo(weight())),
            new Written("gspo", gspo(response())),
            new Written("dpo", dpo(margin(logRatio()))),
            new Written("ipo", ipo(margin(logRatio()), 2)),
            new Written("kl-cov", klCov(r.times(a).minus(penalty()))),
            new Written("tpo", tpo(logProb().sum(TOKENS), tilted(oldLogProb()))),
            new Written(
                "a clipped value",
                critic(lossmith.dsl.Terms::max, near(given("old_value", TOKEN)))),
            new Written("other bounds", grpo(r.clip(Clip.between(0.5, 3)).times(a))),
            new Written("weights over their mean", grpo(surrogate().weightedBy(overMean()))),
            new Written("KTO without weights", unweightedKto()),
            new Written("unlikelihood of what is wrong", unlikelihood()),
            new Written(
                "returns less the values that were recorded", grpo(clipped(r, lambdaReturns()))),
            new Written("a column of weights", grpo(surrogate().weightedBy(own))),
            new Written("a new squashing", grpo(r.shiftedBy(-1).tanh().times(a))),
            new Written("a squashed advantage", grpo(clipped(r, a.tanh()))),
            new Written(
                "a tempered advantage",
                grpo(clipped(r, a.scaledBy(parameter("temper", 0.5, 0, 1))))),
            new Written(
                "an advantage with a bonus", grpo(clipped(r, a.plus(given("curiosity", TOKEN))))),
            new Written("a punishment of one's own", dapo(given("repetition", SEQUENCE).negated())),
            new Written(
                "a baseline of one's own",
                grpo(clipped(r, reward().minus(given("baseline", SEQUENCE)).per(TOKEN)))),
            new Written(
                "lengths that weigh",
                grpo(surrogate().weightedBy(length().per(TOKEN).shiftedBy(1).log()))),
            new Written(
                "an importance weight of one's own",
                grpo(surrogate().weightedBy(oldLogProb().minus(rolloutLogProb()).exp().tanh()))),
            new Written(
                "a margin of one's own",
                dpo(margin(logRatio()).minus(given("margin", lossmith.dsl.Axis.GROUP)))),
            new Written(
                "a weighted pair", dpo(margin(logRatio().times(logProb().stopGradient().exp())))),
            new Written(
                "a penalty by the fourth power",
                grpo(surrogate())
                    .plus(
                        minimise(
                                logRatio()
                                    .square()
                                    .square()
                                    .mean(ALL_TOKENS)
                                    .scaledBy(parameter("beta", 0.1, 0, 1)))
                            .as("kl"))),
            new Written(
                "the mean over the largest advantages",
                maximise(surrogate().mean(ALL_TOKENS.where(given("hard", TOKEN).positive())))),
            new Written(
                "a surrogate of the square root of the ratio",
                grpo(logProb().minus(oldLogProb()).scaledBy(0.5).exp().times(a))),
            new Written(
                "two rewards",
                grpo(
                    clipped(r, normalised(reward().plus(given("style", SEQUENCE).scaledBy(0.3)))))))
        .map(KnownLawsTest::test);
  }

  @TestFactory
  Stream<DynamicTest> everyRecipeAndPartIsItselfUnderAllConventions() {
    Seq<Conventions> all =
        List.ofAll(Conventions.all().values())
            .appendAll(List.of(Aggregation.values()).map(Conventions.paper()::aggregating));
    return Recipes.all()
        .appendAll(Parts.all().map(part -> Composition.of(part.name())))
        .toJavaStream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.name(), () -> isItself(recipe, all)));
  }

  private static void isItself(Recipe recipe, Seq<Conventions> all) {
    for (Conventions c : all) {
      assertEquals(List.empty(), KnownLaws.violations(recipe.loss(c)).toList());
    }
  }
}
