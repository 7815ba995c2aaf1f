package lossmith.blackbox;

import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logProb;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.referenceLogProb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.stream.Stream;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses with a mistake, whose nearest objective is the one that a person would name. */
final class IdentificationTest {
  private static final Set<String> COLUMNS =
      HashSet.of(Columns.LOG_PROB, Columns.OLD_LOG_PROB, TensorBatch.ADVANTAGE);

  private static final Set<String> COLUMNS_OF_REFERENCE =
      HashSet.of(Columns.REWARD, Columns.ENTROPY).addAll(Columns.LOG_PROBS);

  private static final Seq<Recipe> RECIPES =
      List.of("reinforce", "ppo", "dr-grpo", "cispo", "gspo", "tis", "sapo", "grpo")
          .map(Recipes::get);

  private static final Clip CLIP = Clip.around(0.2, 0.2);

  private static Detached<Token> a() {
    return given(TensorBatch.ADVANTAGE, Axis.TOKEN);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "ppo",
            "the larger of the two",
            maximise(max(ratio().times(a()), ratio().clip(CLIP).times(a())).mean(Over.ALL_TOKENS))),
        Arguments.of(
            "ppo",
            "the sign of the loss",
            minimise(min(ratio().times(a()), ratio().clip(CLIP).times(a())).mean(Over.ALL_TOKENS))),
        Arguments.of(
            "ppo",
            "ten times as large",
            maximise(
                min(ratio().times(a()), ratio().clip(CLIP).times(a()))
                    .mean(Over.ALL_TOKENS)
                    .scaledBy(10))),
        Arguments.of(
            "ppo",
            "the ratio once more",
            maximise(
                min(ratio().times(a()), ratio().clip(CLIP).times(a()))
                    .times(ratio().stopGradient())
                    .mean(Over.ALL_TOKENS))));
  }

  @Test
  void aBoundOnTheWeightThatIsNoDistanceFromOneIsTold() {
    Loss loss =
        maximise(
            logProb()
                .times(a())
                .weightedBy(ratio().stopGradient().clip(Clip.between(0, 0.2)))
                .mean(Over.ALL_TOKENS));
    Identification found = identified(loss);
    assertTrue(
        found
            .equal()
            .exists(
                name ->
                    name.startsWith("cispo under paper's conventions, token-mean")
                        && name.contains("clip_high = -0.8")
                        && name.contains("clip_low = 1")),
        found.toString());
  }

  @Test
  void aGuardInADenominatorIsNoOtherObjective() {
    RecipeBox ppo =
        RecipeBox.of("guarded", Recipes.get("ppo").loss(Conventions.paper()), COLUMNS).get();
    Identification found = Identification.of(ppo.scaledBy(1 + 4e-8), RECIPES, done -> {});
    assertEquals("ppo", found.equal().head(), found.toString());
    assertTrue(found.toString().startsWith("equal up to 1e-7"), found.toString());
    Identification other = Identification.of(ppo.scaledBy(1 + 4e-5), RECIPES, done -> {});
    assertTrue(other.equal().isEmpty(), other.toString());
  }

  @Test
  void aPenaltyForLeavingWhatSampledIsTold() {
    Term<Token> gained = min(ratio().times(a()), ratio().clip(CLIP).times(a()));
    Term<Token> left = logProb().minus(oldLogProb()).square().scaledBy(0.25);
    Identification found = identified(maximise(gained.minus(left).mean(Over.ALL_TOKENS)));
    assertEquals(
        "0.5000·k2, no pull on the policy itself",
        found.seen().words().get("the penalty for leaving what sampled").get());
    assertEquals("ppo", found.nearest().get().name(), found.toString());
    assertEquals(
        List.of(
            "a penalty for leaving what sampled is added, 0.5000·k2, as the mean over all tokens"),
        found.nearest().get().differences().toList());
  }

  private static Identification identified(Loss loss) {
    BlackBox box = RecipeBox.of("wrong", loss, COLUMNS).get();
    return Identification.of(box, RECIPES, done -> {});
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("mistakes")
  void theNearestIsWhatAPersonWouldName(String name, String mistake, Loss loss) {
    Identification found = identified(loss);
    assertTrue(found.equal().isEmpty() && found.slopes().isEmpty(), found.toString());
    String nearest = found.nearest().get().name();
    assertTrue(nearest.equals(name) || nearest.startsWith(name + " "), mistake + ": " + found);
  }

  static Stream<Arguments> divergences() {
    Term<Token> d = referenceLogProb().minus(logProb());
    return Stream.of(
        Arguments.of("k3 where its gradient is another", d.expRemainder()),
        Arguments.of("k3 of the inverse ratio", d.negated().expRemainder()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("divergences")
  void aTermThatIsTheWholeLossIsNotAddedToAnother(String mistake, Term<Token> term) {
    Loss loss = minimise(term.mean(Over.ALL_TOKENS));
    BlackBox box = RecipeBox.of("wrong", loss, COLUMNS_OF_REFERENCE).get();
    Seq<Recipe> recipes =
        List.of("trajectory-entropy", "reinforce", "grpo", "opd", "iw-opd").map(Recipes::get);
    Identification found = Identification.of(box, recipes, done -> {});
    String nearest = found.nearest().get().name();
    assertTrue(nearest.matches("(iw-)?opd.*") && !nearest.contains("+"), mistake + ": " + found);
  }

  @Test
  void ofEqualObjectivesThePlainestIsNamed() {
    assertEquals(
        List.of(), Candidate.COMMON.toList().reject(name -> Recipes.named(name).isDefined()));
    Seq<Recipe> recipes =
        List.of("psr", "iw-opd", "gpg", "reinforce", "opd", "grpo", "ppo").map(Recipes::get);
    Loss reinforce = maximise(logProb().times(a()).mean(Over.ALL_TOKENS));
    Identification found = of(reinforce, COLUMNS, recipes);
    assertTrue(found.toString().contains("last digit: reinforce under paper's"), found.toString());
    assertEquals(1, found.equal().size(), "differing in their advantages alone: " + found);
    Loss grpo = Recipes.get("grpo").loss(Conventions.paper());
    assertTrue(of(grpo, COLUMNS, recipes).toString().endsWith("last digit: grpo"));
    Term<Token> turned = logProb().minus(referenceLogProb()).expRemainder();
    Identification near = of(minimise(turned.mean(Over.ALL_TOKENS)), COLUMNS_OF_REFERENCE, recipes);
    assertEquals("opd", near.nearest().get().name(), near.toString());
    assertTrue(!near.toString().contains("0 everywhere"), "no advantage moves it: " + near);
  }

  @Test
  void whatIsNoNumberIsToldAsThat() {
    Loss undefined = minimise(logProb().times(a()).dividedBy(a().minus(a())).mean(Over.ALL_TOKENS));
    String told =
        assertThrows(ProblemException.class, () -> of(undefined, COLUMNS, RECIPES).toString())
            .problems()
            .head()
            .toString();
    assertTrue(told.contains("no number on any ordinary batch"), told);
  }

  private static Identification of(Loss loss, Set<String> columns, Seq<Recipe> recipes) {
    return Identification.of(RecipeBox.of("asked", loss, columns).get(), recipes, done -> {});
  }

  @Test
  void aTermBesideAnObjectiveIsAddedToIt() {
    Term<Token> surrogate = max(ratio().times(a()), ratio().clip(CLIP).times(a()));
    Term<Token> penalty = referenceLogProb().minus(logProb()).expRemainder().scaledBy(0.1);
    Loss loss = maximise(surrogate.minus(penalty).mean(Over.ALL_TOKENS));
    BlackBox box = RecipeBox.of("wrong", loss, COLUMNS.add(Columns.REFERENCE_LOG_PROB)).get();
    Identification found =
        Identification.of(box, List.of("ppo", "opd").map(Recipes::get), done -> {});
    Identification.Nearest nearest = found.nearest().get();
    assertEquals("ppo", nearest.name());
    assertEquals(2, nearest.differences().size(), found.toString());
    assertTrue(nearest.differences().get(1).matches(".*added, 0\\.1.*k3.*"), found.toString());
  }

  @Test
  void whatIsFoundIsReadByPrograms() {
    Loss ppo =
        maximise(min(ratio().times(a()), ratio().clip(CLIP).times(a())).mean(Over.ALL_TOKENS));
    ObjectNode equal = identified(ppo).json(new ObjectMapper());
    assertTrue(equal.get("equal").toString().contains("ppo"), equal.toString());
    assertTrue(equal.get("seen").has("the denominator"), equal.toString());
    assertTrue(!equal.has("nearest"), equal.toString());
    ObjectNode near = identified(ppo.scaledBy(10)).json(new ObjectMapper());
    assertEquals(0, near.get("equal").size());
    assertTrue(near.get("nearest").get("differences").toString().contains("10"), near.toString());
  }
}
