package lossmith.proofs.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each bug is caught by what it names, and its mended version is not. */
final class MuseumTest {
  private static final int CASES = Math.min(1000, Integer.getInteger("lossmith.cases", 200));

  @TestFactory
  Stream<DynamicTest> everyExhibitIsCaught() {
    return Museum.all()
        .toJavaStream()
        .map(e -> DynamicTest.dynamicTest(e.name(), () -> assertCaught(e)));
  }

  private static void assertCaught(Exhibit exhibit) {
    Museum.Visit visit = Museum.visit(exhibit, CASES, 1);
    assertTrue(visit.evidence().nonEmpty(), () -> "not caught by " + visit.by());
    assertEquals(List.empty(), visit.mended(), "the mended version is caught too");
  }

  @Test
  void everyKindOfMistakeIsThereAndNoneTwice() {
    assertTrue(Museum.all().size() >= 110);
    assertEquals(Museum.all().size(), Museum.all().map(Exhibit::name).distinct().size());
    assertEquals(HashSet.of(Exhibit.Kind.values()), Museum.all().map(Exhibit::kind).toSet());
  }
}
