package lossmith.console;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, of which the first error ends the work: a {@link PrintWriter} alone would keep
 * it to itself, and compute on for nobody.
 */
public final class Screen extends OutputStream {
  private final OutputStream to;

  private Screen(OutputStream to) {
    this.to = to;
  }

  /**
   * Nobody reads, or nothing can be written. An error, because no command that catches exceptions
   * can go on.
   */
  public static final class Closed extends Error {
    private static final long serialVersionUID = 1;

    private Closed(IOException cause) {
      super(cause.getMessage(), cause);
    }

    /** {@return whether a reader, such as {@code head}, has had enough, which is no mistake} */
    public boolean isQuiet() {
      return String.valueOf(getMessage()).contains("Broken pipe");
    }
  }

  /**
   * {@return a writer whose lines are out as soon as they are printed}
   *
   * @param to where the bytes go, in UTF-8
   */
  public static PrintWriter on(OutputStream to) {
    return new PrintWriter(new Screen(to), true, StandardCharsets.UTF_8);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      to.write(bytes, from, length);
    } catch (IOException e) {
      throw new Closed(e);
    }
  }

  @Override
  public void flush() {
    try {
      to.flush();
    } catch (IOException e) {
      throw new Closed(e);
    }
  }
}
