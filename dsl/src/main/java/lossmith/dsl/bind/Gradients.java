package lossmith.dsl.bind;

import io.vavr.Tuple;
import io.vavr.collection.Map;
import lossmith.dsl.Columns;
import lossmith.dsl.Node;
import lossmith.dsl.derivative.Derivative;

/** The gradients of what is minimised, at the logits pulled through the softmax. */
final class Gradients {
  private Gradients() {}

  /** dvalue/dinput by the input's name. */
  static Map<String, Node> of(Node value, Surface surface) {
    return Derivative.of(value)
        .map(
            (input, gradient) ->
                surface == Surface.LOGITS && input.equals(Columns.LOG_PI)
                    ? Tuple.of(BoundLoss.LOGITS, Softmax.pull(gradient))
                    : Tuple.of(input, gradient));
  }
}
