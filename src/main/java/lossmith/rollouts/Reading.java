package lossmith.rollouts;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.nio.file.Path;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.bind.Inputs;
import lossmith.storage.MemoryBudget;

/**
 * How rollouts are read.
 *
 * @param columns what a column is called in the file, by its name here; a field of an object is
 *     {@code column.field}
 * @param leftOut columns of the file that are not read, although their names look known
 * @param wanted what the losses read, columns of a user's own among them
 * @param grids NumPy files of shape (tokens, vocabulary) by name, such as {@code logits}, with one
 *     row per token of the file, response after response
 * @param dropIncomplete whether prompts with fewer responses than the others are left out
 * @param memory how many bytes may be used for what a file of any size needs
 */
public record Reading(
    Map<String, String> columns,
    Seq<String> leftOut,
    Seq<Node.Input> wanted,
    Map<String, Path> grids,
    boolean dropIncomplete,
    long memory) {
  /** A reading in a quarter of the machine's memory. */
  public Reading(
      Map<String, String> columns,
      Seq<String> leftOut,
      Seq<Node.Input> wanted,
      Map<String, Path> grids,
      boolean dropIncomplete) {
    this(columns, leftOut, wanted, grids, dropIncomplete, MemoryBudget.usual());
  }

  /** {@return a reading of columns under the names they have here} */
  public static Reading plain() {
    return new Reading(
        LinkedHashMap.empty(), List.empty(), List.empty(), LinkedHashMap.empty(), false);
  }

  /** {@return the same, with the policy's logits from a file, if there is one} */
  public Reading logits(Option<Path> file) {
    Map<String, Path> more = file.map(path -> grids.put("logits", path)).getOrElse(grids);
    return new Reading(columns, leftOut, wanted, more, dropIncomplete, memory);
  }

  /** {@return the same, with every column that one of the losses reads} */
  public Reading wanting(Seq<Loss> losses) {
    Seq<Node.Input> all =
        losses.flatMap(loss -> Inputs.withDefaults(loss).columns()).distinctBy(Node.Input::name);
    return new Reading(columns, leftOut, all, grids, dropIncomplete, memory);
  }

  /** {@return the same within so many bytes} */
  public Reading within(long bytes) {
    return new Reading(columns, leftOut, wanted, grids, dropIncomplete, bytes);
  }
}
