package lossmith.lab.policy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.util.random.RandomGenerator;
import lossmith.dsl.Problem;

/**
 * How large a transformer is, and where its weights lie in one long array.
 *
 * @param layers how many blocks of attention and of a feed-forward net
 * @param width how many numbers stand for a symbol, a multiple of the heads
 * @param heads of the attention
 * @param positions how many symbols a prompt and its response have at most
 * @param vocabulary how many symbols there are
 */
public record NetworkSize(int layers, int width, int heads, int positions, int vocabulary) {
  /** The feed-forward net is so many times as wide. */
  static final int WIDER = 4;

  private static final double SPREAD = 0.02;
  private static final int MOST_LAYERS = 64;
  private static final int MOST_WIDTH = 4096;
  private static final int MOST_POSITIONS = 4096;

  /** Checks the ranges. */
  public NetworkSize {
    Problem.throwAll(
        List.of(
                range("layers", layers, 1, MOST_LAYERS),
                range("width", width, 1, MOST_WIDTH),
                range("heads", heads, 1, MOST_WIDTH),
                range("positions", positions, 1, MOST_POSITIONS),
                range("vocabulary", vocabulary, 2, Integer.MAX_VALUE))
            .flatMap(problems -> problems));
    if (width % heads != 0) {
      throw Problem.of(
              "width",
              "a width of " + width + " for " + heads + " heads",
              "a multiple of the heads",
              "a width of " + (width / heads + 1) * heads)
          .exception();
    }
  }

  private static Seq<Problem> range(String name, int value, int least, int most) {
    return value >= least && value <= most
        ? List.empty()
        : List.of(
            Problem.of(
                name,
                name + " = " + value,
                "a whole number in [" + least + ", " + most + "]",
                name + " within that range"));
  }

  /**
   * A matrix of weights, or a row of gains.
   *
   * @param rows how many rows; 1 for gains
   * @param columns how many columns
   * @param spread the standard deviation at the start; 0 for gains, which start at 1
   */
  record Part(int rows, int columns, double spread) {
    int size() {
      return rows * columns;
    }
  }

  /** The parts in their order: embeddings, then block after block, then the output layer. */
  Seq<Part> parts() {
    double residual = SPREAD / Math.sqrt(2.0 * layers);
    Seq<Part> parts =
        Vector.of(new Part(vocabulary, width, SPREAD), new Part(positions, width, SPREAD));
    for (int layer = 0; layer < layers; layer++) {
      parts =
          parts.appendAll(
              List.of(
                  new Part(1, width, 0),
                  new Part(width, 3 * width, SPREAD),
                  new Part(width, width, residual),
                  new Part(1, width, 0),
                  new Part(width, WIDER * width, SPREAD),
                  new Part(WIDER * width, width, residual)));
    }
    return parts.append(new Part(1, width, 0)).append(new Part(width, vocabulary, SPREAD));
  }

  /** {@return how many weights there are} */
  public int weights() {
    return parts().map(Part::size).sum().intValue();
  }

  /** {@return weights to start from} */
  public float[] initial(RandomGenerator random) {
    float[] weights = new float[weights()];
    int at = 0;
    for (Part part : parts()) {
      for (int i = 0; i < part.size(); i++) {
        weights[at++] = part.spread() == 0 ? 1 : (float) (part.spread() * random.nextGaussian());
      }
    }
    return weights;
  }
}
