package lossmith.ops;

import io.vavr.collection.Map;

/** The policy of a batch as big matrices, one row per token; nothing of them is copied whole. */
public sealed interface Policy {
  /** {@return how many tokens} */
  long tokens();

  /** {@return how many vocabulary entries} */
  long vocabulary();

  /**
   * Raw logits.
   *
   * @param logits {@code [tokens, vocabulary]}
   * @param grids further matrices of that shape and type by name, such as {@code ref_log_pi}
   * @param gradient where dL/dlogits is written; may be {@code logits} itself
   */
  record Logits(Matrix logits, Map<String, Matrix> grids, Matrix gradient) implements Policy {
    @Override
    public long tokens() {
      return logits.rows();
    }

    @Override
    public long vocabulary() {
      return logits.columns();
    }
  }
}
