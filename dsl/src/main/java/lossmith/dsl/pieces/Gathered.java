package lossmith.dsl.pieces;

import io.vavr.collection.Map;
import lossmith.dsl.Node;

/**
 * A total of which every piece knows its share: a few numbers, the same few for pieces joined.
 *
 * @param name the column that stands for it, one number for the batch
 * @param node the node
 * @param gathering the share of a piece, and how shares are joined
 */
public record Gathered(String name, Node node, Gathering gathering) implements BatchTotal {
  @Override
  public Map<String, Node> asked() {
    return gathering.asked().mapKeys(key -> name + " " + key);
  }

  /**
   * {@return the share of a piece}
   *
   * @param found the numbers of what was {@linkplain #asked asked}
   */
  public double[] share(Map<String, double[]> found) {
    return gathering.share(key -> found.get(name + " " + key).get()[0]);
  }
}
