package lossmith.rollouts.table;

import java.util.Arrays;

/**
 * Where the numbers of each row of a column begin among those of all its rows. As long as every row
 * has as many as the first, as the rows of rewards have, nothing is kept of a row.
 */
final class RowPlaces {
  /** 2 to this power are the rows of a block. */
  private static final int BLOCK = 8;

  /** How many numbers each row has, as long as all have the same. */
  private long each;

  /** Where the numbers of each row begin, from where its block begins; empty as long as they do. */
  private int[] offsets = {};

  /** Where the numbers of each block of rows begin. */
  private long[] blocks = {};

  /** {@return how many numbers there are before a row that was ended, or the first after those} */
  long start(int row) {
    return offsets.length == 0 ? row * each : blocks[row >> BLOCK] + offsets[row];
  }

  /** The rows are ended in their order: so many numbers there are with this one. */
  void end(int row, long numbers) {
    if (offsets.length == 0) {
      each = row == 0 ? numbers : each;
      if (numbers == (row + 1) * each) {
        return;
      }
      differ(row);
    }
    put(row + 1, numbers);
  }

  /** Keeps the places of rows that have as many numbers each, up to one that has not. */
  private void differ(int row) {
    offsets = new int[Math.max(64, row + row / 2)];
    for (int i = 0; i <= row; i++) {
      put(i, i * each);
    }
  }

  private void put(int row, long numbers) {
    int block = row >> BLOCK;
    if (block >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(block + 1, block + block / 2));
    }
    if ((row & ((1 << BLOCK) - 1)) == 0) {
      blocks[block] = numbers;
    }
    if (row >= offsets.length) {
      offsets = Arrays.copyOf(offsets, row + row / 2);
    }
    offsets[row] = Math.toIntExact(numbers - blocks[block]);
  }

  /** {@return whether so many rows begin at the same places as those of another column} */
  boolean same(RowPlaces other, int rows) {
    if (offsets.length == 0 || other.offsets.length == 0) {
      return offsets.length == other.offsets.length && each == other.each;
    }
    return Arrays.equals(offsets, 0, rows + 1, other.offsets, 0, rows + 1)
        && Arrays.equals(blocks, 0, (rows >> BLOCK) + 1, other.blocks, 0, (rows >> BLOCK) + 1);
  }
}
