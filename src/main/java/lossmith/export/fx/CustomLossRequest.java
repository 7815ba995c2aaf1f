package lossmith.export.fx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Seq;

/** The body of the request by which tinker's service learns a loss. */
public final class CustomLossRequest {
  /** Of the graph, as the service counts them. */
  private static final int FORMAT = 1;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CustomLossRequest() {}

  /**
   * {@return the body as JSON: a line for each key, each input and each node}
   *
   * @param name what to call the loss
   * @param loss its graph
   */
  public static String write(String name, FxLoss loss) {
    Seq<ObjectNode> inputs =
        loss.inputs().map(one -> JSON.objectNode().put("name", one.name()).put("rank", one.rank()));
    return "{\n  \"type\": \"create_custom_loss\",\n  \"session_id\": \"SESSION_ID\",\n"
        + "  \"custom_loss_seq_id\": 0,\n  \"name\": "
        + JSON.textNode(name)
        + ",\n  \"inputs\": "
        + lines(inputs)
        + ",\n  \"graph\": {\"format\": "
        + FORMAT
        + ", \"nodes\": "
        + lines(List.ofAll(loss.nodes()))
        + "}\n}\n";
  }

  private static String lines(Seq<? extends JsonNode> all) {
    return all.map(JsonNode::toString).mkString("[\n    ", ",\n    ", "\n  ]");
  }
}
