package lossmith.vocabulary;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.Utils;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import lossmith.dsl.Problem;

/** A model's {@code tokenizer.json}, read by the tokenizers library of Hugging Face. */
final class TokenizerJson implements Vocabulary {
  /** Stands before a token while it is decoded: at the beginning of a text a space may be lost. */
  private static final String BEFORE = "a";

  private final HuggingFaceTokenizer tokenizer;
  private final long[] before;
  private final String beforeText;

  private TokenizerJson(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.before = tokenizer.encode(BEFORE, false, false).getIds();
    this.beforeText = tokenizer.decode(before, false);
  }

  static Vocabulary read(Path file) throws IOException {
    Unpacked.once();
    try {
      return new TokenizerJson(HuggingFaceTokenizer.newInstance(file));
    } catch (RuntimeException | LinkageError e) {
      throw Problem.of(
              "vocabulary",
              file + ", which the tokenizers library does not read: " + e.getMessage(),
              "a tokenizer.json of a fast tokenizer",
              "a JSON object from tokens to ids, or a list of tokens")
          .exception();
    }
  }

  /** Settings of the library, which are read when it is loaded. */
  private static final class Unpacked {
    static {
      // It tells its makers where it runs, and asks a hub for files, unless told not to.
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("ai.djl.offline", "true");
      try {
        // Unpacked into the user's home otherwise, for ever.
        Path folder = Files.createTempDirectory("lossmith-tokenizers");
        System.setProperty("ENGINE_CACHE_DIR", folder.toString());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Utils.deleteQuietly(folder)));
      } catch (IOException full) {
        throw new UncheckedIOException(full);
      }
    }

    static void once() {}
  }

  @Override
  public Option<String> text(int id) {
    long[] with = Arrays.copyOf(before, before.length + 1);
    with[before.length] = id;
    String text = tokenizer.decode(with, false);
    return Option.of(text)
        .filter(all -> all.startsWith(beforeText))
        .map(all -> all.substring(beforeText.length()))
        .orElse(() -> Option.of(tokenizer.decode(new long[] {id}, false)))
        .filter(token -> !token.isEmpty());
  }
}
