package lossmith.proofs.independent;

/** Where the policy enters, and whether the batch comes whole. */
public enum Place {
  /** Numbers of the policy per token. */
  STATISTICS("statistics"),
  /** Logits, a few rows at a time. */
  LOGITS("logits"),
  /** Logits of a batch that is small enough to be computed whole. */
  WHOLE("whole logits"),
  /** Hidden states under an output matrix. */
  HIDDEN("hidden states"),
  /** Logits of a batch that comes in pieces. */
  WINDOW("window");

  private final String word;

  Place(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
