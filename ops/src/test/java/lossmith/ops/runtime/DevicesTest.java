package lossmith.ops.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.DeviceSpec;

/** The first processor is always there; what is not there is told before anything runs. */
final class DevicesTest {
  @ParameterizedTest
  @ValueSource(strings = {"CPU", "CPU:0"})
  void theFirstProcessor(String name) {
    TensorFlowRuntime.start();
    DeviceSpec device = Devices.of(name);
    assertEquals(DeviceSpec.DeviceType.CPU, device.deviceType());
    assertEquals(0, device.deviceIndex());
  }

  @Test
  void aProcessorThatIsNotThereIsNamed() {
    TensorFlowRuntime.start();
    String message =
        String.valueOf(
            assertThrows(ProblemException.class, () -> Devices.of("CPU:12")).getMessage());
    assertEquals(
        "device: got CPU:12, which TensorFlow does not find here; expected a device of this"
            + " machine; a GPU needs the natives of the Maven profile gpu; write CPU",
        message);
  }
}
