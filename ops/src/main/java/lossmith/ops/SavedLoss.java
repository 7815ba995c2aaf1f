package lossmith.ops;

import io.vavr.Tuple;
import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.dsl.Columns;
import lossmith.dsl.Fold;
import lossmith.dsl.Graph;
import lossmith.dsl.HashConsing;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.Problem;
import lossmith.dsl.Range;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Inputs;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.python.Identifiers;
import lossmith.ops.graph.InputChecks;
import lossmith.ops.graph.TensorFlowGraph;
import lossmith.ops.memory.Precision;
import lossmith.ops.runtime.Sessions;
import lossmith.ops.runtime.TensorFlowRuntime;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * A loss as a TensorFlow SavedModel, which other programs load. Its signatures:
 *
 * <ul>
 *   <li>{@code statistics}, of numbers per token such as log-probs; its gradients are with respect
 *       to them
 *   <li>{@code logits}, of a row of logits per token, where the loss is a function of the policy
 *   <li>{@code statistics_parameters} and {@code logits_parameters}, of nothing: the default of
 *       each parameter of these, where there are any
 * </ul>
 *
 * <p>Both take {@value #RESPONSE_OF_TOKEN}, {@value #PROMPT_OF_RESPONSE} (int32), {@value #TOKEN}
 * with logits, and columns and parameters by their names; no size is fixed. They give {@value
 * #LOSS}, {@code part/NAME} of more than one, {@code metric/NAME} and {@code gradient/NAME}.
 */
public final class SavedLoss {
  /** For each token the index of its response. */
  public static final String RESPONSE_OF_TOKEN = "response_of_token";

  /** For each response the index of its prompt. */
  public static final String PROMPT_OF_RESPONSE = "prompt_of_response";

  /** The sampled entry of the vocabulary of each token. */
  public static final String TOKEN = "token";

  /** What is minimised, a scalar. */
  public static final String LOSS = "loss";

  private static final String PARAMETERS = "_parameters";
  private static final Set<String> TAKEN = HashSet.of(RESPONSE_OF_TOKEN, PROMPT_OF_RESPONSE, TOKEN);

  private final Loss loss;
  private final Set<String> columns;
  private final Precision precision;

  private SavedLoss(Loss loss, Set<String> columns, Precision precision) {
    this.loss = loss;
    this.columns = columns;
    this.precision = precision;
  }

  /**
   * Writes a loss.
   *
   * @param loss the loss
   * @param without columns that will not be there, for each of which the loss has a term that
   *     stands for it; every other column that may be absent is an input
   * @param precision the type of the numbers, not {@link Precision#BFLOAT16}
   * @param folder where to, which must not exist or be empty
   * @throws lossmith.dsl.ProblemException where the loss trains nothing, draws random numbers, or
   *     needs a column that is to be absent
   */
  public static void write(Loss loss, Set<String> without, Precision precision, Path folder)
      throws IOException {
    Seq<Node.Input> read = Inputs.withDefaults(loss).columns();
    Set<String> optional =
        read.filter(input -> input.otherwise().isDefined()).map(Node.Input::name).toLinkedSet();
    Problem.throwAll(
        without.toList().reject(optional::contains).map(name -> needed(name, optional)));
    Set<String> columns = read.map(Node.Input::name).toLinkedSet().removeAll(without);
    TensorFlowRuntime.start();
    new SavedLoss(loss, columns, precision).write(precision.type(), folder);
  }

  private static Problem needed(String name, Set<String> optional) {
    return Problem.of(
        "column",
        "an objective without the column " + name,
        "columns that a term stands for: "
            + (optional.isEmpty() ? "here there is none" : optional.mkString(", ")),
        optional.headOption().map(one -> "--without " + one).getOrElse("it with all columns"));
  }

  private <T extends TNumber> void write(Class<T> type, Path folder) throws IOException {
    Map<String, BoundLoss> surfaces =
        LinkedHashMap.of("statistics", CompiledLoss.bound(loss, Surface.STATISTICS, columns));
    if (Inputs.withDefaults(loss).columns().exists(one -> one.name().equals(Columns.LOG_PI))) {
      surfaces =
          surfaces.put(
              "logits", CompiledLoss.bound(loss, Surface.LOGITS, columns.add(BoundLoss.LOGITS)));
    }
    surfaces.values().forEach(SavedLoss::refuseRandom);
    try (org.tensorflow.Graph graph = new org.tensorflow.Graph();
        Session session = Sessions.of(graph)) {
      Ops tf = Ops.create(graph);
      List<Signature> signatures = List.empty();
      for (var surface : surfaces) {
        boolean logits = surface._2.surface() == Surface.LOGITS;
        TensorFlowGraph<T> algebra =
            new TensorFlowGraph<>(
                tf.withSubScope(surface._1),
                type,
                precision.saturation(),
                logits,
                Integer.MAX_VALUE);
        signatures = signatures.append(signature(surface._1, surface._2, tf, algebra));
        Map<String, Range> parameters =
            named(algebra)
                .filterValues(Node.ParameterValue.class::isInstance)
                .mapValues(node -> ((Node.ParameterValue) node).range());
        if (!parameters.isEmpty()) {
          signatures = signatures.append(defaults(surface._1 + PARAMETERS, parameters, tf, type));
        }
      }
      SavedModelBundle.exporter(folder.toString())
          .withSession(session)
          .withSignatures(signatures.toJavaArray(Signature[]::new))
          .export();
    }
  }

  private static void refuseRandom(BoundLoss bound) {
    Seq<Node> roots =
        List.ofAll(bound.parts().values())
            .appendAll(bound.metrics().values())
            .appendAll(bound.gradients().values());
    if (Graph.below(roots, Node::children).exists(Node.Uniform.class::isInstance)) {
      throw Problem.of(
              "export",
              "an objective that draws random numbers by seed, step, response and position",
              "one that its inputs decide: TensorFlow has no such numbers",
              "export … --to pytorch, or to a trainer")
          .exception();
    }
  }

  private <T extends TNumber> Signature signature(
      String key, BoundLoss bound, Ops tf, TensorFlowGraph<T> algebra) {
    Fold<Operand<?>> fold = new Fold<>(algebra);
    HashConsing sharing = new HashConsing();
    Map<String, Node> one = LinkedHashMap.of(LOSS, bound.value());
    Map<String, Node> parts =
        bound.parts().size() == 1 ? LinkedHashMap.empty() : under("part/", bound.parts());
    Node saturated =
        Saturation.tokens(bound.parts().values().appendAll(bound.metrics().values()), precision);
    Map<String, Node> metrics =
        under("metric/", bound.metrics().put(Evaluation.SATURATED, saturated));
    Signature.Builder signature = Signature.builder().key(key);
    for (var scalar : one.merge(parts).merge(metrics)) {
      Operand<?> vector = fold.of(sharing.of(scalar._2));
      signature = signature.output(scalar._1, tf.reshape(vector, tf.constant(new int[0])));
    }
    for (var gradient : under("gradient/", bound.gradients())) {
      signature = signature.output(gradient._1, tf.identity(fold.of(sharing.of(gradient._2))));
    }
    signature =
        signature
            .input(RESPONSE_OF_TOKEN, algebra.structure().sequenceOfToken())
            .input(PROMPT_OF_RESPONSE, algebra.structure().groupOfSequence());
    if (bound.surface() == Surface.LOGITS) {
      signature = signature.input(TOKEN, algebra.structure().sampled());
    }
    for (var input : named(algebra)) {
      signature = signature.input(input._1, algebra.placeholder(input._2));
    }
    return signature.build();
  }

  private static Map<String, Node> under(String kind, Map<String, Node> nodes) {
    return nodes.mapKeys(name -> kind + name);
  }

  /** What is fed by a name that Python takes, each its own. */
  private static Map<String, Node> named(TensorFlowGraph<?> algebra) {
    Identifiers names = new Identifiers(TAKEN);
    return List.ofAll(algebra.fed().values())
        .toLinkedMap(node -> Tuple.of(names.free(name(node)), node));
  }

  private static String name(Node fed) {
    return fed instanceof Node.Input input
        ? InputChecks.source(input)
        : ((Node.ParameterValue) fed).name();
  }

  private static <T extends TNumber> Signature defaults(
      String key, Map<String, Range> parameters, Ops tf, Class<T> type) {
    Signature.Builder signature = Signature.builder().key(key);
    for (var parameter : parameters) {
      Operand<T> value = tf.dtypes.cast(tf.constant(parameter._2.initial()), type);
      signature = signature.output(parameter._1, value);
    }
    return signature.build();
  }
}
