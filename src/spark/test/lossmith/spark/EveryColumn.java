package lossmith.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import lossmith.rollouts.NpyFile;

/**
 * Rollouts with every column and grid that some recipe reads: turns of a tool are masked, the
 * responses of a prompt lie apart, some have no token.
 */
final class EveryColumn {
  private static final int PROMPTS = 40;
  private static final int RESPONSES = 2;
  private static final int WIDTH = 4;

  /** What comes from the logits, is written for each row, or belongs to the tokens. */
  private static final Seq<String> OWN =
      List.of(
          "log_prob",
          "entropy",
          "reward",
          "sign",
          "position",
          "log_pi",
          "mean_log_pi",
          "sum_pi_squared",
          "response_mask",
          "reward_known",
          "logits");

  private final Random random = new Random(11);
  private final Seq<Node.Input> inputs =
      Recipes.all()
          .flatMap(recipe -> Inputs.withDefaults(recipe.loss(Conventions.paper())).columns())
          .distinctBy(Node.Input::name)
          .reject(input -> OWN.contains(input.name()));

  private Map<String, List<double[]>> grids = LinkedHashMap.of("logits", List.empty());

  private EveryColumn() {}

  /** {@return the arguments that name the files, which are written to a folder} */
  static List<String> write(Path folder) throws IOException {
    return new EveryColumn().files(folder);
  }

  private List<String> files(Path folder) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder text = new StringBuilder();
    Map<Integer, ObjectNode> prompts = LinkedHashMap.empty();
    ObjectNode batch = mapper.createObjectNode();
    inputs
        .filter(input -> input.level() == Level.Name.BATCH)
        .forEach(input -> batch.put(input.name(), between(0.5, 0.9)));
    for (int row = 0; row < PROMPTS * RESPONSES; row++) {
      int prompt = row % PROMPTS;
      if (!prompts.containsKey(prompt)) {
        ObjectNode own = mapper.createObjectNode();
        inputs
            .filter(input -> input.level() == Level.Name.GROUP)
            .forEach(input -> own.put(input.name(), between(0.1, 0.9)));
        prompts = prompts.put(prompt, own);
      }
      ObjectNode one = mapper.createObjectNode();
      one.put("prompt_id", "prompt " + prompt);
      one.setAll(prompts.get(prompt).get());
      one.setAll(batch);
      row(one, row);
      text.append(mapper.writeValueAsString(one)).append(row % 7 == 0 ? "\n\n" : "\n");
    }
    List<String> arguments =
        List.of(Files.writeString(folder.resolve("every.jsonl"), text).toString());
    for (var grid : grids) {
      Path file = folder.resolve(grid._1 + ".npy");
      Path unused = Files.write(file, NpyFile.doubles(grid._2.toJavaArray(double[][]::new)));
      arguments =
          grid._1.equals("logits")
              ? arguments.append("--logits").append(file.toString())
              : arguments.append("--grid").append(grid._1 + "=" + file);
    }
    return arguments;
  }

  private void row(ObjectNode one, int row) {
    boolean empty = row == 5;
    int tokens = row == 3 ? 0 : 1 + random.nextInt(12);
    one.put("reward", random.nextInt(3));
    one.put("sign", row / PROMPTS % 2 == 0 ? 1 : -1);
    for (Node.Input input : inputs.filter(input -> input.level() == Level.Name.SEQUENCE)) {
      one.put(input.name(), between(0.1, 0.9));
    }
    ArrayNode mask = one.putArray("response_mask");
    ArrayNode ids = one.putArray("tokens");
    ArrayNode logProb = one.putArray("log_prob");
    ArrayNode entropy = one.putArray("entropy");
    List<Node.Input> lists = inputs.filter(input -> input.level() == Level.Name.TOKEN).toList();
    lists.forEach(input -> one.putArray(input.name()));
    for (int t = 0; t < tokens; t++) {
      boolean tool = empty || (t > 2 && t < 6);
      mask.add(tool ? 0 : 1);
      int sampled = random.nextInt(WIDTH);
      ids.add(sampled);
      double[] logits = random.doubles(WIDTH, -2, 2).toArray();
      double[] logPi = logSoftmax(logits);
      add("logits", logits);
      logProb.add(logPi[sampled]);
      double sum = 0;
      for (double x : logPi) {
        sum -= Math.exp(x) * x;
      }
      entropy.add(sum);
      for (Node.Input input : lists) {
        double number = input.name().endsWith("log_prob") ? between(-2, -0.2) : between(0.1, 0.9);
        ((ArrayNode) one.get(input.name())).add(tool ? 1e30 : number);
      }
      for (Node.Input input : inputs.filter(input -> input.level() == Level.Name.VOCABULARY)) {
        add(
            input.name(),
            input.name().endsWith("log_pi")
                ? logSoftmax(random.doubles(WIDTH, -2, 2).toArray())
                : random.doubles(WIDTH, 0.1, 0.9).toArray());
      }
    }
  }

  private void add(String grid, double[] row) {
    grids = grids.put(grid, grids.get(grid).getOrElse(List.empty()).append(row));
  }

  private double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  private static double[] logSoftmax(double[] logits) {
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp(z);
    }
    double[] logPi = new double[logits.length];
    for (int v = 0; v < logPi.length; v++) {
      logPi[v] = logits[v] - Math.log(sum);
    }
    return logPi;
  }
}
