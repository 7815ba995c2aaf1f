package lossmith.recipes.catalogue;

import io.vavr.collection.Seq;
import lossmith.recipes.Recipe;

/**
 * Recipes that do the same in different ways.
 *
 * @param name a word for it, such as {@code preference}
 * @param title what they have in common, in a line
 * @param recipes in the order in which they are listed
 */
public record Family(String name, String title, Seq<Recipe> recipes) {}
