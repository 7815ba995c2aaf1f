package lossmith.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;

/** JSON with a line for each key of the whole and for each of what these hold. */
final class Lines extends DefaultPrettyPrinter {
  private static final long serialVersionUID = 1L;

  /** What is deeper stands on one line. */
  private static final int DEEPEST = 2;

  Lines() {
    super(
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator(""));
    Indenter lines = new Deep();
    indentArraysWith(lines);
    indentObjectsWith(lines);
  }

  private Lines(Lines of) {
    super(of);
  }

  @Override
  public DefaultPrettyPrinter createInstance() {
    return new Lines(this);
  }

  @Override
  public void beforeObjectEntries(JsonGenerator to) throws IOException {
    if (_nesting <= DEEPEST) {
      super.beforeObjectEntries(to);
    }
  }

  @Override
  public void beforeArrayValues(JsonGenerator to) throws IOException {
    if (_nesting <= DEEPEST) {
      super.beforeArrayValues(to);
    }
  }

  @Override
  public void writeEndObject(JsonGenerator to, int entries) throws IOException {
    if (_nesting <= DEEPEST) {
      super.writeEndObject(to, entries);
    } else {
      _nesting--;
      to.writeRaw('}');
    }
  }

  @Override
  public void writeEndArray(JsonGenerator to, int values) throws IOException {
    if (_nesting <= DEEPEST) {
      super.writeEndArray(to, values);
    } else {
      _nesting--;
      to.writeRaw(']');
    }
  }

  /** A new line down to {@link #DEEPEST}, a blank below. */
  private static final class Deep extends NopIndenter {
    private static final long serialVersionUID = 1L;

    @Override
    public void writeIndentation(JsonGenerator to, int level) throws IOException {
      to.writeRaw(level <= DEEPEST ? "\n" + "  ".repeat(level) : " ");
    }

    @Override
    public boolean isInline() {
      return false;
    }
  }
}
