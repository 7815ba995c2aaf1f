package lossmith.proofs.subject;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.Function;
import java.util.function.Supplier;
import lossmith.dsl.Problem;
import lossmith.proofs.trial.Trial;

/**
 * A case of an objective, drawn again while rounding decides something in it, a bounded number of
 * times.
 *
 * @param trial the case; nothing where every draw was turned down
 * @param again why draws were turned down, and how many for each reason
 * @param tokens how many tokens each of those had
 */
public record Attempt(Option<Trial> trial, Map<String, Integer> again, Seq<Integer> tokens) {
  /** Draws for one case, after which it is given up. */
  static final int LIMIT = 100;

  /**
   * {@return the first draw without an objection, or none}
   *
   * @param draw gives another case each time
   * @param against why a case is turned down, if it is
   */
  static Attempt of(Supplier<Trial> draw, Function<Trial, Option<String>> against) {
    Map<String, Integer> again = LinkedHashMap.empty();
    Seq<Integer> tokens = List.empty();
    for (int i = 0; i < LIMIT; i++) {
      Trial trial = draw.get();
      Option<String> reason = against.apply(trial);
      if (reason.isEmpty()) {
        return new Attempt(Option.some(trial), again, tokens);
      }
      again = again.put(reason.get(), 1, Integer::sum);
      tokens = tokens.append(trial.samples().tokens());
    }
    return new Attempt(Option.none(), again, tokens);
  }

  /** The case; a mistake of the objective, or of what its batches are narrowed to, without one. */
  Trial orThrow(String objective, Trial.Kind kind) {
    return trial.getOrElseThrow(
        () ->
            Problem.of(
                    "case",
                    objective
                        + " without a case of kind "
                        + kind
                        + " in "
                        + LIMIT
                        + " draws: "
                        + again.map(reason -> reason._1 + " (" + reason._2 + ")").mkString(", "),
                    "batches in which no rounding decides",
                    "an objective that does not compare numbers that differ by rounding alone, or"
                        + " batches of another sort")
                .exception());
  }
}
