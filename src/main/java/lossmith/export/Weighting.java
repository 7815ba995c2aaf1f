package lossmith.export;

/** What each token of a batch counts in an objective, where every prompt has as many responses. */
public enum Weighting {
  /** The same for all: a mean over all tokens. */
  TOKENS,
  /** One over the length of its response: a mean over responses of means over their tokens. */
  RESPONSE_MEANS,
  /** The same for all, by the number of responses: a mean over responses of sums. */
  RESPONSE_SUMS,
  /** One number of each response, of which the mean is taken. */
  RESPONSES,
  /** Anything else. */
  OTHER
}
