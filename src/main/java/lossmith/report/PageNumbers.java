package lossmith.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as a page holds them: few digits, so that it stays small, and null for none. */
final class PageNumbers {
  private static final MathContext DIGITS = new MathContext(5);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PageNumbers() {}

  static JsonNode of(double number) {
    if (!Double.isFinite(number)) {
      return JsonNodeFactory.instance.nullNode();
    }
    double rounded = new BigDecimal(number).round(DIGITS).doubleValue();
    return Math.rint(rounded) == rounded && Math.abs(rounded) < Integer.MAX_VALUE
        ? JsonNodeFactory.instance.numberNode((int) rounded)
        : JsonNodeFactory.instance.numberNode(rounded);
  }

  static JsonNode of(Option<Double> number) {
    return of(number.getOrElse(Double.NaN));
  }

  static ArrayNode of(double... numbers) {
    ArrayNode array = MAPPER.createArrayNode();
    for (double number : numbers) {
      array.add(of(number));
    }
    return array;
  }

  static ArrayNode of(Seq<Double> numbers) {
    return of(numbers.toJavaStream().mapToDouble(Double::doubleValue).toArray());
  }

  /** The numbers, or one number alone where all are the same. */
  static JsonNode column(double[] numbers) {
    for (double number : numbers) {
      if (Double.compare(number, numbers[0]) != 0) {
        return of(numbers);
      }
    }
    return numbers.length == 0 ? of(numbers) : of(numbers[0]);
  }
}
