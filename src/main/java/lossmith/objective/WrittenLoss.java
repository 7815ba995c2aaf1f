package lossmith.objective;

import java.util.function.Function;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * A loss that was written down without a class of its own: an expression, a static method of a
 * source file, JSON.
 *
 * @param name what to call it
 * @param title what it is, in one line
 * @param place where it was written
 * @param made gives the loss under conventions
 */
record WrittenLoss(String name, String title, String place, Function<Conventions, Loss> made)
    implements Recipe {
  @Override
  public Card card() {
    return Card.of(name, title, new Source(place, "as written", ""));
  }

  @Override
  public Loss loss(Conventions c) {
    return made.apply(c);
  }
}
