package lossmith.ops.runtime;

import lossmith.dsl.Problem;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Where a graph runs. */
public final class Devices {
  private Devices() {}

  /** The device of this name, if one number can be computed on it. */
  public static DeviceSpec of(String name) {
    if (!name.matches("(CPU|GPU)(:[0-9]{1,4})?")) {
      throw Problem.of("device", name, "CPU or GPU:0", "a device of that form").exception();
    }
    String[] words = name.split(":", 2);
    DeviceSpec device =
        DeviceSpec.newBuilder()
            .deviceType(DeviceSpec.DeviceType.valueOf(words[0]))
            .deviceIndex(words.length == 2 ? Integer.parseInt(words[1]) : 0)
            .build();
    if (!name.equals("CPU") && !works(device)) {
      throw Problem.of(
              "device",
              name + ", which TensorFlow does not find here",
              "a device of this machine; a GPU needs the natives of the Maven profile gpu",
              "CPU")
          .exception();
    }
    return device;
  }

  private static boolean works(DeviceSpec device) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph).withDevice(device);
      Operand<TFloat32> two = tf.math.add(tf.constant(1f), tf.constant(1f));
      try (Session session = TensorFlowRuntime.during(() -> new Session(graph));
          Result result = session.runner().fetch(two).run()) {
        return result.size() == 1;
      }
    } catch (TensorFlowException | TFInvalidArgumentException absent) {
      return false;
    }
  }
}
