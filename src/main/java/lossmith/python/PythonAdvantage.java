package lossmith.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import io.vavr.control.Either;
import lossmith.blackbox.AdvantageBox;
import lossmith.blackbox.Setting;
import lossmith.blackbox.Settings;
import lossmith.blackbox.TensorBatch;

/**
 * A Python function that makes advantages of rewards.
 *
 * @param function the function, in its process
 */
record PythonAdvantage(PythonFunction function) implements AdvantageBox {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public Set<String> columns() {
    return function.columns();
  }

  @Override
  public Map<String, Double> parameters() {
    return function.parameters();
  }

  @Override
  public Settings settings() {
    return function.settings();
  }

  @Override
  public Either<String, Given> of(TensorBatch batch, boolean single, Map<String, Setting> moved) {
    ObjectNode call = PythonFunction.moving(moved).put("estimate", true);
    return function
        .asked(batch, single, call)
        .map(
            frame ->
                new Given(
                    frame.arrays().get("advantage").get().values(),
                    frame.header().path("each").asText().equals("B"),
                    List.ofAll(frame.header().path("changed")).map(JsonNode::asText)));
  }
}
