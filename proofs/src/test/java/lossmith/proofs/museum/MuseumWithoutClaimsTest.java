package lossmith.proofs.museum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.law.Laws;
import org.junit.jupiter.api.Test;

/** What a loss reads as catches some of the real bugs without a word of their authors. */
final class MuseumWithoutClaimsTest {
  private static final int CASES = 40;
  private static final int CAUGHT = 11;

  /**
   * Their mended versions divide by a column of the whole batch, of which nothing is known here.
   */
  private static final Seq<String> OF_THE_WHOLE_BATCH =
      List.of("geo-mean-per-micro-batch", "longest-response-of-the-batch");

  @Test
  void presumptionAloneCatchesSomeAndBlamesNoMendedOne() {
    Seq<MuseumWithoutClaims.Row> rows =
        MuseumWithoutClaims.exhibits()
            .map(exhibit -> MuseumWithoutClaims.row(exhibit, CASES, Laws::ofRoles));
    assertTrue(rows.count(MuseumWithoutClaims.Row::caught) >= CAUGHT, rows::toString);
    assertEquals(
        OF_THE_WHOLE_BATCH,
        rows.filter(row -> row.mended().nonEmpty()).map(row -> row.exhibit().name()));
  }
}
