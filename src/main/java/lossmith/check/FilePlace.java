package lossmith.check;

import io.vavr.control.Option;

/**
 * A place in a file of rollouts.
 *
 * @param row the row, from 1
 * @param entry the entry in the lists of that row, from 1, if it is a place of a token
 */
public record FilePlace(long row, Option<Integer> entry) {
  @Override
  public String toString() {
    return "row " + row + entry.map(e -> ", entry " + e).getOrElse("");
  }
}
