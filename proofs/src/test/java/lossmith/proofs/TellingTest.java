package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import org.junit.jupiter.api.Test;

/** What is said first and last is of laws that there are. */
final class TellingTest {
  @Test
  void everyNameIsALaw() {
    assertEquals(
        HashSet.empty(),
        Telling.ranked().removeAll(Laws.all().appendAll(Laws.ofRoles()).map(Law::name)));
  }
}
