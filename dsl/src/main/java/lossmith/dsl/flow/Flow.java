package lossmith.dsl.flow;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Fold;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;

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
    Paths paths = new Paths();
    Map<String, List<String>> reached = new Fold<>(paths).of(node);
    return new Flow(
        reached, paths.stopped().reverse().foldLeft(reached.filter(path -> false), Map::merge));
  }

  /**
   * {@return what is wrong between what a loss declares to train and what its gradient reaches;
   * empty if nothing is}
   *
   * @param loss any loss
   */
  public static Seq<Problem> check(Loss loss) {
    Flow flow = of(loss);
    Set<String> trains = loss.trains();
    Seq<Problem> strays =
        flow.reached
            .toList()
            .filter(path -> !trains.contains(path._1))
            .map(path -> stray(path._1, path._2));
    Seq<String> missed = trains.filter(name -> !flow.reached.containsKey(name)).toList().sorted();
    boolean dead = missed.size() == trains.size();
    return missed.map(name -> missing(dead, name, flow)).appendAll(strays);
  }

  private static Problem stray(String name, List<String> path) {
    return Problem.of(
        "stray-gradient",
        "a loss whose gradient reaches " + name + " by " + text(path),
        "gradient to declared inputs only",
        "stopGradient() on " + name + ", or training(\"" + name + "\") to train it");
  }

  private static Problem missing(boolean dead, String name, Flow flow) {
    String why =
        flow.stopped
            .get(name)
            .map(path -> "the gradient path ends at the stop-gradient " + text(path))
            .getOrElse(name + " does not occur in it");
    String remedy =
        name.equals(Loss.POLICY)
            ? "x.times(logProb()) to multiply by logProb()"
            : "training(...) without " + name + ", or a term that depends on it";
    return Problem.of(
        dead ? "dead-objective" : "not-reached",
        "a loss whose gradient does not reach " + name + ": " + why,
        "a gradient path to " + name,
        remedy);
  }

  private static String text(List<String> path) {
    return path.mkString(" > ").replace("of_chosen > log_pi", "log π(y_t)");
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
