package lossmith.proofs.estimator;

/** What may be wrong in an estimate that is traced back along a response. */
enum TokenSlip {
  NONE(""),
  SAME_STEP("the next value is that of the same token"),
  PREVIOUS_STEP("the next value is that of the token before"),
  NOT_STOPPED("the next value is not stopped at the last token, which is followed by its own"),
  NEXT_RESPONSE("the next value is not stopped at the last token, but read of the next response"),
  VALUE_ADDED("the own value is added, not subtracted"),
  NO_VALUE("the own value is not subtracted"),
  NEXT_VALUE_SUBTRACTED("the next value is subtracted, not added"),
  EARLY_DISCOUNT("γ is applied before the first step"),
  FROM_THE_START("γ is counted from the start of the response, not from the token on"),
  FORWARD("it runs from the first token on, not from the last one back"),
  NEXT_REWARD("the reward is that of the next token");

  private final String words;

  TokenSlip(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
