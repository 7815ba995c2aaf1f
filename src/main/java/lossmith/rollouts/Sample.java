package lossmith.rollouts;

import io.vavr.control.Option;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import lossmith.dsl.data.Samples;

/**
 * The embedded sample: real rollouts of a small model that learns to add; a README beside them
 * gives their origin.
 */
public final class Sample {
  /** What its tokens are as text, in a file beside it. */
  public static final String VOCABULARY = "vocabulary.json";

  private Sample() {}

  /**
   * {@return 384 responses to 48 prompts, 11,193 tokens, with the logits of the policy that is
   * trained}
   */
  public static Samples rollouts() {
    try {
      Path folder = Files.createTempDirectory("lossmith");
      Path rollouts = folder.resolve("rollouts.parquet");
      Path logits = folder.resolve("logits.npy");
      try {
        copy("/sample/rollouts.parquet", rollouts);
        copy("/sample/logits.npy", logits);
        return RolloutFile.read(rollouts, Reading.plain().logits(Option.some(logits))).samples();
      } finally {
        for (Path path : List.of(rollouts, logits, folder)) {
          delete(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@return a file with the rollouts, {@code vocabulary.json} beside it; both are gone when the
   * program ends}
   */
  public static Path file() {
    try {
      Path folder = Files.createTempDirectory("lossmith");
      Path rollouts = folder.resolve("sample.parquet");
      Path vocabulary = folder.resolve(VOCABULARY);
      for (Path path : List.of(folder, rollouts, vocabulary)) {
        path.toFile().deleteOnExit();
      }
      copy("/sample/rollouts.parquet", rollouts);
      copy("/sample/" + VOCABULARY, vocabulary);
      return rollouts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(String resource, Path to) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(Sample.class.getResourceAsStream(resource), resource)) {
      Files.copy(stream, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** A mapped file cannot be deleted everywhere; then it goes when the program does. */
  private static void delete(Path path) {
    if (!path.toFile().delete()) {
      path.toFile().deleteOnExit();
    }
  }
}
