package lossmith.fuzz;

import java.io.IOException;
import java.nio.file.Path;

/** The input that belongs to a seed. */
final class FuzzCases {
  private FuzzCases() {}

  /** {@return a command line, its files written to an empty folder} */
  static FuzzCase of(long seed, Path folder) throws IOException {
    Draw draw = new Draw(seed);
    int kind = draw.below(100);
    if (kind < 62) {
      return RolloutCases.score(draw, folder);
    }
    if (kind < 76) {
      return GridCases.score(draw, folder);
    }
    if (kind < 86) {
      return GoldenCases.conform(draw, folder);
    }
    return kind < 90 ? CommandCases.fit(draw, folder) : CommandCases.any(draw, folder);
  }
}
