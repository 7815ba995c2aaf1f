package lossmith.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final StringWriter text = new StringWriter();
  private final AtomicLong clock = new AtomicLong();

  private Progress progress(boolean terminal) {
    return new Progress(new PrintWriter(text), terminal, clock::get);
  }

  @Test
  void shortWorkShowsNothing() {
    for (boolean terminal : new boolean[] {false, true}) {
      try (Progress progress = progress(terminal)) {
        progress.show("reading", "rows", 1, 10);
        clock.addAndGet(SECOND);
        progress.show("reading", "rows", 10, 10);
      }
      assertEquals("", text.toString());
    }
  }

  @Test
  void aFileGetsLines() {
    try (Progress progress = progress(false)) {
      progress.show("reading", "rows", 1, 10);
      clock.addAndGet(4 * SECOND);
      progress.show("reading", "rows", 7, 10);
      progress.show("reading", "rows", 8, 10);
      clock.addAndGet(4 * SECOND);
      progress.show("reading", "rows", 9, 0);
    }
    assertEquals(
        "reading, 7 of 10 rows\nreading, 9 rows\n",
        text.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void aNoteComesWithTheTimeThatIsLeft() {
    try (Progress progress = progress(false)) {
      progress.show("training", "steps", 0, 10, "reward 0.1");
      clock.addAndGet(5 * SECOND);
      progress.show("training", "steps", 2, 10, "reward 0.2");
    }
    assertEquals("training, 2 of 10 steps, reward 0.2, 20 s left", text.toString().strip());
    text.getBuffer().setLength(0);
    try (Progress progress = progress(true)) {
      progress.show("training", "steps", 0, 10, "reward 0.1");
      clock.addAndGet(3 * SECOND);
      progress.show("training", "steps", 5, 10, "reward 0.5");
    }
    assertTrue(text.toString().contains("reward"), text::toString);
  }

  @Test
  void aTerminalGetsABarThatGoesAway() {
    try (Progress progress = progress(true)) {
      progress.show("scoring", "pieces", 1, 10);
      clock.addAndGet(3 * SECOND);
      progress.show("scoring", "pieces", 5, 10);
    }
    assertTrue(text.toString().contains("scoring"), text::toString);
    assertTrue(text.toString().contains("5/10 pieces"), text::toString);
    assertTrue(text.toString().endsWith(" \r"), text::toString);
  }
}
