package lossmith.cli;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import java.io.PrintWriter;
import java.io.StringWriter;
import lossmith.Main;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.objective.Objectives;
import lossmith.recipes.Card;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;

/** What a command line printed and how it ended. */
record Typed(int exit, String out, String err) {
  /** A user's own objective: the clipped surrogate of centred rewards, averaged over all tokens. */
  public static final class Clipped implements Recipe {
    @Override
    public Card card() {
      return Card.of(
          "clipped", "clipped surrogate of centred rewards", Recipes.all().head().source());
    }

    @Override
    public Loss loss(Conventions c) {
      Detached<Token> a =
          reward().minus(reward().mean(Over.SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN);
      Term<Token> r = ratio();
      Clip clip = Clip.around(parameter("low", 0.2, 0, 1), parameter("high", 0.28, 0, 10));
      return maximise(min(r.weightedBy(a), r.clip(clip).weightedBy(a)).mean(Over.ALL_TOKENS));
    }
  }

  static Typed run(String... args) {
    return run(new Objectives(List.of(new Clipped())), args);
  }

  /** The same with all recipes of the library. */
  static Typed withRecipes(String... args) {
    return run(new Objectives(Recipes.all()), args);
  }

  /** The same with some recipes. */
  static Typed run(Objectives objectives, String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.commandLine(objectives)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Typed(exit, out.toString(), err.toString());
  }
}
