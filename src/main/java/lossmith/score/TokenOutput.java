package lossmith.score;

import java.io.IOException;
import java.nio.file.Path;

/** Numbers per token on their way to a place. */
public interface TokenOutput extends TokenSink, AutoCloseable {
  /** Puts all that was taken into its place. */
  void write(Path place) throws IOException;

  @Override
  void close();
}
