package lossmith.export;

import io.vavr.collection.List;
import io.vavr.control.Option;

/** What an objective can be written as, by the words that are typed. */
public enum ExportFormat {
  /** The graph of nodes, which commands read again. */
  JSON("json"),
  /** A module for PyTorch. */
  PYTORCH("pytorch"),
  /** A folder for TensorFlow. */
  SAVED_MODEL("saved-model"),
  /** The appendix of a paper in Markdown. */
  MARKDOWN("markdown"),
  /** The appendix of a paper in LaTeX. */
  LATEX("latex"),
  /** A file for {@link Trainer#TRL}. */
  TRL(Trainer.TRL),
  /** A file for {@link Trainer#VERL}. */
  VERL(Trainer.VERL),
  /** A file for {@link Trainer#PRIME_RL}. */
  PRIME_RL(Trainer.PRIME_RL),
  /** A file for {@link Trainer#SKYRL}. */
  SKYRL(Trainer.SKYRL),
  /** A file for {@link Trainer#NEMO_RL}. */
  NEMO_RL(Trainer.NEMO_RL),
  /** A file for {@link Trainer#SLIME}. */
  SLIME(Trainer.SLIME),
  /** A file for {@link Trainer#OPENRLHF}. */
  OPENRLHF(Trainer.OPENRLHF),
  /** A file for {@link Trainer#OPEN_INSTRUCT}. */
  OPEN_INSTRUCT(Trainer.OPEN_INSTRUCT),
  /** A file for {@link Trainer#TINKER}. */
  TINKER(Trainer.TINKER),
  /** A request for {@link Trainer#TINKER_GRAPH}. */
  TINKER_GRAPH(Trainer.TINKER_GRAPH);

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // immutable, though nothing says so
  private final Option<Trainer> trainer;

  ExportFormat(String word) {
    this.word = word;
    this.trainer = Option.none();
  }

  ExportFormat(Trainer trainer) {
    this.word = trainer.id();
    this.trainer = Option.some(trainer);
  }

  /** {@return the format of a word, if it is one} */
  public static Option<ExportFormat> named(String word) {
    return List.of(values()).find(format -> format.word.equals(word));
  }

  /** {@return all words} */
  public static List<String> words() {
    return List.of(values()).map(ExportFormat::toString);
  }

  /** {@return the trainer that it is for, if it is for one} */
  public Option<Trainer> trainer() {
    return trainer;
  }

  /** {@return what is typed for it} */
  @Override
  public String toString() {
    return word;
  }
}
