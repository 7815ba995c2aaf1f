package lossmith.objective;

import io.vavr.Tuple;
import io.vavr.Tuple2;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.BinaryOperator;
import lossmith.dsl.Nearest;
import lossmith.explain.VerbHelp;
import lossmith.recipes.Recipe;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;

/** Where to read about a word that is no expression: a recipe, a part, a command, or nearly one. */
public final class OtherWords {
  /** As many words as are read at a glance. */
  private static final int SHOWN = 3;

  private static final String WORD = "[\\w-]+";

  private final Seq<Tuple2<String, String>> typed;

  /**
   * Words, and what is typed to read about each.
   *
   * @param recipes the recipes that can be named
   * @param commands the names of the commands
   * @param typed what is typed for a command and its argument, such as {@code show grpo}
   */
  public OtherWords(Seq<Recipe> recipes, Seq<String> commands, BinaryOperator<String> typed) {
    this.typed =
        recipes
            .map(Recipe::name)
            .appendAll(Parts.all().map(Part::name))
            .map(name -> Tuple.of(name, typed.apply("show", name)))
            .appendAll(VerbHelp.names().map(verb -> Tuple.of(verb, typed.apply("explain", verb))))
            .appendAll(commands.map(name -> Tuple.of(name, typed.apply(name, "--help"))));
  }

  /** What a word stands for. */
  Option<String> named(String text) {
    Seq<String> own = of(text);
    return Option.when(
        own.nonEmpty(), () -> "\"" + text + "\" is no expression. About it:" + lines(own));
  }

  /** What a word nearly stands for; nothing of a longer text. */
  Option<String> near(String text) {
    Seq<String> near = Nearest.near(text, typed.map(Tuple2::_1)).flatMap(this::of).take(SHOWN);
    return Option.when(
        text.matches(WORD) && near.nonEmpty(),
        () -> "\"" + text + "\" is no word that is known here. Perhaps:" + lines(near));
  }

  private Seq<String> of(String word) {
    return typed.filter(one -> one._1.equals(word)).map(Tuple2::_2);
  }

  private static String lines(Seq<String> all) {
    return all.distinct().map(one -> "\n  " + one).mkString();
  }
}
