package lossmith.proofs.subject;

import io.vavr.collection.Map;
import java.util.IdentityHashMap;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;

/**
 * A value whose stop-gradients are constants, their numbers on given samples: what its derivative
 * is the derivative of.
 */
public final class FrozenStops {
  private final Node value;
  private final Map<String, Double> parameters;
  private final IdentityHashMap<Node, double[]> stopped = new IdentityHashMap<>();

  public FrozenStops(Node node, Samples samples, Map<String, Double> parameters) {
    this.value = node;
    this.parameters = parameters;
    Reference reference = new Reference(samples, parameters);
    Graph.first(value, Node.StopGradient.class::isInstance)
        .forEach(stop -> stopped.put(stop, reference.of(stop)));
  }

  public double value(Samples samples) {
    Reference reference = new Reference(samples, parameters);
    stopped.forEach(reference::given);
    return reference.number(value);
  }
}
