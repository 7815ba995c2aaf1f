package lossmith.lab;

import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import lossmith.dsl.Columns;
import lossmith.dsl.Fingerprint;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Problem;
import lossmith.dsl.data.Samples;
import lossmith.dsl.data.SamplesBuilder;
import lossmith.lab.policy.Adam;
import lossmith.lab.policy.Network;
import lossmith.lab.policy.NetworkSize;
import lossmith.lab.policy.NetworkWeights;
import lossmith.lab.policy.Texts;
import lossmith.lab.task.Alphabet;
import lossmith.lab.task.OwnCode;
import lossmith.lab.task.Prompts;
import lossmith.lab.task.Seeds;
import lossmith.lab.task.Task;
import lossmith.ops.Compile;
import lossmith.ops.FusedLoss;
import lossmith.ops.memory.Matrix;
import lossmith.ops.memory.Policy;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.preference.Sft;

/**
 * The policy that a run starts from: it has imitated demonstrations of the task for a number of
 * steps, its loss being the catalogue's {@code sft}. It depends on task, size and steps alone, so
 * runs of different seeds and objectives have the same start, which is kept in a folder.
 */
public final class WarmStart {
  private static final int BATCH = 64;
  private static final double RATE = 4e-3;
  private static final double NORM = 1;
  private static final int HASH = 16;
  private static final int RISE = 20;
  private static final double FALL = 0.3;

  /** Changes whenever the same settings give another policy. */
  private static final int VERSION = 1;

  private final Task task;
  private final Network network;
  private final int steps;

  /**
   * A start policy.
   *
   * @param task what is demonstrated
   * @param network whose weights are trained
   * @param steps how many
   */
  public WarmStart(Task task, Network network, int steps) {
    this.task = task;
    this.network = network;
    this.steps = steps;
  }

  /** {@return the size of a network for a task} */
  public static NetworkSize size(Task task, int layers, int width, int heads) {
    return new NetworkSize(
        layers, width, heads, task.longestPrompt() + task.longestResponse(), task.symbols().size());
  }

  /**
   * {@return the weights, from the folder if they are there; none where it was asked to stop, of
   * which nothing is kept}
   *
   * @param folder where they are kept
   * @param progress is told how many steps are done
   * @param stop asked before each step
   */
  public Option<float[]> weights(Path folder, LongConsumer progress, BooleanSupplier stop)
      throws IOException {
    Path file = file(folder);
    if (Files.exists(file)) {
      return Option.some(NumberFile.read(file).floats("weights"));
    }
    Option<float[]> trained = trained(progress, stop);
    for (float[] weights : trained) {
      Files.createDirectories(folder);
      NumberFile.empty().with("weights", weights).write(file);
    }
    return trained;
  }

  /** {@return where the weights are in a folder, if they are} */
  public Path file(Path folder) {
    return folder.resolve(task.name() + "-" + fingerprint().substring(0, HASH) + ".npz");
  }

  /** One name for whatever decides what the weights are. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    text.append(VERSION).append(task.getClass().getName()).append(network.size()).append(steps);
    text.append(task.symbols().texts().mkString("|"));
    for (Texts.Text one : demonstrations(0).texts()) {
      text.append(Arrays.toString(one.ids()));
    }
    return Fingerprint.hash(text.toString());
  }

  /** Trains them anew. */
  Option<float[]> trained(LongConsumer progress, BooleanSupplier stop) {
    int vocabulary = network.size().vocabulary();
    float[] numbers = network.size().initial(Seeds.random(Streams.WEIGHTS));
    Adam adam = new Adam(numbers.length);
    Loss loss = new Sft().loss(Conventions.paper());
    try (NetworkWeights weights = new NetworkWeights(numbers);
        FusedLoss compiled = Compile.of(loss).vocabulary(vocabulary).logits()) {
      for (int step = 0; step < steps; step++) {
        if (stop.getAsBoolean()) {
          return Option.none();
        }
        Texts texts = demonstrations(step);
        try (Network.Forward forward = network.forward(weights, texts);
            Matrix gradient = Matrix.zeros(Precision.FLOAT32, texts.tokens(), vocabulary)) {
          Finite.require(
              compiled.evaluate(chosen(texts), new Policy.Logits(forward.logits(), gradient)));
          adam.step(numbers, forward.gradient(gradient), rate(step), NORM);
        }
        weights.set(numbers);
        progress.accept(step + 1L);
      }
    }
    return Option.some(numbers);
  }

  /** Up, level, and down towards the end. */
  private double rate(int step) {
    double left = (steps - step) / (FALL * steps);
    return RATE * Math.min(1, Math.min((step + 1.0) / RISE, left));
  }

  private Texts demonstrations(int step) {
    Alphabet symbols = task.symbols();
    return new Texts(
        Vector.range(0, BATCH)
            .map(
                row -> {
                  RandomGenerator random = Seeds.random(Streams.DEMONSTRATIONS, step, row);
                  String prompt = Prompts.training(task, random);
                  int[] response = response(demonstration(prompt, random));
                  int[] ended = Arrays.copyOf(response, response.length + 1);
                  ended[response.length] = Alphabet.END;
                  return Texts.Text.of(symbols.encode(prompt), ended);
                }));
  }

  private String demonstration(String prompt, RandomGenerator random) {
    return OwnCode.of(
        task,
        "demonstration(\"" + prompt + "\", random)",
        () -> task.demonstration(prompt, random));
  }

  private int[] response(String demonstration) {
    int[] ids = task.symbols().encode(demonstration);
    if (ids.length >= task.longestResponse()) {
      throw Problem.of(
              "task",
              "a demonstration of "
                  + ids.length
                  + " symbols and an end, \""
                  + demonstration
                  + "\", of the task "
                  + task.name()
                  + ", whose longestResponse() is "
                  + task.longestResponse(),
              "demonstrations that end within longestResponse()",
              "a larger longestResponse(), or shorter demonstrations")
          .exception();
    }
    return ids;
  }

  /** Every demonstration is one to imitate. */
  private static Samples chosen(Texts texts) {
    Seq<Integer> rows = Vector.range(0, texts.texts().size());
    double[] sign = new double[rows.size()];
    Arrays.fill(sign, 1);
    return new SamplesBuilder(texts.lengths(), rows.toJavaStream().mapToInt(i -> i).toArray())
        .sampled(texts.sampled())
        .column(Columns.SIGN, Level.Name.SEQUENCE, sign)
        .piece();
  }
}
