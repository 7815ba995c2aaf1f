package lossmith.rollouts.table;

import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.jspecify.annotations.Nullable;

/**
 * Lists in Arrow: the entries of all of them in a row, and where each begins and ends there.
 *
 * @param entries those of all lists
 * @param starts which entry is the first of a list
 * @param ends which entry follows the last of a list
 */
record ArrowLists(FieldVector entries, IntToLongFunction starts, IntToLongFunction ends) {
  /** {@return the lists in a vector; nothing if its values are no lists} */
  static @Nullable ArrowLists of(FieldVector vector) {
    if (vector instanceof BaseListVector lists) {
      return new ArrowLists(
          lists.getChildrenFromFields().get(0),
          lists::getElementStartIndex,
          lists::getElementEndIndex);
    }
    return vector instanceof LargeListVector lists
        ? new ArrowLists(
            lists.getDataVector(), lists::getElementStartIndex, lists::getElementEndIndex)
        : null;
  }

  int start(int list) {
    return Math.toIntExact(starts.applyAsLong(list));
  }

  /** {@return which entry follows the last of a list, an end that the entries have} */
  int end(int list) {
    int end = Math.toIntExact(ends.applyAsLong(list));
    return Objects.checkIndex(end, entries.getValueCount() + 1);
  }
}
