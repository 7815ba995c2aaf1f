package lossmith.dsl.flow;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.ArrayList;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.Inputs;

/**
 * Which trained inputs the gradient of a loss reaches, by structure alone: {@link Loss#POLICY} for
 * the policy, otherwise the input's name.
 *
 * @param reached one path to each input that is reached: the words from the loss down to the column
 * @param stopped one path to each input that lies under a stop-gradient, from there down
 */
public record Flow(Map<String, List<String>> reached, Map<String, List<String>> stopped) {
  /**
   * {@return the flow of a loss}
   *
   * @param loss any loss
   */
  public static Flow of(Loss loss) {
    return of(loss.value().node());
  }

  /**
   * {@return the flow of a node}
   *
   * @param node any node
   */
  public static Flow of(Node node) {
    java.util.List<Map<String, List<String>>> stopped = new ArrayList<>();
    Map<String, List<String>> reached = Paths.fold(stopped).of(node);
    return new Flow(
        reached, List.ofAll(stopped).reverse().foldLeft(reached.filter(path -> false), Map::merge));
  }

  /**
   * {@return the problems between the inputs that a loss declares to train and those that its
   * gradient reaches: dead inputs and parts (see {@link #dead}), and gradient that reaches an input
   * that is not declared; empty if there are none}
   *
   * @param loss any loss
   */
  public static Seq<Problem> check(Loss loss) {
    Set<String> trains = loss.trains();
    Seq<Problem> strays =
        of(loss)
            .reached
            .toList()
            .filter(path -> !trains.contains(path._1))
            .map(path -> stray(path._1, path._2));
    return dead(loss).appendAll(strays);
  }

  /**
   * {@return the dead inputs and parts of a loss, whatever the policy and the data: an input that
   * it declares to train and whose gradient is 0 everywhere, a part without any gradient; empty if
   * there are none}
   *
   * <p>Two things are checked: the structure (a gradient that no path leads to) and the simplified
   * derivative (one that is identically 0, such as that of a term minus itself). A gradient that is
   * 0 only where π_old = π, such as the penalty of KL-Cov, is not dead: see {@link OnPolicy#dead}.
   *
   * <p>A loss that declares to train nothing, {@code loss.training()}, is a value to be reported,
   * and nothing of it is dead.
   *
   * @param loss any loss
   */
  public static Seq<Problem> dead(Loss loss) {
    Set<String> trains = loss.trains();
    if (trains.isEmpty()) {
      return List.empty();
    }
    Flow flow = of(loss);
    Set<String> taught = Zeros.taught(loss.value());
    Seq<String> missed = trains.filter(name -> !taught.contains(name)).toList().sorted();
    boolean dead = missed.size() == trains.size();
    Seq<Problem> inputs = missed.map(name -> missing(dead, name, flow, loss));
    return dead || loss.parts().size() == 1
        ? inputs
        : inputs.appendAll(
            loss.parts()
                .filterValues(part -> Zeros.taught(part).isEmpty())
                .map(part -> deadPart(part._1)));
  }

  /**
   * Refuses a loss of which something is {@link #dead}: every place that compiles or scores a loss
   * asks this first.
   *
   * @param loss any loss
   * @throws lossmith.dsl.ProblemException with all that is dead of it
   */
  public static void refuseDead(Loss loss) {
    Problem.throwAll(dead(loss));
  }

  private static Problem deadPart(String part) {
    return Problem.of(
        "dead-part",
        "a loss whose part " + part + " has the gradient 0, whatever the policy and the data",
        "a gradient in each part",
        "the loss without it, or log(\"" + part + "\", x.stopGradient()) to watch its value");
  }

  private static Problem stray(String name, List<String> path) {
    return Problem.of(
        "stray-gradient",
        "a loss whose gradient reaches " + name + " by " + text(path),
        "gradient to declared inputs only",
        "stopGradient() on " + name + ", or training(\"" + name + "\") to train it");
  }

  private static Problem missing(boolean dead, String name, Flow flow, Loss loss) {
    String why =
        flow.reached
            .get(name)
            .map(path -> "its derivative is 0, whatever the policy and the data, by " + text(path))
            .orElse(
                () ->
                    flow.stopped
                        .get(name)
                        .map(path -> "the gradient path ends at the stop-gradient " + text(path)))
            .getOrElse(
                name
                    + (occurs(name, loss)
                        ? " occurs only where there is no slope, such as in a comparison"
                        : " does not occur in it"));
    String remedy =
        name.equals(Loss.POLICY)
            ? "x.times(logProb()) to multiply by logProb()"
                + (flow.stopped.containsKey(name)
                    ? ", or x for x.stopGradient() where gradient is to flow through x"
                    : "")
            : "training(...) without " + name + ", or a term that depends on it";
    return Problem.of(
        dead ? "dead-objective" : "not-reached",
        "a loss whose gradient does not reach " + name + ": " + why,
        "a gradient path to " + name,
        remedy);
  }

  private static boolean occurs(String name, Loss loss) {
    String column = name.equals(Loss.POLICY) ? Columns.LOG_PI : name;
    return Inputs.withDefaults(loss).columns().exists(input -> input.name().equals(column));
  }

  private static String text(List<String> path) {
    return path.mkString(" > ").replace("of_sampled > log_pi", "log π(y_t)");
  }

  /** {@return a line for each input that is reached, and one for each that is stopped} */
  @Override
  public String toString() {
    return lines("reaches ", " by: ", reached)
        .appendAll(lines("stopped: ", " under ", stopped))
        .mkString("\n");
  }

  private static List<String> lines(String head, String link, Map<String, List<String>> paths) {
    return paths.toList().map(path -> head + path._1 + link + text(path._2));
  }
}
