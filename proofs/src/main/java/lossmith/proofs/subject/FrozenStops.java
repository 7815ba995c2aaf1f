package lossmith.proofs.subject;

import io.vavr.collection.Map;
import java.util.IdentityHashMap;
import lossmith.dsl.Graph;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.reference.Reference;

/**
 * A value with every stopped gradient held where it is on given samples: what its derivative is the
 * derivative of.
 */
public final class FrozenStops {
  private final Node value;
  private final Map<String, Double> settings;
  private final IdentityHashMap<Node, double[]> stopped = new IdentityHashMap<>();

  public FrozenStops(Node node, Samples samples, Map<String, Double> settings) {
    this.value = node;
    this.settings = settings;
    Reference reference = new Reference(samples, settings);
    Graph.first(value, Node.StopGradient.class::isInstance)
        .forEach(stop -> stopped.put(stop, reference.of(stop)));
  }

  public double value(Samples samples) {
    Reference reference = new Reference(samples, settings);
    stopped.forEach(reference::given);
    return reference.number(value);
  }
}
