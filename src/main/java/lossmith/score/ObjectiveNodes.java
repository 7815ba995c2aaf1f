package lossmith.score;

import io.vavr.Tuple2;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Node;
import lossmith.pieces.PieceEngine;

/** The nodes of several objectives, which are computed together, each under a name of its own. */
public final class ObjectiveNodes {
  /** Between the name of an objective and that of one of its nodes. */
  private static final String SEPARATOR = "\n";

  private ObjectiveNodes() {}

  /**
   * {@return the nodes of objectives}
   *
   * @param objectives by name
   * @param tokens whether their numbers per token are wanted, beside those of the batch
   */
  static Map<String, Node> of(Map<String, Scorer.Ready> objectives, boolean tokens) {
    Map<String, Node> nodes = LinkedHashMap.empty();
    for (Tuple2<String, Scorer.Ready> one : objectives) {
      ScoreNodes own = one._2.nodes();
      nodes = nodes.merge(own.batch().mapKeys(key -> one._1 + SEPARATOR + key));
      if (tokens) {
        nodes = nodes.merge(own.perToken().mapKeys(key -> one._1 + SEPARATOR + key));
      }
    }
    return nodes;
  }

  /** {@return what takes the numbers of the nodes on a piece, and gives them to a sink} */
  static PieceEngine.Sink sink(Map<String, Scorer.Ready> objectives, TokenSink sink) {
    return sink == TokenSink.NONE
        ? PieceEngine.Sink.NONE
        : (index, samples, found) ->
            objectives.forEach(
                (name, one) ->
                    sink.take(
                        index,
                        samples.get(),
                        name,
                        ScoreRows.tokens(only(name, found), one.tokenNotes())));
  }

  /**
   * {@return the numbers of each objective on the tokens of a piece, by its name, without notes}
   *
   * @param found the numbers of all nodes, by their names
   */
  public static Map<String, TokenScores> tokens(Map<String, double[]> found) {
    Map<String, TokenScores> tokens = LinkedHashMap.empty();
    for (String name :
        found.keySet().map(key -> key.substring(0, key.indexOf(SEPARATOR))).toList().distinct()) {
      tokens = tokens.put(name, ScoreRows.tokens(only(name, found), LinkedHashMap.empty()));
    }
    return tokens;
  }

  /** {@return what belongs to one objective, by the names that its nodes have by themselves} */
  static <V> Map<String, V> only(String name, Map<String, V> all) {
    return all.filterKeys(key -> key.startsWith(name + SEPARATOR))
        .mapKeys(key -> key.substring(name.length() + SEPARATOR.length()));
  }
}
