package lossmith.ops.memory;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.bind.BoundLoss;

/** The policy of a batch as big matrices, one row per token; nothing of them is copied whole. */
public sealed interface Policy {
  /** {@return how many vocabulary entries} */
  long vocabulary();

  /** {@return further matrices {@code [tokens, vocabulary]} by name} */
  Map<String, Matrix> grids();

  /**
   * Raw logits.
   *
   * @param logits {@code [tokens, vocabulary]}
   * @param grids further matrices of that shape and type by name, such as {@code ref_log_pi}
   * @param gradient where dL/dlogits is written; may be {@code logits} itself
   */
  record Logits(Matrix logits, Map<String, Matrix> grids, Matrix gradient) implements Policy {
    /**
     * Logits, and no further matrix.
     *
     * @param logits {@code [tokens, vocabulary]}
     * @param gradient where dL/dlogits is written; may be {@code logits} itself
     */
    public Logits(Matrix logits, Matrix gradient) {
      this(logits, LinkedHashMap.empty(), gradient);
    }

    @Override
    public long vocabulary() {
      return logits.columns();
    }

    /** The logits or a further matrix by name. */
    public Matrix matrix(String name) {
      return name.equals(BoundLoss.LOGITS) ? logits : grids.get(name).get();
    }
  }

  /**
   * Hidden states under an output layer.
   *
   * @param layer hidden states, weight and bias of the policy
   * @param layers output layers of other models by the grid they give, such as {@code ref_log_pi}
   * @param grids further matrices {@code [tokens, vocabulary]} by name
   * @param gradient dL/dhidden is written here, dL/dweight and dL/dbias are; float32 where the
   *     policy is bfloat16
   */
  record Hidden(Layer layer, Map<String, Layer> layers, Map<String, Matrix> grids, Layer gradient)
      implements Policy {
    /**
     * Hidden states of the policy, and of no other model.
     *
     * @param layer hidden states, weight and bias of the policy
     * @param gradient where dL/dhidden, dL/dweight and dL/dbias are written
     */
    public Hidden(Layer layer, Layer gradient) {
      this(layer, LinkedHashMap.empty(), LinkedHashMap.empty(), gradient);
    }

    /**
     * {@return the same with further matrices}
     *
     * @param more matrices {@code [tokens, vocabulary]} by name
     */
    public Hidden withGrids(Map<String, Matrix> more) {
      return new Hidden(layer, layers, more.merge(grids), gradient);
    }

    /**
     * {@return the same with output layers of other models}
     *
     * @param more the layers, by the grid that each gives
     */
    public Hidden withLayers(Map<String, Layer> more) {
      return new Hidden(layer, more.merge(layers), grids, gradient);
    }

    @Override
    public long vocabulary() {
      return layer.weight().rows();
    }
  }

  /**
   * An output layer on hidden states: logits = hidden · weightᵀ + bias.
   *
   * @param hidden {@code [tokens, width]}
   * @param weight {@code [vocabulary, width]}
   * @param bias {@code [1, vocabulary]}, where there is one
   */
  record Layer(Matrix hidden, Matrix weight, Option<Matrix> bias) {
    /**
     * A layer without bias.
     *
     * @param hidden {@code [tokens, width]}
     * @param weight {@code [vocabulary, width]}
     */
    public Layer(Matrix hidden, Matrix weight) {
      this(hidden, weight, Option.none());
    }
  }
}
