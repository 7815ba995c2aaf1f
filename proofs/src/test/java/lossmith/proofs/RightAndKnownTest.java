package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.museum.Caught;
import lossmith.proofs.museum.Museum;
import org.junit.jupiter.api.Test;

/** What somebody wrote instead of a mistake is blamed for no likeness to a known objective. */
final class RightAndKnownTest {
  private static Seq<String> said(String name, Loss loss) {
    return KnownLaws.violations(loss).map(one -> name + ", " + one);
  }

  @Test
  void nothingIsSaidOfWhatWasMeant() {
    Seq<RoleMistake> mistakes = RoleLawsCanFailTest.mistakes().collect(List.collector());
    assertEquals(List.empty(), mistakes.flatMap(one -> said(one.name(), one.right())).toList());
  }

  @Test
  void nothingIsSaidOfMendedExhibits() {
    assertEquals(
        List.empty(),
        Museum.all()
            .filter(exhibit -> exhibit.caught() instanceof Caught.ByLaw)
            .flatMap(one -> said(one.name(), ((Caught.ByLaw) one.caught()).mended()))
            .toList());
  }
}
