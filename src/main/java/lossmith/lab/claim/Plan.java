package lossmith.lab.claim;

import io.vavr.collection.List;
import io.vavr.collection.Seq;

/**
 * A task, a size and seeds to try the claims with, as options of the command {@code train}.
 *
 * @param name of its folder
 * @param options such as {@code --steps 150}
 */
public record Plan(String name, Seq<String> options) {
  /** Two passes over a batch in four parts each, so that ratios leave the bounds of the clip. */
  private static final String ALWAYS =
      "--steps 150 --minibatches 4 --epochs 2 --evaluate-every 25 --held-out 32 --samples 64 --k 8";

  private static final String SMALL = " --layers 3 --width 64 --heads 4";
  private static final String LARGE = " --layers 4 --width 128 --heads 4";

  private static Plan of(String task, String size, int seeds) {
    return new Plan(
        task + (size.equals(LARGE) ? "-large" : ""),
        List.of((ALWAYS + size + " --task " + task + " --seeds " + seeds).split(" ", -1)));
  }

  /** {@return one task and one size, in less than 100 minutes on two processors} */
  public static Plan usual() {
    return of("addition", SMALL, 5);
  }

  /** {@return three tasks, of which one also in another size, with more seeds} */
  public static Seq<Plan> thorough() {
    return List.of(
        of("addition", SMALL, 10),
        of("target", SMALL, 10),
        of("two-ways", SMALL, 10),
        of("addition", LARGE, 10));
  }
}
