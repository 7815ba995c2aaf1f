package my;

import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;

import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Diagnostics;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Advantages;

/** A ratio that is bent towards its bounds instead of cut off at them. */
public final class Smooth implements Recipe {
  public Card card() {
    Source source = new Source("Lab notes", "page 1", "https://example.org/notes");
    return Card.of("smooth", "A surrogate with a ratio bounded smoothly between 0 and 2", source);
  }

  public Loss loss(Conventions c) {
    var bent = ratio().shiftedBy(-1).tanh().shiftedBy(1);
    var advantage = Advantages.groupNormalised(reward(), c);
    return Diagnostics.policy(maximise(bent.weightedBy(advantage).mean(ALL_TOKENS)));
  }
}
