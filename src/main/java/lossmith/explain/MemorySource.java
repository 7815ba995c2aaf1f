package lossmith.explain;

import java.net.URI;
import javax.tools.SimpleJavaFileObject;

/** A source that is a text in memory. */
public final class MemorySource extends SimpleJavaFileObject {
  private final String text;

  /**
   * A source.
   *
   * @param name the simple name of its first public class
   * @param text what is in it
   */
  public MemorySource(String name, String text) {
    super(URI.create("string:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
    this.text = text;
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return text;
  }
}
