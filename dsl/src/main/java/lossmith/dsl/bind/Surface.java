package lossmith.dsl.bind;

/** Where the policy enters: what is fed and what gradient comes back. */
public enum Surface {
  /** Numbers per token (log-probabilities, entropies, …), for a trainer that owns its logits. */
  STATISTICS,
  /** Raw logits per token and vocabulary entry; the gradient is with respect to them. */
  LOGITS
}
