package lossmith.recipes;

import io.vavr.control.Option;

/** verl's names of aggregations. */
final class VerlAggregation {
  private VerlAggregation() {}

  static Option<Aggregation> of(String mode) {
    return switch (mode) {
      case "token-mean" -> Option.some(Aggregation.TOKEN_MEAN);
      case "seq-mean-token-mean" -> Option.some(Aggregation.SEQUENCE_MEAN_TOKEN_MEAN);
      case "seq-mean-token-sum" -> Option.some(Aggregation.SEQUENCE_MEAN_TOKEN_SUM);
      default -> Option.none();
    };
  }
}
