package lossmith.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Conventions;
import lossmith.recipes.advantage.Advantages;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

class SubTermChangeTest {
  private static Loss surrogate(Clip clip, Detached<Token> advantage) {
    return Terms.maximise(
        Terms.min(
                Terms.ratio().weightedBy(advantage), Terms.ratio().clip(clip).weightedBy(advantage))
            .mean(Over.ALL_TOKENS));
  }

  private static Detached<Token> normalised() {
    return Advantages.groupNormalised(Terms.reward(), Conventions.paper()).as("A");
  }

  private static Detached<Token> plain() {
    return Terms.reward().per(lossmith.dsl.Axis.TOKEN).as("A");
  }

  @Test
  void oneObjectiveDiffersFromItselfInNothing() {
    Loss loss = surrogate(Clip.around(0.2, 0.28), normalised());
    assertTrue(SubTermChange.between(loss, loss).isEmpty());
  }

  /** Where one sub-term is all that differs, the first with it is the second. */
  @Test
  void withTheOnlyOtherSubTermItIsTheOtherObjective() {
    Loss base = surrogate(Clip.around(0.2, 0.28), normalised());
    for (Loss other :
        List.of(
            surrogate(Clip.around(0.2, 0.2), normalised()),
            surrogate(Clip.around(0.2, 0.28), plain()))) {
      Seq<SubTermChange> changes = SubTermChange.between(base, other);
      assertEquals(1, changes.size(), changes.toString());
      assertEquals(other.fingerprint(), changes.head().hybrid().fingerprint());
    }
  }

  @Test
  void aTermWithANameIsToldByIt() {
    Clip clip = Clip.around(0.2, 0.28);
    assertEquals(
        List.of("A"),
        SubTermChange.between(surrogate(clip, normalised()), surrogate(clip, plain()))
            .map(SubTermChange::name)
            .toList());
  }

  @Test
  void parametersOfOneNameAreComparedWhereTheRestIsPutTogetherOtherwise() {
    Seq<SubTermChange> changes = SubTermChange.between(recipe("grpo"), recipe("dapo"));
    SubTermChange clip = changes.find(one -> one.name().equals("clip_high")).get();
    assertEquals("clip_high = 0.2", clip.from());
    assertEquals("clip_high = 0.28", clip.to());
    assertEquals(
        0.28,
        clip.hybrid().parameters().find(p -> p.name().equals("clip_high")).get().range().initial());
    assertTrue(changes.exists(one -> one.name().equals(SubTermChange.REST)));
  }

  /** Another term and another mean are two changes: which of them matters can be told. */
  @Test
  void whatIsAveragedIsToldFromHowItIs() {
    Term<Token> clipped =
        Terms.min(
            Terms.ratio().weightedBy(normalised()),
            Terms.ratio().clip(Clip.around(0.2, 0.28)).weightedBy(normalised()));
    Term<Token> other =
        Terms.logProb()
            .weightedBy(Terms.ratio().stopGradient().clip(Clip.between(0, 1.28)))
            .weightedBy(normalised());
    Loss first = Terms.maximise(clipped.mean(Over.ALL_TOKENS));
    Loss second = Terms.maximise(other.mean(Over.TOKENS).mean(Over.ALL_SEQUENCES));
    Seq<SubTermChange> changes = SubTermChange.between(first, second);
    assertEquals(
        List.of("the term of a token", SubTermChange.REST),
        changes.map(SubTermChange::name).toList());
    assertEquals(
        Terms.maximise(other.mean(Over.ALL_TOKENS)).fingerprint(),
        changes.get(0).hybrid().fingerprint());
    assertEquals(
        Terms.maximise(clipped.mean(Over.TOKENS).mean(Over.ALL_SEQUENCES)).fingerprint(),
        changes.get(1).hybrid().fingerprint());
  }

  private static Loss recipe(String name) {
    return Recipes.all().find(r -> r.name().equals(name)).get().loss(Conventions.paper());
  }
}
