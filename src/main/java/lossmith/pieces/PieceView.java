package lossmith.pieces;

import java.io.Serializable;
import lossmith.dsl.data.Samples;

/** How a piece is seen: as it was recorded, or with columns that are computed from others. */
@FunctionalInterface
public interface PieceView extends Serializable {
  /** As it was recorded. */
  PieceView AS_RECORDED = piece -> piece;

  /** {@return a piece as it is seen} */
  Samples of(Samples piece);
}
