package lossmith.cli;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.nio.file.Path;
import lossmith.dsl.Problem;
import lossmith.rollouts.Reading;
import lossmith.rollouts.RolloutPaths;
import lossmith.rollouts.Sample;
import lossmith.storage.MemoryBudget;
import lossmith.vocabulary.Vocabulary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a file of rollouts is read. */
final class ReadingOptions {
  @Option(
      names = "--columns",
      paramLabel = "NAME=COLUMN",
      split = ",",
      description =
          "what a column is called in FILE, such as reward=score,prompt_id=uid; COLUMN.FIELD is a"
              + " field of an object")
  private java.util.Map<String, String> columns = new java.util.LinkedHashMap<>();

  @Option(
      names = "--leave-out",
      paramLabel = "COLUMN",
      split = ",",
      description = "columns of FILE that are not read, although they look like known ones")
  private java.util.List<String> leftOut = new java.util.ArrayList<>();

  @Option(
      names = "--grid",
      paramLabel = "NAME=FILE.npy",
      description =
          "a number per token and vocabulary entry, shape (tokens, vocabulary), such as"
              + " ref_log_pi=FILE.npy; one row per token of FILE, masked ones too")
  private java.util.Map<String, Path> grids = new java.util.LinkedHashMap<>();

  @Option(
      names = "--drop-incomplete",
      description = "leaves out prompts with fewer responses than the others")
  private boolean dropIncomplete;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      converter = MemorySize.class,
      description =
          "memory for what grows with FILE, such as 2G or 500M; the rest is kept in the temporary"
              + " folder (default: a quarter of the machine's)")
  private long memory = MemoryBudget.usual();

  @Option(
      names = "--glob",
      description =
          "reads the last name of FILE as a pattern, as in 'step-*.jsonl'; without it * and ? are"
              + " characters of a name")
  private boolean glob;

  @Option(
      names = "--vocabulary",
      paramLabel = "FILE",
      description =
          "what tokens are as text, where FILE has no token_text: a model's tokenizer.json or"
              + " vocab.json, a JSON list, or a line per token")
  private @Nullable Path vocabulary;

  /** That of the embedded sample, where it is read. */
  private @Nullable Path ofSample;

  /** The embedded sample, where it is among the files. */
  private static final Path SAMPLE = Path.of("@sample");

  /** {@return whether a vocabulary was named; that of the sample is there by itself} */
  boolean hasVocabulary() {
    return vocabulary != null;
  }

  private @Nullable Path vocabularyFile() {
    return vocabulary == null ? ofSample : vocabulary;
  }

  /** {@return what tokens are as text, as far as that is known} */
  Vocabulary vocabulary() throws IOException {
    Path file = vocabularyFile();
    return file == null ? Vocabulary.unknown() : Vocabulary.read(file);
  }

  /** {@return the files beside those of the rollouts} */
  Seq<Path> beside() {
    return List.ofAll(grids.values()).appendAll(io.vavr.control.Option.of(vocabularyFile()));
  }

  /** {@return what was given, as a user calls it} */
  static String told(java.util.List<Path> given) {
    return given.isEmpty() ? SAMPLE.toString() : List.ofAll(given).mkString(" ");
  }

  /**
   * {@return the files that are read as one, those of a folder by name; the embedded sample for
   * {@code @sample}, and where none is given}
   */
  Seq<Path> files(java.util.List<Path> given) {
    Seq<Path> named = given.isEmpty() ? List.of(SAMPLE) : List.ofAll(given);
    if (!named.contains(SAMPLE)) {
      return RolloutPaths.of(named, glob);
    }
    Path sample = Sample.file();
    ofSample = sample.resolveSibling(Sample.VOCABULARY);
    return RolloutPaths.of(named.map(path -> path.equals(SAMPLE) ? sample : path), glob);
  }

  Reading value() {
    Map<String, String> names = LinkedHashMap.ofAll(columns);
    Problem.throwAll(
        names
            .filterValues(column -> names.values().count(column::equals) > 1)
            .headOption()
            .map(
                twice ->
                    Problem.of(
                        "columns",
                        "--columns with two names for " + twice._2,
                        "one name for a column",
                        twice._1 + "=" + twice._2 + " alone"))
            .toList());
    return new Reading(
        names,
        List.ofAll(leftOut),
        List.empty(),
        LinkedHashMap.ofAll(grids),
        dropIncomplete,
        memory);
  }
}
