package lossmith.proofs.subject;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is begun before it is asked for is made once, freed once, and fails as it would later. */
final class AheadTest {
  @Test
  void itIsMadeOnceHoweverItIsBegun() {
    AtomicInteger made = new AtomicInteger();
    Ahead<Integer> ahead = new Ahead<>(made::incrementAndGet, number -> {});
    ahead.begin();
    ahead.begin();
    assertEquals(1, ahead.get());
    assertEquals(1, ahead.get());
    Ahead<Integer> later = new Ahead<>(made::incrementAndGet, number -> {});
    assertEquals(2, later.get());
    assertEquals(2, later.get());
  }

  @Test
  void whatWasNeverMadeIsNotFreed() {
    AtomicBoolean freed = new AtomicBoolean();
    Ahead<String> never = new Ahead<>(() -> "made", made -> freed.set(true));
    never.close();
    assertFalse(freed.get());
    assertEquals("made", never.get());
    never.close();
    assertTrue(freed.get());
  }

  @Test
  void itFailsWithWhatWentWrong() {
    IllegalStateException wrong = new IllegalStateException("no such thing");
    Ahead<String> ahead =
        new Ahead<>(
            () -> {
              throw wrong;
            },
            made -> {});
    ahead.begin();
    assertSame(wrong, assertThrows(IllegalStateException.class, ahead::get));
    ahead.close();
  }
}
