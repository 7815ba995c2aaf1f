package lossmith.pieces;

import io.vavr.control.Option;
import lossmith.dsl.data.Samples;
import lossmith.ops.CompiledNodes;

/**
 * Computes one piece after the other in this process.
 *
 * @param pieces the batch
 */
public record OneMachine(Pieces pieces) implements PieceEngine {
  @Override
  public Option<Samples> whole() {
    return Option.when(pieces.count() == 1, () -> pieces.piece(0));
  }

  @Override
  public void evaluate(PieceWork work, BatchKnown known, Sink sink, Watch watch) {
    try (CompiledNodes compiled = work.compile()) {
      for (int i = 0; i < pieces.count(); i++) {
        int index = i;
        Samples piece =
            known.on(work.view().of(pieces.piece(i)), level -> pieces.places(index, level));
        sink.take(i, () -> piece, work.on(compiled, piece));
        watch.read(i + 1L, pieces.count());
      }
    }
  }
}
