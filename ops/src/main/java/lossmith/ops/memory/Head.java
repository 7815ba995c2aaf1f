package lossmith.ops.memory;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import lossmith.dsl.Problem;

/**
 * The output layer that a loss over hidden states is compiled for: logits = hidden · weightᵀ +
 * bias.
 *
 * @param vocabulary how many entries
 * @param width how many hidden units
 * @param bias whether there is a bias
 * @param layers the names of further grids that come out of an output layer of their own, such as
 *     {@code ref_log_pi} of a reference model: each is its log-softmax at the same temperature
 */
public record Head(int vocabulary, int width, boolean bias, Set<String> layers) {
  /** Checks the sizes. */
  public Head {
    Seq<Problem> problems =
        List.of(size("vocabulary", vocabulary), size("width", width)).flatMap(p -> p);
    Problem.throwAll(problems);
  }

  private static Seq<Problem> size(String name, int size) {
    return size > 0
        ? List.empty()
        : List.of(Problem.of(name, name + " = " + size, "a number > 0", "the model's " + name));
  }

  /** {@return an output layer without bias, and no other} */
  public static Head of(int vocabulary, int width) {
    return new Head(vocabulary, width, false, HashSet.empty());
  }

  /** {@return the same with a bias} */
  public Head withBias() {
    return new Head(vocabulary, width, true, layers);
  }

  /**
   * {@return the same with a grid that comes out of an output layer of its own}
   *
   * @param grid the grid's name
   */
  public Head withLayer(String grid) {
    return new Head(vocabulary, width, bias, layers.add(grid));
  }
}
