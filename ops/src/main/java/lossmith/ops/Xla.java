package lossmith.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.Signature.TensorDescription;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** Functions compiled by XLA without environment variables: the call of one is marked. */
final class Xla {
  private Xla() {}

  /** What a function gives in a graph, by name, compiled where it is called. */
  static Map<String, Operand<?>> call(
      Ops tf, ConcreteFunction function, Map<String, Operand<?>> given) {
    Map<String, TensorDescription> inputs = function.signature().getInputs();
    Map<String, TensorDescription> outputs = function.signature().getOutputs();
    List<Output<?>> arguments = new ArrayList<>();
    inputs.keySet().forEach(name -> arguments.add(of(given, name)));
    Operation call =
        tf.scope()
            .opBuilder("PartitionedCall", "compiled")
            .addInputList(arguments.toArray(Output<?>[]::new))
            .setAttr("f", function)
            .setAttr("Tin", types(inputs))
            .setAttr("Tout", types(outputs))
            .setAttr("_XlaMustCompile", true)
            .build();
    Map<String, Operand<?>> found = new HashMap<>();
    for (String name : outputs.keySet()) {
      found.put(name, call.output(found.size()));
    }
    return found;
  }

  private static Output<?> of(Map<String, Operand<?>> given, String name) {
    return Objects.requireNonNull(given.get(name)).asOutput();
  }

  private static DataType[] types(Map<String, TensorDescription> described) {
    return described.values().stream().map(one -> one.dataType).toArray(DataType[]::new);
  }
}
