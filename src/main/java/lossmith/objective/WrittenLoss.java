package lossmith.objective;

import java.util.function.Function;
import lossmith.dsl.Loss;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;

/**
 * A loss that was written down without a class of its own: an expression, or a static method of a
 * source file.
 *
 * @param name what to call it
 * @param place where it was written
 * @param made gives the loss under conventions
 */
record WrittenLoss(String name, String place, Function<Conventions, Loss> made) implements Recipe {
  @Override
  public Card card() {
    return Card.of(name, "written in " + place, new Source(place, "as written", ""));
  }

  @Override
  public Loss loss(Conventions c) {
    return made.apply(c);
  }
}
