package lossmith.export;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.ops.SavedLoss;
import lossmith.ops.memory.Precision;
import lossmith.recipes.Conventions;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** A SavedModel, loaded by TensorFlow's own loader, beside the reference. */
final class SavedModelTest {
  private static final double TOLERANCE = 1e-9;

  @ParameterizedTest
  @ValueSource(strings = {"grpo", "ppo-actor-critic"})
  void whatIsLoadedAnswersAsTheReference(String name, @TempDir Path folder) throws Exception {
    Seq<String> wrong = List.empty();
    int answered = 0;
    for (boolean less : new boolean[] {false, true}) {
      Seq<SavedModelCase> cases =
          SavedModelCase.written(Recipes.get(name), folder, Precision.FLOAT64, less, 2);
      String path = folder.resolve(cases.head().model()).toString();
      try (SavedModelBundle bundle = SavedModelBundle.load(path, "serve")) {
        for (Signature signature : bundle.signatures()) {
          if (!signature.key().endsWith("_parameters")) {
            SessionFunction function = bundle.function(signature.key());
            for (SavedModelCase one : cases) {
              wrong =
                  wrong.appendAll(one.wrong(signature.key(), answers(function, one), TOLERANCE));
              answered++;
            }
          }
        }
      }
    }
    assertTrue(wrong.isEmpty(), wrong.mkString("\n"));
    assertTrue(answered >= 4, answered + " answers");
  }

  @Test
  void whatCannotBeSavedIsRefusedAndNothingWritten(@TempDir Path folder) {
    Path to = folder.resolve("model");
    refused("random numbers", "clip-cov", HashSet.empty(), to);
    refused("columns that a term stands for: old_log_prob", "grpo", HashSet.of("reward"), to);
    assertFalse(Files.exists(to));
  }

  private static void refused(String why, String name, Set<String> without, Path to) {
    Loss loss = Recipes.get(name).loss(Conventions.paper());
    ProblemException problem =
        assertThrows(
            ProblemException.class, () -> SavedLoss.write(loss, without, Precision.FLOAT32, to));
    assertTrue(String.valueOf(problem.getMessage()).contains(why), problem.getMessage());
  }

  private static Map<String, double[]> answers(SessionFunction function, SavedModelCase one) {
    Map<String, double[]> given = one.inputs();
    Map<String, double[]> found = LinkedHashMap.empty();
    java.util.Map<String, Tensor> inputs = new java.util.HashMap<>();
    try {
      for (var input : function.signature().getInputs().entrySet()) {
        double[] values = given.get(input.getKey()).get();
        boolean whole = input.getValue().dataType == org.tensorflow.proto.DataType.DT_INT32;
        Shape shape =
            input.getValue().shape.numDimensions() == 2
                ? Shape.of(one.samples().tokens(), one.samples().vocabulary())
                : Shape.of(values.length);
        inputs.put(
            input.getKey(),
            whole ? ints(values) : TFloat64.tensorOf(shape, DataBuffers.of(values)));
      }
      try (Result result = function.call(inputs)) {
        for (String name : function.signature().outputNames()) {
          TFloat64 numbers = (TFloat64) result.get(name).orElseThrow();
          double[] flat = new double[(int) numbers.size()];
          numbers.copyTo(DataBuffers.of(flat));
          found = found.put(name, flat);
        }
      }
    } finally {
      inputs.values().forEach(Tensor::close);
    }
    return found;
  }

  private static Tensor ints(double[] values) {
    int[] whole = java.util.stream.DoubleStream.of(values).mapToInt(x -> (int) x).toArray();
    return TInt32.tensorOf(Shape.of(whole.length), DataBuffers.of(whole));
  }
}
