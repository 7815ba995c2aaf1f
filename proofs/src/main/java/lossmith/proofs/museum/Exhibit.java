package lossmith.proofs.museum;

/**
 * A real bug of a public system.
 *
 * @param name what to call it
 * @param kind what sort of mistake it is
 * @param source the public thread, or the file it was read in
 * @param mistake what was wrong
 * @param harm what it did to people
 * @param caught what stops it
 */
public record Exhibit(
    String name, Kind kind, String source, String mistake, String harm, Caught caught) {

  /** What sort of mistake. */
  public enum Kind {
    /** Divided by something else than what was added up. */
    DENOMINATOR,
    /** Gradient where none was meant, or none where it was. */
    DETACH,
    /** Up for down. */
    SIGN,
    /** ε for 1 + ε, or a bound that never bites. */
    BOUND,
    /** A parameter, or a part, without effect. */
    DEAD,
    /** The gradient of another divergence, or of none. */
    DIVERGENCE,
    /** Masked tokens count. */
    MASK,
    /** A mean or a product over the wrong axis. */
    AXIS,
    /** The std of rewards. */
    STD,
    /** Infinite or not a number. */
    NOT_FINITE,
    /** The wrong tokens, or the right ones of the wrong batch. */
    SELECTION,
    /** A sum for a mean of log-ratios. */
    SEQUENCE_RATIO,
    /** The temperature of the softmax. */
    TEMPERATURE,
    /** The recurrence of an advantage. */
    SCAN,
    /** What a value is regressed on. */
    VALUE,
    /** Tokens of an agent's turn that it did not write. */
    TURN,
    /** A chosen and a rejected response. */
    PAIR,
    /** The entries of a vocabulary that are left. */
    SUPPORT,
    /** The entropy of the policy. */
    ENTROPY,
    /** Digits that are lost. */
    PRECISION,
    /** Parts that are right alone. */
    COMPOSITION,
    /** A number that is only looked at. */
    METRIC
  }
}
