package lossmith.rollouts.table;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedWidthVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VariableWidthFieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;

/** Writes values of Arrow as JSON; those of a dictionary (a categorical) are looked up there. */
final class ArrowValues {
  private final DictionaryProvider dictionaries;
  private final JsonGenerator to;

  ArrowValues(DictionaryProvider dictionaries, JsonGenerator to) {
    this.dictionaries = dictionaries;
    this.to = to;
  }

  /** {@return whether all values are numbers, and not places in a dictionary} */
  static boolean isNumber(FieldVector vector) {
    return vector.getField().getDictionary() == null
        && (vector instanceof BaseIntVector || vector instanceof FloatingPointVector);
  }

  /** {@return a number that is there} */
  static double number(FieldVector numbers, int index) {
    if (numbers instanceof FloatingPointVector floats) {
      return floats.getValueAsDouble(index);
    }
    long whole = ((BaseIntVector) numbers).getValueAsLong(index);
    return numbers instanceof UInt8Vector && whole < 0
        ? new BigDecimal(Long.toUnsignedString(whole)).doubleValue()
        : whole;
  }

  /**
   * Writes a value.
   *
   * @throws MalformedFile where its type is one that JSON has nothing for
   */
  void write(FieldVector vector, int index) throws IOException {
    ArrowLists lists = ArrowLists.of(vector);
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (vector.isNull(index)) {
      to.writeNull();
    } else if (encoding != null) {
      write(
          dictionaries.lookup(encoding.getId()).getVector(),
          Math.toIntExact(((BaseIntVector) vector).getValueAsLong(index)));
    } else if (lists != null) {
      to.writeStartArray();
      for (int at = lists.start(index); at < lists.end(index); at++) {
        write(lists.entries(), at);
      }
      to.writeEndArray();
    } else if (vector instanceof StructVector fields) {
      to.writeStartObject();
      for (FieldVector field : fields.getChildrenFromFields()) {
        to.writeFieldName(field.getName());
        write(field, index);
      }
      to.writeEndObject();
    } else if (vector instanceof UInt8Vector whole) {
      to.writeNumber(Long.toUnsignedString(whole.getValueAsLong(index)));
    } else if (vector instanceof BaseIntVector whole) {
      to.writeNumber(whole.getValueAsLong(index));
    } else if (vector instanceof FloatingPointVector floats) {
      to.writeNumber(floats.getValueAsDouble(index));
    } else if (vector instanceof BitVector bits) {
      to.writeBoolean(bits.get(index) != 0);
    } else if (vector instanceof FixedWidthVector || vector instanceof VariableWidthFieldVector) {
      scalar(vector.getObject(index));
    } else {
      throw new MalformedFile(
          "column " + vector.getName() + ": " + vector.getMinorType() + " is not read");
    }
  }

  private void scalar(Object value) throws IOException {
    if (value instanceof BigDecimal number) {
      to.writeNumber(number);
    } else {
      to.writeString(String.valueOf(value));
    }
  }
}
