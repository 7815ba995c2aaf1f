package lossmith.rollouts;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.data.Samples;
import lossmith.pieces.Pieces;
import lossmith.rollouts.table.CellColumn;
import lossmith.storage.MemoryBudget;

/** Rollouts as they were read: what exists for an objective, and where it stood in the file. */
public final class Rollouts {
  private final RolloutPieces pieces;
  private final MemoryBudget budget;
  private final Option<String> ungrouped;
  private final Option<String> unpaired;
  private final Seq<String> notes;
  private final Map<String, CellColumn> texts;

  /**
   * Rollouts that were read.
   *
   * @param pieces the policy's tokens, the id of each response being its row in the file
   * @param budget what is left of the memory for them
   * @param ungrouped why responses are not grouped by prompt, if they are not
   * @param unpaired why their signs are no pairs, if they are not
   * @param notes what was recognised, left out and counted, one sentence each
   * @param texts columns for readers, by their names in the file
   */
  Rollouts(
      RolloutPieces pieces,
      MemoryBudget budget,
      Option<String> ungrouped,
      Option<String> unpaired,
      Seq<String> notes,
      Map<String, CellColumn> texts) {
    this.pieces = pieces;
    this.budget = budget;
    this.texts = texts;
    this.ungrouped = ungrouped;
    this.unpaired = unpaired;
    this.notes = notes;
  }

  /**
   * {@return the policy's tokens in pieces of whole prompts, each of which fits into memory; the id
   * of each response is its row in the file, from 0}
   */
  public Pieces pieces() {
    return pieces;
  }

  /** {@return what is left of the memory for them} */
  public MemoryBudget budget() {
    return budget;
  }

  /** {@return for each token of a piece, its place in the lists of its row, from 0} */
  public int[] slots(int piece) {
    return pieces.slots(piece);
  }

  /** {@return for each response of a piece, how many entries the lists of its row have} */
  public int[] entries(int piece) {
    return pieces.entries(piece);
  }

  /**
   * {@return the policy's tokens, all in memory; the id of each response is its row in the file,
   * from 0}
   */
  public Samples samples() {
    return pieces.whole();
  }

  /** {@return the first responses, whole prompts of them, that have about so many tokens} */
  public Rollouts first(long tokens) {
    return new Rollouts(pieces.first(tokens), budget, ungrouped, unpaired, notes, texts);
  }

  /** {@return for each token, its place in the lists of its row, from 0} */
  public int[] slots() {
    return pieces.slots();
  }

  /**
   * {@return why responses are not grouped by prompt, if they are not; then each is a group of its
   * own, and a loss that compares the responses of a prompt means nothing}
   */
  public Option<String> ungrouped() {
    return ungrouped;
  }

  /**
   * {@return why the signs of the file are not those of pairs, if it has signs that are not; then
   * they are left out, and a loss that reads them cannot be scored}
   */
  public Option<String> unpaired() {
    return unpaired;
  }

  /** {@return what was recognised, left out and counted, one sentence each} */
  public Seq<String> notes() {
    return notes;
  }

  /** {@return the ids of the tokens of each row of the file, if it has them} */
  Option<CellColumn> ids() {
    return pieces.ids();
  }

  /** {@return the columns for readers that were asked for, by their names in the file} */
  public Map<String, CellColumn> texts() {
    return texts;
  }
}
