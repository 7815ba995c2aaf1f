package lossmith.score;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.data.Samples;

/** Gathers the numbers of all objectives on a piece, and hands them on together. */
final class GatheredPieces {
  private final Taker taker;

  /** The piece that is read, if one is. */
  private Option<Piece> open = Option.none();

  private record Piece(int index, Samples samples, Map<String, TokenScores> scores) {}

  /** Takes what all objectives make of a piece. */
  @FunctionalInterface
  interface Taker {
    void take(int index, Samples samples, Map<String, TokenScores> scores);
  }

  GatheredPieces(Taker taker) {
    this.taker = taker;
  }

  /** Takes the numbers of one objective, as a sink does. */
  void add(int index, Samples samples, String objective, TokenScores tokens) {
    if (!open.exists(piece -> piece.index() == index)) {
      end();
      open = Option.some(new Piece(index, samples, LinkedHashMap.empty()));
    }
    open = open.map(piece -> new Piece(index, samples, piece.scores().put(objective, tokens)));
  }

  /** Hands on the piece that was read last. */
  void end() {
    open.forEach(piece -> taker.take(piece.index(), piece.samples(), piece.scores()));
    open = Option.none();
  }
}
