package lossmith.rollouts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.pieces.Pieces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file larger than a piece: the pieces together are the whole, token by token. */
class RolloutPiecesTest {
  private static final int ROWS = 120;
  private static final int PROMPTS = 30;

  @Test
  void piecesAreTheWhole(@TempDir Path folder) throws IOException {
    Rollouts rollouts = RolloutFile.read(file(folder), Reading.plain().within(1 << 20));
    Samples whole = rollouts.samples();
    Pieces pieces = rollouts.pieces();
    assertTrue(pieces.count() > 1);
    for (Level.Name level : List.of(Level.Name.TOKEN, Level.Name.SEQUENCE, Level.Name.GROUP)) {
      assertEquals(whole.size(level), pieces.size(level));
    }
    for (int i = 0; i < pieces.count(); i++) {
      Samples piece = pieces.piece(i);
      assertTrue(piece.tokens() > 0);
      same(whole, piece, pieces.places(i, Level.Name.TOKEN), "log_prob");
      same(whole, piece, pieces.places(i, Level.Name.TOKEN), "old_log_prob");
      same(whole, piece, pieces.places(i, Level.Name.SEQUENCE), "reward");
      long[] tokens = pieces.places(i, Level.Name.TOKEN);
      int[] slots = rollouts.slots();
      int[] own = rollouts.slots(i);
      long[] groups = pieces.places(i, Level.Name.GROUP);
      for (int t = 0; t < tokens.length; t++) {
        int at = (int) tokens[t];
        assertEquals(slots[at], own[t]);
        assertEquals(whole.positions()[at], piece.positions()[t]);
        assertEquals(
            whole.parent(Level.Name.TOKEN, at, Level.Name.GROUP),
            groups[piece.parent(Level.Name.TOKEN, t, Level.Name.GROUP)]);
      }
      assertArrayEquals(pieces.places(i, Level.Name.SEQUENCE), piece.sequenceIds());
    }
  }

  @Test
  void theFirstOnesAreWholePrompts(@TempDir Path folder) throws IOException {
    Rollouts rollouts = RolloutFile.read(file(folder), Reading.plain());
    Samples first = rollouts.first(1000).samples();
    assertTrue(first.tokens() >= 1000);
    assertTrue(first.tokens() < rollouts.samples().tokens());
    assertEquals(4 * first.size(Level.Name.GROUP), first.size(Level.Name.SEQUENCE), "four each");
  }

  private static void same(Samples whole, Samples piece, long[] places, String column) {
    double[] all = whole.column(column).get();
    double[] own = piece.column(column).get();
    assertEquals(places.length, own.length);
    for (int i = 0; i < own.length; i++) {
      assertEquals(all[(int) places[i]], own[i], column);
    }
  }

  /** Responses of 600 to 1,800 tokens, the prompts' responses apart; every third token masked. */
  private static Path file(Path folder) throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      int tokens = 600 + random.nextInt(1200);
      List<Double> logProb = numbers(random, tokens);
      List<Double> old = numbers(random, tokens);
      List<Integer> mask = List.range(0, tokens).map(t -> own(t));
      text.append("{\"prompt_id\": \"p")
          .append(row % PROMPTS)
          .append("\", \"reward\": ")
          .append(random.nextInt(2))
          .append(", \"log_prob\": [")
          .append(logProb.mkString(", "))
          .append("], \"old_log_prob\": [")
          .append(old.mkString(", "))
          .append("], \"response_mask\": [")
          .append(mask.mkString(", "))
          .append("]}\n");
    }
    return Files.writeString(folder.resolve("large.jsonl"), text);
  }

  private static int own(int token) {
    return token % 3 == 2 ? 0 : 1;
  }

  private static List<Double> numbers(Random random, int count) {
    return List.ofAll(random.doubles(count, -2, -0.1).boxed().toList());
  }
}
