package lossmith.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Texts that come with the program: templates, scripts and styles. */
public final class ResourceText {
  private ResourceText() {}

  /**
   * {@return a text}
   *
   * @param path where it is on the class path, from its root, such as {@code /export/README.md}
   */
  public static String read(String path) {
    try (InputStream stream =
        Objects.requireNonNull(ResourceText.class.getResourceAsStream(path), path)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
