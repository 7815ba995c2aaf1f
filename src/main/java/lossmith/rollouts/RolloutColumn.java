package lossmith.rollouts;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Columns;

/**
 * A column that a rollout file may have.
 *
 * @param name its name
 * @param shape what a cell holds
 * @param required whether a file without it is refused
 */
record RolloutColumn(String name, Shape shape, boolean required) {
  /** What a cell holds. */
  enum Shape {
    /** Anything that tells one prompt from another. */
    KEY,
    /** A number per response. */
    NUMBER,
    /** A list with a number per token. */
    LIST,
    /** Text for readers; not read. */
    TEXT
  }

  static final String PROMPT_ID = "prompt_id";
  static final String TOKENS = "tokens";

  static final Seq<RolloutColumn> ALL =
      List.of(
          new RolloutColumn(PROMPT_ID, Shape.KEY, true),
          new RolloutColumn(TOKENS, Shape.LIST, true),
          new RolloutColumn(Columns.REWARD, Shape.NUMBER, true),
          new RolloutColumn(Columns.LOG_PROB, Shape.LIST, true),
          new RolloutColumn(Columns.FINISHED, Shape.NUMBER, false),
          new RolloutColumn(Columns.SIGN, Shape.NUMBER, false),
          new RolloutColumn(Columns.OLD_LOG_PROB, Shape.LIST, false),
          new RolloutColumn(Columns.REFERENCE_LOG_PROB, Shape.LIST, false),
          new RolloutColumn(Columns.ROLLOUT_LOG_PROB, Shape.LIST, false),
          new RolloutColumn(Columns.ENTROPY, Shape.LIST, false),
          new RolloutColumn("old_entropy", Shape.LIST, false),
          new RolloutColumn(Columns.VALUE, Shape.LIST, false),
          new RolloutColumn("old_value", Shape.LIST, false),
          new RolloutColumn("advantage", Shape.LIST, false),
          new RolloutColumn(Columns.TOKEN_REWARD, Shape.LIST, false),
          new RolloutColumn("mean_log_pi", Shape.LIST, false),
          new RolloutColumn("sum_pi_squared", Shape.LIST, false),
          new RolloutColumn("response_mask", Shape.LIST, false),
          new RolloutColumn("prompt", Shape.TEXT, false),
          new RolloutColumn("response", Shape.TEXT, false),
          new RolloutColumn("token_text", Shape.TEXT, false));

  static Option<RolloutColumn> named(String name) {
    return ALL.find(column -> column.name.equals(name));
  }
}
