package lossmith.cli;

import static lossmith.dsl.Terms.maximise;
import static lossmith.dsl.Terms.min;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.ratio;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.LinkedHashMap;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Supplier;
import lossmith.Main;
import lossmith.dsl.Axis;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Term;

/** What a command line printed and how it ended. */
record Typed(int exit, String out, String err) {
  /** A user's own objective: the clipped surrogate of centred rewards, averaged over all tokens. */
  public static final class Clipped implements Supplier<Loss> {
    @Override
    public Loss get() {
      Detached<Token> a =
          reward().minus(reward().mean(Over.SEQUENCES).per(Axis.SEQUENCE)).per(Axis.TOKEN);
      Term<Token> r = ratio();
      Clip clip = Clip.around(parameter("low", 0.2, 0, 1), parameter("high", 0.28, 0, 10));
      return maximise(min(r.weightedBy(a), r.clip(clip).weightedBy(a)).mean(Over.ALL_TOKENS));
    }
  }

  static Typed run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(LinkedHashMap.of("clipped", new Clipped())))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Typed(exit, out.toString(), err.toString());
  }
}
