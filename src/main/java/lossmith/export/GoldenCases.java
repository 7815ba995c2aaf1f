package lossmith.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.stream.IntStream;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.data.Samples;
import lossmith.dsl.python.Signature;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;

/** Batches with what {@link Reference} computes of them, for the test beside an exported file. */
final class GoldenCases {
  private static final int CASES = 3;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Objective objective;
  private final Map<String, Node> prepared;
  private final Set<String> there;
  private final Signature signature;

  private GoldenCases(
      Objective objective, Map<String, Node> prepared, Set<String> there, Signature signature) {
    this.objective = objective;
    this.prepared = prepared;
    this.there = there;
    this.signature = signature;
  }

  /**
   * {@return cases as JSON: columns, what is known before, the loss and its gradients; numbers of
   * tokens in a list for each response}
   *
   * @param objective the whole objective
   * @param prepared what is known before, by name
   * @param there the columns that the trainer has
   * @param signature what the exported function takes
   */
  static String of(
      Objective objective, Map<String, Node> prepared, Seq<String> there, Signature signature) {
    GoldenCases cases = new GoldenCases(objective, prepared, there.toLinkedSet(), signature);
    ArrayNode all = MAPPER.createArrayNode();
    try (Subject subject = new Subject(objective.name(), objective.loss())) {
      for (long seed = 1; seed <= CASES; seed++) {
        all.add(cases.of(subject.trial(seed, Trial.Kind.ORDINARY)));
      }
    }
    try {
      return MAPPER.writeValueAsString(all).replace("},{", "},\n{") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode of(Trial trial) {
    Samples all = trial.samples();
    Samples samples =
        all.columns().addAll(all.grids()).reject(there::contains).foldLeft(all, Samples::without);
    BoundLoss bound = BoundLoss.of(objective.loss(), Surface.STATISTICS, samples.columns());
    Reference reference = new Reference(samples, HashMap.empty());
    ObjectNode json = MAPPER.createObjectNode().put("seed", trial.seed());
    json.set("lengths", MAPPER.valueToTree(samples.lengths()));
    json.set("group", MAPPER.valueToTree(samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP)));
    ObjectNode columns = json.putObject("columns");
    samples.columns().forEach(name -> columns.set(name, column(samples, name)));
    ObjectNode known = json.putObject("known");
    prepared.forEach((name, node) -> known.set(name, numbers(samples, node, reference)));
    json.put("loss", reference.number(bound.value()));
    ObjectNode gradients = json.putObject("gradients");
    bound
        .gradients()
        .filterKeys(name -> signature.columns().exists(column -> column.name().equals(name)))
        .forEach((name, node) -> gradients.set(name, numbers(samples, node, reference)));
    return json;
  }

  private static JsonNode column(Samples samples, String name) {
    return rows(samples, samples.level(name).get(), samples.column(name).get());
  }

  private static JsonNode numbers(Samples samples, Node node, Reference reference) {
    return rows(samples, node.level(), reference.of(node));
  }

  private static JsonNode rows(Samples samples, Level.Name level, double[] numbers) {
    if (level != Level.Name.TOKEN) {
      return MAPPER.valueToTree(numbers);
    }
    ArrayNode rows = MAPPER.createArrayNode();
    int start = 0;
    for (int length : samples.lengths()) {
      double[] row = IntStream.range(start, start + length).mapToDouble(i -> numbers[i]).toArray();
      rows.add(MAPPER.<JsonNode>valueToTree(row));
      start += length;
    }
    return rows;
  }
}
