package lossmith.lab.policy;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import lossmith.dsl.Problem;
import lossmith.dsl.reference.LogSoftmax;
import lossmith.lab.policy.Texts.Text;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Draws responses from a network, symbol by symbol; keys and values of what was read stay where
 * they are. The symbols of a prompt are read the same way, so prompts may differ in length.
 */
public final class Sampler {
  /** The code of the problem that the weights have become no numbers. */
  public static final String LOST = "no-numbers";

  private final Network network;
  private final int end;

  /**
   * Draws from a network.
   *
   * @param network the network
   * @param end the symbol that ends a response
   */
  public Sampler(Network network, int end) {
    this.network = network;
    this.end = end;
  }

  /** A response, and what was known of its symbols when they were drawn. */
  public static final class Drawn {
    private final Text text;
    private final double[] logProbs;
    private final double[] entropies;
    private final boolean finished;
    private final double[] values;

    /**
     * A response; the arrays must not change.
     *
     * @param text after its prompt
     * @param logProbs log π of each symbol when it was drawn, in nats
     * @param entropies the entropy that each symbol was drawn with, in nats
     * @param finished whether it ended by itself
     */
    public Drawn(Text text, double[] logProbs, double[] entropies, boolean finished) {
      this(text, logProbs, entropies, finished, new double[0]);
    }

    private Drawn(
        Text text, double[] logProbs, double[] entropies, boolean finished, double[] values) {
      this.text = text;
      this.logProbs = logProbs;
      this.entropies = entropies;
      this.finished = finished;
      this.values = values;
    }

    /** {@return the same with what a critic thought of each symbol; the array must not change} */
    public Drawn valued(double[] byCritic) {
      return new Drawn(text, logProbs, entropies, finished, byCritic);
    }

    /** {@return prompt and response; a finished response has the symbol that ends it} */
    public Text text() {
      return text;
    }

    /** {@return log π of each symbol of the response, at the temperature; not to be changed} */
    public double[] logProbs() {
      return logProbs;
    }

    /** {@return the entropy that each was drawn with, in nats; not to be changed} */
    public double[] entropies() {
      return entropies;
    }

    /** {@return whether it ended by itself} */
    public boolean finished() {
      return finished;
    }

    /** {@return the value of each symbol, of none where there is no critic; not to be changed} */
    public double[] values() {
      return values;
    }
  }

  /**
   * {@return a response to each prompt}
   *
   * @param weights of the network
   * @param prompts the ids of each
   * @param longest how many symbols a response may have
   * @param temperature the logits are divided by it
   * @param random the random numbers of each response, by its index: so a response does not depend
   *     on the others
   */
  public Seq<Drawn> draw(
      NetworkWeights weights,
      Seq<int[]> prompts,
      int longest,
      double temperature,
      IntFunction<RandomGenerator> random) {
    Texts all = new Texts(prompts.map(ids -> new Text(ids, ids.length)));
    Seq<Texts> halves = all.halves();
    return network
        .sideBySide(
            halves,
            (session, half) -> {
              int first = half == 0 ? 0 : halves.head().texts().size();
              Seq<Drawing> drawings =
                  halves
                      .get(half)
                      .texts()
                      .zipWithIndex(
                          (text, i) -> new Drawing(text.ids(), longest, random.apply(first + i)));
              draw(session, weights, drawings, temperature);
              return drawings.map(Drawing::drawn);
            })
        .flatMap(each -> each);
  }

  private void draw(
      Session session, NetworkWeights weights, Seq<Drawing> drawings, double temperature) {
    TransformerGraph graph = network.graph();
    java.util.List<Drawing> rows = drawings.asJava();
    Seq<TFloat32> past = List.fill(graph.past.size(), () -> empty(rows.size()));
    try {
      for (int position = 0; rows.stream().anyMatch(row -> !row.done()); position++) {
        int at = position;
        int[] next = rows.stream().mapToInt(row -> row.symbol(at)).toArray();
        try (TInt32 fed =
                TInt32.tensorOf(Shape.of(next.length), DataBuffers.of(IntBuffer.wrap(next)));
            TInt32 place = TInt32.scalarOf(at)) {
          Session.Runner runner =
              session
                  .runner()
                  .feed(graph.weights, weights.tensor())
                  .feed(graph.next, fed)
                  .feed(graph.position, place)
                  .fetch(graph.nextLogits);
          for (int i = 0; i < graph.past.size(); i++) {
            runner = runner.feed(graph.past.get(i), past.get(i)).fetch(graph.present.get(i));
          }
          Result result = runner.run();
          Network.closeAll(past);
          past = tensors(result).tail();
          try (TFloat32 logits = (TFloat32) result.get(0)) {
            choose(rows, at, Network.numbers(logits), temperature);
          }
        }
      }
    } finally {
      Network.closeAll(past);
    }
  }

  private TFloat32 empty(int rows) {
    NetworkSize size = network.size();
    return TFloat32.tensorOf(Shape.of(rows, size.heads(), 0, size.width() / size.heads()));
  }

  private static Seq<TFloat32> tensors(Result result) {
    ArrayList<TFloat32> tensors = new ArrayList<>();
    for (var entry : result) {
      Tensor tensor = entry.getValue();
      tensors.add((TFloat32) tensor);
    }
    return Vector.ofAll(tensors);
  }

  private void choose(
      java.util.List<Drawing> rows, int position, float[] logits, double temperature) {
    int width = network.size().vocabulary();
    double[] row = new double[width];
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).draws(position)) {
        for (int v = 0; v < width; v++) {
          row[v] = logits[i * width + v];
        }
        rows.get(i).choose(LogSoftmax.of(row, temperature), end);
      }
    }
  }

  /** A response that is being drawn. */
  private static final class Drawing {
    private final int[] ids;
    private final int prompt;
    private final RandomGenerator random;
    private final double[] logProbs;
    private final double[] entropies;
    private int length;
    private boolean finished;

    Drawing(int[] prompt, int longest, RandomGenerator random) {
      this.ids = Arrays.copyOf(prompt, prompt.length + longest);
      this.prompt = prompt.length;
      this.random = random;
      this.logProbs = new double[longest];
      this.entropies = new double[longest];
    }

    boolean done() {
      return finished || length == logProbs.length;
    }

    /** What is read at a position; behind the end it does not matter. */
    int symbol(int position) {
      return ids[Math.min(position, ids.length - 1)];
    }

    boolean draws(int position) {
      return !done() && position >= prompt - 1;
    }

    void choose(double[] logPi, int end) {
      double left = random.nextDouble();
      int chosen = -1;
      for (int v = 0; v < logPi.length; v++) {
        double share = Math.exp(logPi[v]);
        if (share > 0) {
          chosen = v;
          if (left < share) {
            break;
          }
        }
        left -= share;
      }
      if (chosen < 0) {
        throw Problem.of(
                LOST,
                "probabilities that are no numbers",
                "a policy whose logits are finite",
                "a smaller --learning-rate")
            .exception();
      }
      ids[prompt + length] = chosen;
      logProbs[length] = logPi[chosen];
      entropies[length] = LogSoftmax.entropy(logPi);
      length++;
      finished = chosen == end;
    }

    Drawn drawn() {
      return new Drawn(
          new Text(Arrays.copyOf(ids, prompt + length), prompt),
          Arrays.copyOf(logProbs, length),
          Arrays.copyOf(entropies, length),
          finished);
    }
  }
}
