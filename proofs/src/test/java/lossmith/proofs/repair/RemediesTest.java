package lossmith.proofs.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import org.junit.jupiter.api.Test;

/** Who breaks a law of what a loss reads as is told what to write instead. */
final class RemediesTest {
  private static final int LINE = 160;

  @Test
  void eachLawOfARoleHasOne() {
    Set<String> roles = HashSet.ofAll(Laws.ofRoles().map(Law::name));
    assertEquals(HashSet.empty(), roles.removeAll(Remedies.all().keySet()));
  }

  @Test
  void eachIsOfALawAndFitsALine() {
    Set<String> laws = HashSet.ofAll(Laws.all().appendAll(Laws.ofRoles()).map(Law::name));
    assertEquals(HashSet.empty(), Remedies.all().keySet().removeAll(laws));
    assertEquals(HashSet.empty(), Remedies.all().filterValues(s -> s.length() > LINE).keySet());
  }
}
