package lossmith.dsl;

/**
 * Where a number lives. Levels are types: {@code Vocabulary < Token < Sequence < Group < Batch},
 * and a finer level refines the coarser one, so that {@code per} can only go finer and a reduction
 * is the only way up.
 */
public sealed interface Level {
  /** One number for the whole batch of samples. */
  non-sealed interface Batch extends Level {}

  /** One number per group: the responses that share a prompt. */
  non-sealed interface Group extends Batch, Level {}

  /** One number per sequence: a sampled response. */
  non-sealed interface Sequence extends Group, Level {}

  /** One number per response token. */
  non-sealed interface Token extends Sequence, Level {}

  /** One number per response token and vocabulary entry. */
  non-sealed interface Vocabulary extends Token, Level {}

  /**
   * The levels as data, finest first, for everything that runs after the compiler has checked the
   * types.
   */
  enum Name {
    /** Per token and vocabulary entry. */
    VOCABULARY("vocabulary"),
    /** Per response token. */
    TOKEN("token"),
    /** Per response. */
    SEQUENCE("sequence"),
    /** Per prompt. */
    GROUP("group"),
    /** One number. */
    BATCH("batch");

    private final String word;

    Name(String word) {
      this.word = word;
    }

    /** {@return the name of its type, such as {@code Token}} */
    public String type() {
      return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /** {@return whether this level is strictly finer than the other} */
    public boolean finerThan(Name other) {
      return compareTo(other) < 0;
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
