package lossmith.dsl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import lossmith.dsl.Level;
import org.junit.jupiter.api.Test;

/** What samples print as where they are looked at. */
final class SamplesTableTest {
  @Test
  void eachColumnHasItsLevelAndItsRange() {
    Samples samples =
        new SamplesBuilder(new int[] {1, 3}, new int[] {0, 0})
            .column("x", Level.Name.TOKEN, new double[] {1, 0, 2, 4})
            .column("reward", Level.Name.SEQUENCE, new double[] {1, -0.125})
            .build()
            .with("logits", Grid.of(new double[8], 2));
    assertEquals(
        """
        2 responses to 1 prompt, 4 tokens
          column    per           mean    least  most
          position  token       0.7500        0     2
          reward    sequence    0.4375  -0.1250     1
          x         token        1.750        0     4
          logits    vocabulary  2 wide\
        """,
        samples.toString());
  }
}
