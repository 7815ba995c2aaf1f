package lossmith.conform.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.List;
import io.vavr.control.Option;
import lossmith.dsl.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GoldenConfigTest {
  private static GoldenConfig config(String json) throws Exception {
    return new GoldenConfig(new ObjectMapper().readTree(json));
  }

  private static void refused(String told, Executable read) {
    assertEquals(told, assertThrows(ProblemException.class, read).getMessage());
  }

  @Test
  void whatIsNullIsNotSet() throws Exception {
    GoldenConfig config = config("{\"a\":null}");
    assertEquals(Option.none(), config.optionalNumber("a"));
    assertEquals(List.empty(), config.numbers("a"));
    assertTrue(config.flag("a", true));
    assertFalse(config.flag("a"));
    assertTrue(config.values().isEmpty());
  }

  @Test
  void aSettingOfAnotherTypeIsNotTakenForOneThatIsNotSet() throws Exception {
    GoldenConfig config = config("{\"a\":\"0.2\",\"b\":[1,\"2\"],\"c\":1}");
    refused("a: got \"0.2\"; expected a number; write a number", () -> config.optionalNumber("a"));
    refused("a: got \"0.2\"; expected true or false; write true or false", () -> config.flag("a"));
    refused("c: got 1; expected text; write text", () -> config.text("c"));
    refused(
        "b: got [1,\"2\"]; expected a list of numbers; write a list of numbers",
        () -> config.numbers("b"));
    assertEquals("[1,\"2\"]", config.values().get("b"));
  }

  @Test
  void aListHasTheLengthThatIsAskedFor() throws Exception {
    GoldenConfig config = config("{\"a\":[1,2]}");
    assertEquals(List.of(1.0, 2.0), config.numbers("a", 2).toList());
    refused(
        "a: got [1,2]; expected a list of 3 numbers; write a list of 3 numbers",
        () -> config.numbers("a", 3));
  }
}
