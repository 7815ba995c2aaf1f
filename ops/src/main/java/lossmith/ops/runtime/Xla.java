package lossmith.ops.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Signature.TensorDescription;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;

/** Functions compiled by XLA without environment variables: the call of one is marked. */
public final class Xla {
  private Xla() {}

  /** What a function gives in a graph, by name, compiled where it is called. */
  public static Map<String, Operand<?>> call(
      Ops tf, ConcreteFunction function, Map<String, Operand<?>> given) {
    TensorFlowRuntime.startXla();
    OperationBuilder call = caller(tf, function, given).setAttr("_XlaMustCompile", true);
    return results(call.build(), function);
  }

  /** What a function gives inside another one, with which it is compiled. */
  public static Map<String, Operand<?>> inside(
      Ops tf, ConcreteFunction function, Map<String, Operand<?>> given) {
    return results(caller(tf, function, given).build(), function);
  }

  private static OperationBuilder caller(
      Ops tf, ConcreteFunction function, Map<String, Operand<?>> given) {
    Map<String, TensorDescription> inputs = function.signature().getInputs();
    List<Output<?>> arguments = new ArrayList<>();
    inputs.keySet().forEach(name -> arguments.add(of(given, name)));
    return tf.scope()
        .opBuilder("PartitionedCall", "call")
        .addInputList(arguments.toArray(Output<?>[]::new))
        .setAttr("f", function)
        .setAttr("Tin", types(inputs))
        .setAttr("Tout", types(function.signature().getOutputs()));
  }

  private static Map<String, Operand<?>> results(Operation call, ConcreteFunction function) {
    Map<String, Operand<?>> found = new HashMap<>();
    for (String name : function.signature().getOutputs().keySet()) {
      found.put(name, call.output(found.size()));
    }
    return found;
  }

  /** The whole with a part of it written from a corner on, in place; only where XLA compiles. */
  public static Operand<?> write(Ops tf, Operand<?> part, Operand<?> whole, Operand<?> corner) {
    return tf.scope()
        .opBuilder("XlaDynamicUpdateSlice", "write")
        .addInput(whole.asOutput())
        .addInput(part.asOutput())
        .addInput(corner.asOutput())
        .build()
        .output(0);
  }

  private static Output<?> of(Map<String, Operand<?>> given, String name) {
    return Objects.requireNonNull(given.get(name)).asOutput();
  }

  private static DataType[] types(Map<String, TensorDescription> described) {
    return described.values().stream().map(one -> one.dataType).toArray(DataType[]::new);
  }
}
