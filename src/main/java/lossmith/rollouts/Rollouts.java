package lossmith.rollouts;

import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.data.Samples;
import lossmith.rollouts.table.CellColumn;

/** Rollouts as they were read: what exists for an objective, and where it stood in the file. */
public final class Rollouts {
  private final Samples samples;
  private final int[] slots;
  private final Option<String> ungrouped;
  private final Seq<String> notes;
  private final Map<String, CellColumn> texts;

  /**
   * Rollouts that were read.
   *
   * @param samples the policy's tokens, the id of each response being its row in the file
   * @param slots for each token, its place in the lists of its row, from 0
   * @param ungrouped why responses are not grouped by prompt, if they are not
   * @param notes what was recognised, left out and counted, one sentence each
   * @param texts columns for readers, by their names in the file
   */
  public Rollouts(
      Samples samples,
      int[] slots,
      Option<String> ungrouped,
      Seq<String> notes,
      Map<String, CellColumn> texts) {
    this.texts = texts;
    this.samples = samples;
    this.slots = slots.clone();
    this.ungrouped = ungrouped;
    this.notes = notes;
  }

  /** {@return the policy's tokens; the id of each response is its row in the file, from 0} */
  public Samples samples() {
    return samples;
  }

  /** {@return for each token, its place in the lists of its row, from 0} */
  public int[] slots() {
    return slots.clone();
  }

  /**
   * {@return why responses are not grouped by prompt, if they are not; then each is a group of its
   * own, and a loss that compares the responses of a prompt means nothing}
   */
  public Option<String> ungrouped() {
    return ungrouped;
  }

  /** {@return what was recognised, left out and counted, one sentence each} */
  public Seq<String> notes() {
    return notes;
  }

  /** {@return the columns for readers that were asked for, by their names in the file} */
  public Map<String, CellColumn> texts() {
    return texts;
  }
}
